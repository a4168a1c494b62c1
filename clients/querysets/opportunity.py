from datetime import date, datetime, timedelta
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.choices import OPEN_STAGES, OpportunityStage
from clients.querysets.base import ArchivableQuerySet, ClientRowQuerySet, SearchableQuerySet


class OpportunityQuerySet(SearchableQuerySet, ArchivableQuerySet, ClientRowQuerySet):
    def open(self) -> Self:
        return self.filter(stage__in=OPEN_STAGES)

    def won(self) -> Self:
        return self.filter(stage=OpportunityStage.WON)

    def lost(self) -> Self:
        return self.filter(stage=OpportunityStage.LOST)

    def closing_before(self, day: date) -> Self:
        return self.open().filter(expected_close_on__lt=day)

    def overdue(self, on: date | None = None) -> Self:
        """Still open although the expected day has passed."""
        return self.closing_before(on or timezone.localdate())

    def on_board(self, now: datetime | None = None) -> Self:
        """Open, or closed within the last 30 days: what is worth a card."""
        return self.filter(Q(stage__in=OPEN_STAGES) | Q(closed_at__gte=(now or timezone.now()) - timedelta(days=30)))

    def for_list(self) -> Self:
        return self.select_related("client", "product", "owner").order_by("expected_close_on", "pk")


class StagePeriodQuerySet(ClientRowQuerySet):
    client_path = "opportunity__client"

    def current(self) -> QuerySet:
        return self.filter(until_at=None)
