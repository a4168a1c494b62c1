"""Reading a TOML table key by key, collecting what is wrong with it instead of stopping at the first."""

import codecs
import datetime
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from accounts.imports.errors import ImportStopped, did_you_mean


def as_text(value: Any) -> str:
    """A TOML value as a cell of a file would hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


class Problems:
    """What is wrong with one mapping file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        self.sentences.append(f"{self.name}: {sentence}.")

    def stop_if_any(self) -> None:
        if self.sentences:
            raise ImportStopped("\n".join(self.sentences))


class Table:
    """One table of the mapping. Every key is asked for by its type; ``done`` complains of those nobody asked for."""

    def __init__(self, data: dict[str, Any], problems: Problems, where: str = "") -> None:
        self.data = data
        self.problems = problems
        self.where = where
        self.seen: dict[str, None] = {}
        self.asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        self.asked[key] = None
        return key in self.data

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def complain(self, key: str, what: str) -> None:
        place = " ".join(part for part in (self.where, f"`{key}`" if key else "") if part)
        self.problems.add(f"{place} {what}".strip())

    def peek(self, key: str) -> Any:
        return self.data.get(key)

    def take(self, key: str) -> Any:
        if key in self:
            self.seen[key] = None
        return self.data.get(key)

    def done(self) -> None:
        for key in self.data:
            if key not in self.seen:
                self.complain(key, f"is not a key of this table. {did_you_mean(key, list(self.asked))}".rstrip("."))

    def text(self, key: str, *, required: bool = False, max_length: int = 0, strip: bool = True) -> str:
        value = self.take(key)
        if value is None and not required:
            return ""
        if value is None:
            self.complain(key, "is missing")
        elif not isinstance(value, str):
            self.complain(key, f"is {as_text(value)}; it takes a text in quotation marks")
        elif required and not value.strip():
            self.complain(key, "is empty")
        elif max_length and len(value) > max_length:
            self.complain(key, f"is longer than {max_length} characters")
        else:
            return value.strip() if strip else value
        return ""

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key)
        if value is None:
            return ()
        given = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in given) or not (given or may_be_empty):
            self.complain(key, "takes a text or a list of texts")
            return ()
        return tuple(as_text(each) for each in given)

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        text = self.text(key)
        if text and text not in choices:
            self.complain(key, f"is “{text}”; it takes one of {', '.join(choices)}")
            return ""
        return text

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if not isinstance(value, bool):
            self.complain(key, "takes true or false")
        return value is True

    def whole(self, key: str, *, least: int = 0) -> int:
        value = self.take(key)
        if value is None:
            return 0
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.complain(key, "takes a whole number")
            return 0
        return value

    def factor(self, key: str) -> Decimal:
        value = self.take(key)
        if value is None:
            return Decimal(1)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(0)
        if isinstance(value, bool) or not number.is_finite() or number == 0:
            self.complain(key, "takes a number other than zero")
            return Decimal(1)
        return number

    def zone(self, key: str) -> ZoneInfo | None:
        name = self.text(key)
        if name and name not in available_timezones():
            self.complain(key, f"is “{name}”, which is no time zone such as Asia/Riyadh")
            return None
        return ZoneInfo(name) if name else None

    def encoding(self, key: str) -> str:
        name = self.text(key)
        try:
            return codecs.lookup(name).name if name else ""
        except LookupError:
            self.complain(key, f"is “{name}”, which is no encoding such as utf-8, utf-16, cp1252 or cp1256")
            return ""

    def delimiter(self, key: str) -> str:
        sign = self.text(key, strip=False)
        if len(sign) > 1 or sign in {'"', "\n", "\r"}:
            self.complain(key, 'takes one character, such as ",", ";" or "\\t"')
            return ""
        return sign

    def table(self, key: str) -> "Table":
        value = self.take(key)
        where = f"{self.where} {key}".strip()
        if value is not None and not isinstance(value, dict):
            self.complain(key, "takes a table: { … }")
        return Table(value if isinstance(value, dict) else {}, self.problems, where)

    def tables(self, key: str) -> "list[Table]":
        value = self.take(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
            self.complain(key, f"takes tables, each under its own [[{key}]]")
            return []
        return [Table(each, self.problems, f"[[{key}]] {number}") for number, each in enumerate(value or [], start=1)]

    def mapping(self, key: str) -> dict[str, Any]:
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            self.complain(key, 'takes a table: { "word in the file" = "word of Rafiq" }')
        return value if isinstance(value, dict) else {}

    def rows(self, key: str) -> tuple[dict[str, str], ...] | None:
        """Rows written in the mapping itself. Columns that a row leaves out are empty in it."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            self.complain(key, "takes a list of rows: [ { … }, { … } ]")
            return ()
        columns = dict.fromkeys(column for row in value for column in row)
        return tuple({column: as_text(row.get(column, "")) for column in columns} for row in value)
