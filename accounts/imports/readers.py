"""Files, line by line. Whatever is wrong with a file as a whole is said before the first row is written.

A file is read twice: once to see that all of it can be decoded and that its header has the columns asked for, and
once for its rows. Neither pass holds more than one row in memory.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from accounts.imports.encodings import detect, find_undecodable
from accounts.imports.errors import ImportStopped, did_you_mean
from accounts.imports.mapping import LINE, ROW, FileMapping

MAX_LINE = 1_000_000
MAX_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(MAX_LINE)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: the cells that were asked for, or why it could not be read."""

    number: int
    cells: dict[str, str]
    why: str = ""


class InlineRows:
    """Rows written in the mapping itself; their "line" is their place in the list."""

    size = 0
    position = 0

    def __init__(self, mapping: FileMapping) -> None:
        self.name = mapping.name
        self.cells = mapping.rows

    def check(self, needed: Iterable[str]) -> None:
        _demand(needed, list(self.cells[0]), self.name, "the rows")

    def lines(self, needed: Iterable[str]) -> Iterator[Line]:
        for number, cells in enumerate(self.cells, start=1):
            yield Line(number, {**cells, LINE: str(number), ROW: fingerprint(cells.values())})


class CsvFile:
    """One CSV file of the directory."""

    def __init__(self, directory: Path, mapping: FileMapping) -> None:
        self.name = mapping.path
        self.path = directory / mapping.path
        self.mapping = mapping
        self.position = 0
        if PurePath(mapping.path).is_absolute() or ".." in PurePath(mapping.path).parts:
            raise ImportStopped(f"{mapping.path}: the path of a file must stay inside the directory.")
        if not self.path.is_file():
            there = sorted(str(each.relative_to(directory)) for each in directory.glob("*") if each.is_file())
            hint = did_you_mean(mapping.path, there) if there else "The directory is empty."
            raise ImportStopped(f"There is no file {mapping.path} in {directory}. {hint}")
        self.size = self.path.stat().st_size

    def check(self, needed: Iterable[str]) -> None:
        """Raise ``ImportStopped`` unless the whole file can be decoded and has the columns, each once."""
        try:
            self.encoding = self.mapping.encoding or detect(self.path)
            find_undecodable(self.path, self.encoding, self.name, max_line=MAX_LINE)
            with self._open() as stream:
                header, _ = self._header(stream)
        except PermissionError:
            raise ImportStopped(f"{self.name} may not be read by this user.") from None
        except csv.Error as error:
            raise ImportStopped(f"{self.name}: the header cannot be read ({error}).") from None
        if len(header) > MAX_COLUMNS:
            raise ImportStopped(f"{self.name} has {len(header):,} columns; at most {MAX_COLUMNS:,} can be read.")
        hint = "the header"
        if len(header) == 1 and any(sign in header[0] for sign in DELIMITERS):
            hint = "the header, which has a single column: declare the `delimiter`"
        _demand(needed, header, self.name, hint)

    def lines(self, needed: Iterable[str]) -> Iterator[Line]:
        with self._open() as stream:
            header, reader = self._header(stream)
            wanted = [(name, header.index(name)) for name in needed]
            offset = self.mapping.skip_lines
            while True:
                number = reader.line_num + offset + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    yield Line(number, {}, _unreadable(str(error), number, reader.line_num + offset))
                    continue
                if number % 256 == 0:
                    self.position = self._bytes.tell()
                if cells:
                    yield self._line(number, cells, header, wanted)
        self.position = self.size

    def _line(self, number: int, cells: list[str], header: list[str], wanted: list[tuple[str, int]]) -> Line:
        if len(cells) < len(header) or any(cells[len(header) :]):
            return Line(number, {}, f"has {len(cells)} values, but the header has {len(header)} columns")
        picked = {name: cells[index] for name, index in wanted}
        if any("\0" in cell for cell in picked.values()):
            return Line(number, {}, "holds a NUL character, which no text may hold")
        return Line(number, {**picked, LINE: str(number), ROW: fingerprint(cells)})

    def _open(self) -> io.TextIOWrapper:
        self._bytes = self.path.open("rb")
        return io.TextIOWrapper(self._bytes, encoding=self.encoding, newline="")

    def _header(self, stream: io.TextIOWrapper) -> tuple[list[str], Any]:
        """The column names, and a reader that stands before the first row."""
        for _ in range(self.mapping.skip_lines):
            stream.readline()
        first = stream.readline()
        delimiter = self.mapping.delimiter or sniff(first)
        reader = csv.reader(_again(first, stream), delimiter=delimiter, strict=True)
        if self.mapping.header:
            return list(self.mapping.header), reader
        header = [name.strip("\ufeff \t\xa0") for name in next(reader, [])]
        if not any(header):
            raise ImportStopped(f"{self.name} is empty: it has no header line.")
        return header, reader


def _again(first: str, stream: Iterable[str]) -> Iterator[str]:
    if first:
        yield first
    yield from stream


def sniff(header: str) -> str:
    """The delimiter that stands most often in the header, outside quotation marks."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def fingerprint(cells: Iterable[str]) -> str:
    """The same for the same row wherever it stands: an id for files that have none."""
    return hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _demand(needed: Iterable[str], header: list[str], name: str, place: str) -> None:
    missing = [column for column in needed if column not in header]
    if missing:
        raise ImportStopped(
            "\n".join(f"{name} has no column “{each}” in {place}. {did_you_mean(each, header)}" for each in missing)
        )
    for column in needed:
        if header.count(column) > 1:
            first = header.index(column)
            both = f"{first + 1} and {header.index(column, first + 1) + 1}"
            raise ImportStopped(f"{name} has two columns called “{column}” ({both}); give one of them another name.")


def _unreadable(error: str, first: int, last: int) -> str:
    lines = f" (lines {first} to {last})" if last > first else ""
    if "unexpected end of data" in error or "larger than field limit" in error:
        return f"opens a quotation mark that is never closed{lines}"
    if "expected after" in error:
        return f"has a quotation mark inside a quoted value; it must be doubled{lines}"
    return f"cannot be read as CSV: {error}{lines}"
