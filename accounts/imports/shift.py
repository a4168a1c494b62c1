"""The newest day of a data set, which ``shift_dates_to`` moves to a given day."""

import datetime

from accounts.imports.errors import Refused
from accounts.imports.fields import Day, Reading
from accounts.imports.mapping import FileMapping
from accounts.imports.readers import CsvFile, InlineRows
from accounts.imports.records import RecordReader
from accounts.imports.registry import importer_of


def newest_day(
    files: list[FileMapping], sources: "dict[int, CsvFile | InlineRows]", reading: Reading
) -> datetime.date | None:
    """The newest day on which something happened; days that are plans, such as a contract's end, do not count."""
    newest: datetime.date | None = None
    for file in files:
        importer = importer_of(file.entity)
        days = [
            (field, file.columns[field.name])
            for field in importer.fields
            if isinstance(field, Day) and not field.is_plan and file.columns.get(field.name)
        ]
        reader = RecordReader(file, importer, reading)
        own = Reading(reading.zone, reading.currency, file.formats)
        columns = [column for _, value in days for column in value.columns]
        if not columns:
            continue
        for line in sources[file.number].lines(file.needed_columns):
            if line.why or not reader.is_meant(line):
                continue
            for field, value in days:
                text = value.text(line.cells)
                try:
                    day = field.local(text, value, own).date() if text else None
                except Refused:
                    continue
                if day is not None and (newest is None or day > newest):
                    newest = day
    return newest
