"""What came of an import: counts per file, and a line for every row that was refused."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TextIO

from accounts.csv_safety import safe_cell
from accounts.imports.errors import ImportStopped, Refused
from accounts.imports.mapping import FileMapping

SHOWN = 20
LONGEST_VALUE = 200


@dataclass
class Tally:
    """One line of the summary."""

    entity: str
    name: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passed_over: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Refusal:
    file: str
    line: int
    column: str
    value: str
    why: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        if not self.column:
            return f"{place}: {self.why}."
        value = f"“{self.value}” " if self.value else ""
        return f"{place}, column “{self.column}”: {value}{self.why}."


@dataclass
class Report:
    """Counts and the first refusals are kept; all refusals go to the CSV file at ``path`` as they come."""

    path: Path | None = None
    tallies: dict[object, Tally] = field(default_factory=dict)
    shown: list[Refusal] = field(default_factory=list)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _stream: TextIO | None = None

    def __enter__(self) -> "Report":
        if self.path is not None:
            try:
                # With a byte order mark, so that spreadsheets read Arabic.
                self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            except OSError as error:
                raise ImportStopped(f"The report {self.path} cannot be written: {error.strerror}.") from None
            csv.writer(self._stream).writerow(["file", "line", "column", "value", "reason"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def tally(self, file: FileMapping) -> Tally:
        return self.tallies.setdefault(file.number, Tally(file.entity, file.name))

    def extra_tally(self, entity: str, name: str) -> Tally:
        """A line for rows that no single file accounts for, such as figures added up from all of them."""
        return self.tallies.setdefault((entity, name), Tally(entity, name))

    def refuse(self, file: FileMapping, line: int, refused: Refused) -> None:
        self.tally(file).refused += 1
        refusal = Refusal(file.name, line, refused.column, refused.value[:LONGEST_VALUE], refused.why)
        self.reasons[file.name, refused.column, refused.why] += 1
        if len(self.shown) < SHOWN:
            self.shown.append(refusal)
        if self._stream is not None:
            cells = [refusal.file, str(refusal.line), refusal.column, refusal.value, refusal.why]
            csv.writer(self._stream).writerow([safe_cell(cell) for cell in cells])

    @property
    def refused(self) -> int:
        return sum(tally.refused for tally in self.tallies.values())

    @property
    def written(self) -> int:
        return sum(tally.added + tally.changed for tally in self.tallies.values())
