"""One import into one organization: what every part of it needs to know."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.imports.fields import Reading
from accounts.imports.links import Resolver
from accounts.imports.mapping import Mapping
from accounts.imports.report import Report
from accounts.models import Organization
from accounts.tenancy.context import tenant

BATCH = 500


class Run:
    """``touched`` remembers, by entity, whose derived figures must be looked at again; ``notes`` are the importers'."""

    def __init__(self, organization: Organization, mapping: Mapping, reading: Reading, report: Report) -> None:
        self.organization = organization
        self.mapping = mapping
        self.reading = reading
        self.report = report
        self.now = datetime.datetime.now(tz=reading.zone)
        self.today = self.now.date()
        self.resolver = Resolver()
        self.touched: dict[str, set[UUID]] = {}
        self.notes: dict[str, Any] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction of the organization's. Two imports into one organization wait for each other in here."""
        with tenant(self.organization.pk):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{self.organization.pk}"]
                )
            yield

    def touch(self, entity: str, ids: Iterable[UUID | None]) -> None:
        self.touched.setdefault(entity, set()).update(each for each in ids if each is not None)


def in_batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
