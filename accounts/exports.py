"""CSV files, streamed row by row, that a spreadsheet opens in any script and runs nothing from."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from accounts.csv_safety import safe_cell

#: Tells spreadsheets that the file is UTF-8, without which Arabic turns into noise.
MARK = "\ufeff"


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(header: list[Any], rows: Iterable[list[Any]]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield MARK + writer.writerow([str(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def stream_csv(filename: str, header: list[Any], rows: Iterable[list[Any]]) -> StreamingHttpResponse:
    """A download whose rows are read while it is sent; the middleware keeps the organization open for them."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
