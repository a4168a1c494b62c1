"""Pages of a list by position, not by number: page 10,000 costs what page 1 costs, and nothing is shown twice.

A cursor remembers the ordering values of a page's last (or first) row; the next page is what lies beyond them. Every
ordering ends in the key, so rows with equal values have a fixed order; nulls come last in both directions.

A plain index (organization, column, id) serves a list upwards and downwards. For that, where the leading column has
nulls, the rows with a value and those without are read one after the other: ``NULLS LAST`` downwards and an
``OR … IS NULL`` would both leave the index. Cursors are signed, so a made-up one is refused before it is used.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, F, Field, Func, Q, QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.tenancy.kept import Kept, Slot


class InvalidCursor(ValueError):
    """The cursor was not made by us, or for another ordering."""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class Column:
    """One column of an ordering."""

    lookup: str
    is_descending: bool
    is_nullable: bool
    field: Field

    @property
    def term(self) -> str:
        return f"-{self.lookup}" if self.is_descending else self.lookup

    def order(self, *, backward: bool) -> Any:
        # Said only where nulls are possible: for NULLS LAST a plain index is no use, not even on a NOT NULL column.
        nulls = {"nulls_first" if backward else "nulls_last": True} if self.is_nullable else {}
        column = F(self.lookup)
        return column.desc(**nulls) if self.is_descending != backward else column.asc(**nulls)

    def operator(self, *, backward: bool) -> str:
        return "lt" if self.is_descending != backward else "gt"

    def beyond(self, value: Any, *, backward: bool) -> Q | None:
        """Rows that come after ``value`` in this column alone; None when nothing can."""
        if value is None:
            return Q((f"{self.lookup}__isnull", False)) if backward else None
        condition = Q((f"{self.lookup}__{self.operator(backward=backward)}", value))
        if self.is_nullable and not backward:
            condition |= Q((f"{self.lookup}__isnull", True))
        return condition

    def equal(self, value: Any) -> Q:
        return Q((f"{self.lookup}__isnull", True)) if value is None else Q((self.lookup, value))


class RowComparison(Func):
    """``(a, b) > (x, y)``: the one form of the condition that a multi-column index answers in a single step."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, operator: str = "gt") -> None:
        super().__init__(*expressions)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in part) for part in (compiled[:half], compiled[half:]))
        sign = ">" if self.operator == "gt" else "<"
        return f"({left}) {sign} ({right})", [value for _, values in compiled for value in values]


def paginate(
    queryset: QuerySet[Any], *, ordering: Sequence[str], cursor: str | None = None, page_size: int = 50
) -> Page:
    """One page of ``queryset`` (instances, ``values()`` or ``values_list()`` rows), in ``ordering``.

    ``ordering`` holds field paths and annotations, ``-`` for downwards. ``values_list()`` rows may come back longer
    than asked: columns that the cursor needs are added at the end. Raises ``InvalidCursor``.
    """
    return Listing(queryset, ordering).page(cursor, page_size)


class Listing:
    """A queryset in an ordering, and how to read a position in it from a row."""

    def __init__(self, queryset: QuerySet[Any], ordering: Sequence[str]) -> None:
        self.columns = _columns(queryset, ordering)
        self.queryset, self.read = _readable(queryset, self.columns)

    def page(self, cursor: str | None, page_size: int, values: Mapping[str, Any] | None = None) -> Page:
        backward, position = _decode(cursor, self.columns) if cursor else (False, None)
        rows = self.fetch(position, backward=backward, limit=page_size + 1, values=values or {})
        if backward and not rows:
            return self.page(None, page_size, values)
        has_more = len(rows) > page_size
        rows = rows[:page_size]
        if backward:
            rows.reverse()
        first, last = (self.read(rows[0]), self.read(rows[-1])) if rows else (position, position)
        is_next = rows and last and (backward or has_more)
        is_previous = first is not None and (has_more if backward else position is not None)
        return Page(
            rows=rows,
            next_cursor=_encode(self.columns, last or [], backward=False) if is_next else None,
            previous_cursor=_encode(self.columns, first or [], backward=True) if is_previous else None,
        )

    def segments(self, position: list[Any] | None, *, backward: bool, limit: int) -> Iterator[QuerySet[Any]]:
        """What is beyond the position, in order of reading; together they may hold more than ``limit``."""
        head, *others = self.columns
        # Inside a segment the leading column is null everywhere or nowhere.
        terms = [replace(head, is_nullable=False), *others]
        ordered = self.queryset.order_by(*(column.order(backward=backward) for column in terms))
        for condition in _segments(self.columns, position, backward=backward):
            yield ordered.filter(condition)[:limit]

    def fetch(self, position: list[Any] | None, *, backward: bool, limit: int, values: Mapping[str, Any]) -> list[Any]:
        rows: list[Any] = []
        for segment in self.segments(position, backward=backward, limit=limit):
            rows += segment[: limit - len(rows)]
            if len(rows) == limit:
                break
        return rows


class KeptListing(Listing):
    """A listing whose statements are compiled once: for the first page, and for pages from a position.

    ``slots`` are values in the queryset that each page brings anew (see ``Kept``), as ``values`` of ``page()``.
    """

    def __init__(self, queryset: QuerySet[Any], ordering: Sequence[str], slots: Mapping[str, Any]) -> None:
        super().__init__(queryset, ordering)
        self.slots = slots
        self.statements: dict[Any, list[Kept]] = {}

    def fetch(self, position: list[Any] | None, *, backward: bool, limit: int, values: Mapping[str, Any]) -> list[Any]:
        shape = (backward, limit, position and tuple(value is None for value in position))
        statements = self.statements.get(shape)
        if statements is None:
            places = position and [
                None if value is None else Slot(f"position {number}", column.field)
                for number, (column, value) in enumerate(zip(self.columns, position, strict=True))
            ]
            segments = self.segments(places or None, backward=backward, limit=limit)
            statements = self.statements[shape] = [Kept(segment, self.slots) for segment in segments]
        at = {f"position {number}": value for number, value in enumerate(position or ())}
        rows: list[Any] = []
        for statement in statements:
            rows += statement.run(**values, **at)
            if len(rows) >= limit:
                break
        return rows[:limit]


def _columns(queryset: QuerySet[Any], ordering: Sequence[str]) -> list[Column]:
    key = queryset.model._meta.pk.name
    columns: list[Column] = []
    for term in ordering:
        column = _column(queryset, term)
        columns.append(column)
        if column.lookup == key:
            return columns
    # The key follows the last column's direction, so that one index serves the list both ways.
    is_descending = columns[-1].is_descending if columns else False
    return [*columns, _column(queryset, f"-{key}" if is_descending else key)]


def _column(queryset: QuerySet[Any], term: str) -> Column:
    lookup = term.removeprefix("-")
    is_descending = term.startswith("-")
    annotation = queryset.query.annotations.get(lookup)
    if annotation is not None:
        return Column(lookup, is_descending, True, annotation.output_field)
    model, is_nullable, field = queryset.model, False, None
    if lookup == "pk":
        lookup = model._meta.pk.name
    for part in lookup.split("__"):
        if model is None:
            raise FieldDoesNotExist(lookup)
        field = model._meta.get_field(part)
        is_nullable = is_nullable or field.null
        model = field.related_model
    assert field is not None
    return Column(lookup, is_descending, is_nullable, getattr(field, "target_field", field))


def _readable(queryset: Any, columns: list[Column]) -> tuple[Any, Callable[[Any], list[Any]]]:
    """The queryset with every ordering column among what it fetches, and how to read them from a row."""
    lookups = [column.lookup for column in columns]
    iterable = queryset._iterable_class
    if issubclass(iterable, ModelIterable):
        paths = {lookup: f"keyset_{lookup}" for lookup in lookups if "__" in lookup}
        queryset = queryset.annotate(**{name: F(lookup) for lookup, name in paths.items()})
        return queryset, lambda row: [getattr(row, paths.get(lookup, lookup)) for lookup in lookups]
    if issubclass(iterable, FlatValuesListIterable):
        raise ValueError("A flat list has no room for the ordering columns; use values_list() without flat.")
    fields = list(queryset._fields)
    missing = [lookup for lookup in lookups if lookup not in fields] if fields else []
    if issubclass(iterable, ValuesIterable):
        queryset = queryset.values(*fields, *missing) if missing else queryset
        return queryset, lambda row: [row[lookup] for lookup in lookups]
    names = [*fields, *missing]
    places = [names.index(lookup) for lookup in lookups]
    return queryset.values_list(*names), lambda row: [row[place] for place in places]


def _segments(columns: list[Column], position: list[Any] | None, *, backward: bool) -> list[Any]:
    """The conditions, in order of reading, that together mean "beyond this position"."""
    head = columns[0]
    nulls = Q((f"{head.lookup}__isnull", True))
    if position is None:
        return [~nulls, nulls] if head.is_nullable else [Q()]
    if position[0] is None:
        rest = nulls & _beyond(columns[1:], position[1:], backward=backward)
        return [rest, ~nulls] if backward else [rest]
    within = _within([replace(head, is_nullable=False), *columns[1:]], position, backward=backward)
    return [within, nulls] if head.is_nullable and not backward else [within]


def _within(columns: list[Column], position: list[Any], *, backward: bool) -> Any:
    head = columns[0]
    operator = head.operator(backward=backward)
    if all(column.is_descending == head.is_descending and not column.is_nullable for column in columns):
        values = [
            value if isinstance(value, Slot) else Value(value, output_field=column.field)
            for column, value in zip(columns, position, strict=True)
        ]
        return RowComparison(*(F(column.lookup) for column in columns), *values, operator=operator)
    return Q((f"{head.lookup}__{operator}e", position[0])) & _beyond(columns, position, backward=backward)


def _beyond(columns: list[Column], position: list[Any], *, backward: bool) -> Q:
    condition, same = Q(), Q()
    for column, value in zip(columns, position, strict=True):
        step = column.beyond(value, backward=backward)
        if step is not None:
            condition |= same & step
        same &= column.equal(value)
    return condition


def _encode(columns: list[Column], position: list[Any], *, backward: bool) -> str:
    payload = [int(backward), [column.term for column in columns], position]
    body = json.dumps(payload, default=_plain, separators=(",", ":"), ensure_ascii=False).encode()
    return _base64(body) + "." + _base64(_signature(body))


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _decode(cursor: str, columns: list[Column]) -> tuple[bool, list[Any]]:
    body, _, signature = cursor.partition(".")
    try:
        raw = _unbase64(body)
        if not constant_time_compare(_unbase64(signature), _signature(raw)):
            raise InvalidCursor
        backward, terms, values = json.loads(raw)
        if terms != [column.term for column in columns]:
            raise InvalidCursor
        return bool(backward), [
            None if value is None else column.field.to_python(value)
            for column, value in zip(columns, values, strict=True)
        ]
    except (ValueError, TypeError, binascii.Error, ValidationError) as error:
        raise InvalidCursor from error


def _signature(body: bytes) -> bytes:
    return salted_hmac("accounts.keyset", body, algorithm="sha256").digest()[:12]


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _unbase64(value: str) -> bytes:
    return base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4))
