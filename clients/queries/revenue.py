"""MRR of a set of clients."""

from datetime import date

from django.db.models import Sum
from django.utils import timezone

from clients.models import ContractLine
from clients.querysets import ClientQuerySet


def mrr_by_currency(clients: ClientQuerySet, on: date | None = None) -> dict[str, int]:
    """Straight from the running lines of a day, each currency on its own; currencies are never added.

    For today's figure in lists and totals, the stored ``Client.mrr_minor`` is cheaper.
    """
    lines = ContractLine.objects.running(on or timezone.localdate()).filter(contract__archived_at=None)
    rows = lines.filter(client__in=clients.order_by().values("pk")).values_list("contract__currency")
    return {currency: int(minor) for currency, minor in rows.annotate(minor=Sum("mrr_minor")).order_by()}
