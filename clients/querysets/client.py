from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from clients.querysets.base import ArchivableQuerySet, SearchableQuerySet, seen_clients
from clients.risk import at_risk_q

if TYPE_CHECKING:
    from accounts.models import Membership

# What a row of a client list shows; notes and the rest stay in the database.
LIST_COLUMNS = (
    "organization",
    "version",
    "name",
    "name_other",
    "tier",
    "tier_rank",
    "segment",
    "industry",
    "country",
    "since",
    "lifecycle",
    "currency",
    "mrr_minor",
    "next_renewal_on",
    "notice_on",
    "last_contact_at",
    "last_nps",
    "last_nps_on",
    "last_csat",
    "last_csat_on",
    "critical_concerns",
    "search_text",
    "created_at",
    "archived_at",
    "main_manager__name",
)


class ClientQuerySet(SearchableQuerySet, ArchivableQuerySet):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(seen_clients(member))

    def for_list(self) -> Self:
        return self.select_related("main_manager").only(*LIST_COLUMNS).order_by("search_text", "pk")

    def unassigned(self) -> Self:
        """Without a main manager: the leads' "to assign" list."""
        return self.filter(main_manager=None)

    def at_risk(self, now: datetime | None = None) -> Self:
        return self.filter(at_risk_q(now or timezone.now()))

    def silent_for(self, days: int, now: datetime | None = None) -> Self:
        """No two-way contact for ``days`` days, or never any."""
        since = (now or timezone.now()) - timedelta(days=days)
        return self.filter(Q(last_contact_at__lt=since) | Q(last_contact_at=None))

    def renewal_within(self, days: int, on: date | None = None) -> Self:
        on = on or timezone.localdate()
        return self.filter(next_renewal_on__gte=on, next_renewal_on__lte=on + timedelta(days=days))

    def with_product(self, product: Any, on: date | None = None) -> Self:
        """A line with the product is running."""
        lines = apps.get_model("clients", "ContractLine").objects.running(on or timezone.localdate())
        return self.filter(pk__in=lines.filter(product=product).values("client_id"))

    def tagged(self, tag: Any) -> Self:
        return self.filter(pk__in=apps.get_model("clients", "ClientTag").objects.filter(tag=tag).values("client_id"))

    def of_manager(self, manager: Any) -> Self:
        """On whose account team the manager is, in any role."""
        assignments = apps.get_model("clients", "Assignment").objects.current()
        return self.filter(pk__in=assignments.filter(manager=manager).values("client_id"))
