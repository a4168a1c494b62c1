from datetime import date, timedelta
from typing import Self

from django.db.models import Q
from django.utils import timezone

from clients.querysets.base import ArchivableQuerySet, ClientRowQuerySet, OpenQuerySet, SearchableQuerySet


class ProductQuerySet(SearchableQuerySet, ArchivableQuerySet, OpenQuerySet):
    def for_list(self) -> Self:
        return self.order_by("search_text", "pk")


class ContractQuerySet(SearchableQuerySet, ArchivableQuerySet, ClientRowQuerySet):
    def ending_within(self, days: int, on: date | None = None) -> Self:
        on = on or timezone.localdate()
        return self.filter(ends_on__gt=on, ends_on__lte=on + timedelta(days=days))

    def for_list(self) -> Self:
        return self.select_related("client").order_by("-starts_on", "-pk")


class ContractLineQuerySet(ArchivableQuerySet, ClientRowQuerySet):
    def running(self, on: date | None = None) -> Self:
        """Lines that count on a day; on the day it ends a line no longer does."""
        on = on or timezone.localdate()
        return self.current().filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)

    def for_list(self) -> Self:
        return self.select_related("contract", "product").order_by("starts_on", "pk")
