"""The mapping file: what the operator wrote, as typed values. Nothing here knows an entity or opens a data file."""

import datetime
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from accounts.csv_safety import bare_cell
from accounts.imports.errors import ImportStopped
from accounts.imports.tables import Problems, Table, as_text

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
LINE = "@line"
ROW = "@row"
"""What a template may name beside columns: the number of the line, and a fingerprint of the whole row."""


@dataclass(frozen=True)
class Formats:
    """How dates, yes and no, and numbers are written."""

    dates: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    decimal: str = ""


@dataclass(frozen=True)
class Value:
    """Where a text comes from (a column, a template of columns, or always the same) and how it is read."""

    column: str = ""
    template: str = ""
    const: str | None = None
    default: str = ""
    translate: Dict[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    formats: Formats | None = None
    currency: str = ""
    unit: str = "major"
    multiply_by: Decimal = Decimal(1)
    divide_by: Decimal = Decimal(1)
    add_days: int = 0
    separator: str = ","
    entity: str = ""
    source: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that this value needs."""
        if self.column:
            return (self.column,)
        return tuple(name for name in _PLACEHOLDER.findall(self.template) if name not in {LINE, ROW})

    @property
    def is_computed(self) -> bool:
        return self.multiply_by != 1 or self.divide_by != 1

    @property
    def label(self) -> str:
        return self.column or self.template or "(constant)"

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {known.casefold(): text for known, text in self.translate.items()}

    def text(self, row: Dict[str, str]) -> str:
        """The row's text: taken, translated, and replaced by the default when there is none."""
        if self.const is not None:
            return self.const
        if self.column:
            text = bare_cell(row[self.column].strip())
        else:
            text = _PLACEHOLDER.sub(lambda found: bare_cell(row[found[1]].strip()), self.template).strip()
        if text and self.translate:
            text = self._folded.get(text.casefold(), text if self.otherwise is None else self.otherwise)
        return text or self.default


@dataclass(frozen=True)
class Condition:
    """Which rows of a file are meant, by one column."""

    column: str
    values: tuple[str, ...] = ()
    is_negated: bool = False

    def holds(self, row: Dict[str, str]) -> bool:
        return (row[self.column].strip() in self.values) is not self.is_negated


@dataclass(frozen=True)
class FileMapping:
    """One ``[[file]]``: one entity out of one file. Two entities of one file are two of these."""

    number: int
    entity: str
    path: str = ""
    rows: tuple[Dict[str, str], ...] = ()
    id: Value | None = None
    source: str = ""
    columns: Dict[str, Value] = field(default_factory=dict)
    links: Dict[str, Value] = field(default_factory=dict)
    where: tuple[Condition, ...] = ()
    repeated: str = "refuse"
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    skip_lines: int = 0
    formats: Formats = field(default_factory=Formats)
    options: Dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path or f"rows of [[file]] {self.number}"

    @property
    def values(self) -> Iterator[Value]:
        yield from self.columns.values()
        yield from self.links.values()
        if self.id is not None:
            yield self.id

    @property
    def needed_columns(self) -> tuple[str, ...]:
        named = [column for value in self.values for column in value.columns]
        return tuple(dict.fromkeys([*named, *(condition.column for condition in self.where)]))


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    source: str
    title: str
    files: tuple[FileMapping, ...]
    currency: str = ""
    zone: ZoneInfo | None = None
    shift_dates_to: str = ""


def load(path: Path) -> Mapping:
    """Read a mapping file, or raise ``ImportStopped`` with every problem of it in a sentence each."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ImportStopped(f"There is no mapping file {path}.") from None
    except IsADirectoryError:
        raise ImportStopped(f"{path} is a folder; name the mapping file in it.") from None
    except PermissionError:
        raise ImportStopped(f"{path} may not be read by this user.") from None
    except UnicodeDecodeError as error:
        raise ImportStopped(f"{path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ImportStopped(f"{path} is not valid TOML: {error}.") from None
    return parse(data, str(path))


def parse(data: dict[str, Any], name: str) -> Mapping:
    problems = Problems(name)
    table = Table(data, problems)
    source = table.text("source", required=True, max_length=60)
    formats = _formats(table.table("formats"), Formats())
    currency = table.text("currency").upper()
    zone = table.zone("time_zone")
    shift = table.text("shift_dates_to")
    if shift and shift != "today" and not _is_day(shift):
        table.complain("shift_dates_to", f'is “{shift}”; it takes "today" or a day such as "2025-06-30"')
    encoding, delimiter = table.encoding("encoding"), table.delimiter("delimiter")
    files = []
    for number, each in enumerate(table.tables("file"), start=1):
        files.append(_file(each, number, source, formats, encoding, delimiter))
    if not files:
        problems.add("has no [[file]] table: it says nothing to import")
    title = table.text("title") or source
    table.done()
    problems.stop_if_any()
    return Mapping(source, title, tuple(files), currency, zone, shift)


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _formats(table: Table, outer: Formats) -> Formats:
    dates, true, false = table.texts("dates"), table.texts("true"), table.texts("false")
    decimal = table.choice("decimal", (".", ","))
    table.done()
    return Formats(dates or outer.dates, true or outer.true, false or outer.false, decimal or outer.decimal)


def _file(table: Table, number: int, source: str, formats: Formats, encoding: str, delimiter: str) -> FileMapping:
    path = table.text("path")
    table.where = f"[[file]] {number}" + (f" ({path})" if path else "")
    rows = table.rows("rows")
    if bool(path) == (rows is not None):
        table.complain("", "needs either `path` (a file in the directory) or `rows` (the rows themselves)")
    mapping = FileMapping(
        number=number,
        path=path,
        rows=rows or (),
        entity=table.text("entity", required=True),
        id=_value(table, "id"),
        source=table.text("source", max_length=60) or source,
        columns=_values(table.table("columns")),
        links=_values(table.table("link")),
        where=_conditions(table.table("where")),
        repeated=table.choice("repeated", ("refuse", "first")) or "refuse",
        encoding=table.encoding("encoding") or encoding,
        delimiter=table.delimiter("delimiter") or delimiter,
        header=table.texts("header"),
        skip_lines=table.whole("skip_lines"),
        formats=_formats(table.table("formats"), formats),
        options={key: table.take(key) for key in ("assign", "assign_to", "aggregate") if key in table},
    )
    table.done()
    return mapping


def _values(table: Table) -> dict[str, Value]:
    found = {key: _value(table, key) for key in list(table)}
    return {key: value for key, value in found.items() if value is not None}


def _value(table: Table, key: str) -> Value | None:
    """A column's name, or a table that says more."""
    if key not in table:
        return None
    if isinstance(table.peek(key), str):
        return Value(column=table.text(key, required=True))
    inner = table.table(key)
    const = inner.take("const") if "const" in inner else None
    value = Value(
        column=inner.text("column"),
        template=inner.text("template"),
        const=None if const is None else as_text(const),
        default=as_text(inner.take("default")) if "default" in inner else "",
        translate={known: as_text(text) for known, text in inner.mapping("translate").items()},
        otherwise=as_text(inner.take("otherwise")) if "otherwise" in inner else None,
        formats=_value_formats(inner),
        currency=inner.text("currency").upper(),
        unit=inner.choice("unit", ("major", "minor")) or "major",
        multiply_by=inner.factor("multiply_by"),
        divide_by=inner.factor("divide_by"),
        add_days=inner.whole("add_days", least=-366),
        separator=inner.text("separator", strip=False) or ",",
        entity=inner.text("entity"),
        source=inner.text("source", max_length=60),
    )
    given = [name for name in ("column", "template", "const") if name in inner.seen]
    if len(given) != 1:
        inner.complain("", "needs exactly one of `column`, `template` and `const`")
    inner.done()
    return value


def _value_formats(table: Table) -> Formats | None:
    formats = Formats(
        table.texts("format"), table.texts("true"), table.texts("false"), table.choice("decimal", (".", ","))
    )
    return None if formats == Formats() else formats


def _conditions(table: Table) -> tuple[Condition, ...]:
    """``column = "x"``, ``["x", "y"]``, ``{not = …}``, ``{empty = true}`` or ``{not_empty = true}``."""
    found = []
    for column in list(table):
        if not isinstance(table.peek(column), dict):
            found.append(Condition(column, table.texts(column, may_be_empty=True)))
            continue
        inner = table.table(column)
        if "not" in inner:
            found.append(Condition(column, inner.texts("not", may_be_empty=True), is_negated=True))
        elif "empty" in inner or "not_empty" in inner:
            key = "empty" if "empty" in inner else "not_empty"
            is_so = inner.flag(key)
            found.append(Condition(column, ("",), is_negated=(key == "not_empty") is is_so))
        else:
            inner.complain("", "needs `not`, `empty` or `not_empty`")
        inner.done()
    return tuple(found)
