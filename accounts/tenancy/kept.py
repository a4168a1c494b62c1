"""Statements that are built and compiled once and then run with other values: what each request asks anew.

Django puts a statement together for every run, which takes longer than PostgreSQL needs to answer it. ``Kept`` does it
once; the organization and every slot are filled in at each run, so nothing of one tenant is left in it. Values that are
not slots stay as they were when it was built: they belong into its key. A day or a moment among them is refused: the
statement would go on asking about yesterday.
"""

import copy
import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Field, QuerySet, Value, prefetch_related_objects

from accounts.tenancy.context import current_organization_id, required_organization_id

#: So many statements are kept; those that nobody asked for longest go first.
MOST = 1000
Made = TypeVar("Made")


@dataclass(frozen=True)
class Place:
    """Where a run's value goes: the name of a slot."""

    name: str


ORGANIZATION = Place("organization")


class Slot(Value):
    """A value that each run brings: ``filter(due_on__lte=Slot("today", DateField()))``."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(Place(name), output_field=field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self.value]


class NotKept(ValueError):
    """The queryset holds a value that will be another one at the next run."""


class Kept:
    """A queryset that is compiled. ``run(today=…)`` gives what iterating over it would, in a list.

    ``slots`` makes slots of values that stand in the queryset already: wherever this very object is, ``run`` puts the
    value of that name. An equal object is somebody else's choice and stays.
    """

    def __init__(self, queryset: QuerySet[Any], slots: Mapping[str, Any] | None = None) -> None:
        places = {id(value): Place(name) for name, value in (slots or {}).items()}
        # The expression of the tenant puts the key in that the context holds.
        places[id(current_organization_id())] = ORGANIZATION
        self.queryset = queryset
        self.prefetched: tuple[Any, ...] = vars(queryset)["_prefetch_related_lookups"]
        self.compiler: Any = queryset.query.get_compiler(using=queryset.db)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, params = "", ()
        self.params = [places.get(id(value), value) for value in params]
        missing = set(slots or ()) - {value.name for value in self.params if isinstance(value, Place)}
        if self.sql and missing:
            raise NotKept(f"These slots are nowhere in the statement: {', '.join(sorted(missing))}.")
        if self.sql:
            converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
            self.compiler.get_converters = lambda expressions: converters
        if any(isinstance(value, (datetime.date, datetime.time)) for value in self.params):
            raise NotKept(f"A day or a moment would stay as it is now; make it a slot: {self.sql}")

    def run(self, **values: Any) -> list[Any]:
        if not self.sql:
            return []
        if ORGANIZATION in self.params:
            values["organization"] = required_organization_id()
        bound = [values[value.name] if isinstance(value, Place) else value for value in self.params]
        iterable: Any = self.queryset._iterable_class
        rows = list(iterable(_Run(self, bound)))
        if self.prefetched:
            prefetch_related_objects(rows, *self.prefetched)
        return rows

    @classmethod
    def rows(cls, key: Hashable, build: Callable[[], QuerySet[Any]], **slots: Any) -> list[Any]:
        """The rows of ``build()``, which is asked once for each key.

        It names days and moments that are at hand; given as slots as well, the very same objects, they are the run's.
        """
        return kept(key, lambda: cls(build(), slots)).run(**slots)

    def first(self, **values: Any) -> Any:
        return next(iter(self.run(**values)), None)


class _Run:
    """Stands in for the queryset and its query in one run: what asks for a compiler gets the ready one."""

    def __init__(self, kept: Kept, params: Sequence[Any]) -> None:
        self.kept, self.params = kept, params
        self.query = self

    def __getattr__(self, name: str) -> Any:
        # What an iterable asks: the queryset's own things first, then those of its query.
        queryset = self.kept.queryset
        return getattr(queryset if hasattr(queryset, name) else self.kept.compiler.query, name)

    def get_compiler(self, using: str, **options: Any) -> Any:
        compiler = copy.copy(self.kept.compiler)
        compiler.connection = connections[using]
        compiler.execute_sql = self.execute
        return compiler

    def execute(self, *args: Any, **options: Any) -> list[Any]:
        with connections[self.kept.queryset.db].prepared_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(self.kept.sql, self.params)
            return [cursor.fetchall()]


_made: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def kept(key: Hashable, make: Callable[[], Made]) -> Made:
    """What ``make()`` made the first time that this key was asked for: a ``Kept``, or several."""
    with _lock:
        if key in _made:
            _made.move_to_end(key)
            found: Made = _made[key]
            return found
    made = make()
    with _lock:
        _made[key] = made
        while len(_made) > MOST:
            _made.popitem(last=False)
    return made


def forget() -> None:
    """Make all of them anew, for tests that change how statements are put together."""
    with _lock:
        _made.clear()
