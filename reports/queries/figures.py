"""Portfolio figures: what a member's clients add up to. Currencies are never added to each other."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, F, IntegerField, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Membership
from accounts.sight import sight_of
from accounts.tenancy.kept import Kept
from clients import risk
from clients.models import Client, ContractLine, Opportunity

RENEWAL_WINDOW = 90


class Median(Aggregate):
    """The lower median, as one of the values: PERCENTILE_DISC."""

    template = "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Figures:
    """Counts of clients, and MRR in minor units of ``currency``; ``others`` are further (currency, MRR) pairs."""

    clients: int
    at_risk: int
    renewing: int
    renewing_minor: int
    unassigned: int
    mrr_minor: int
    currency: str
    others: tuple[tuple[str, int], ...]
    median_minor: int


def running_clients(member: Membership) -> QuerySet:
    """Visible clients that are neither archived nor lost."""
    return Client.objects.visible_to(member).filter(archived_at=None).exclude(lifecycle="churned")


def portfolio_figures(member: Membership, *, currency: str, now: datetime.datetime | None = None) -> Figures:
    """One statement, a row per currency. The organization's ``currency`` leads when it is among them.

    A client without a currency of its own counts in the organization's.
    """
    now = now or timezone.now()
    today, long_ago = timezone.localdate(now), now - risk.SILENCE
    until, long_ago_day = today + datetime.timedelta(days=RENEWAL_WINDOW), long_ago.date()

    def by_currencies() -> QuerySet:
        soon = Q(next_renewal_on__range=(today, until))
        return (
            running_clients(member)
            .values("currency")
            .annotate(
                clients=Count("id"),
                at_risk=Count("id", filter=risk.silent_or_worse_q(long_ago, long_ago_day)),
                renewing=Count("id", filter=soon),
                renewing_minor=Sum("mrr_minor", filter=soon, default=0),
                unassigned=Count("id", filter=Q(main_manager=None)),
                mrr=Sum("mrr_minor", default=0),
                median=Median(F("mrr_minor"), filter=Q(mrr_minor__gt=0)),
            )
            .order_by("-mrr")
        )

    rows = Kept.rows(
        ("portfolio figures", sight_of(member)),
        by_currencies,
        today=today, until=until, long_ago=long_ago, long_ago_day=long_ago_day,
    )  # fmt: skip
    by_currency: dict[str, list[Any]] = {}
    for row in rows:
        by_currency.setdefault(row["currency"] or currency, []).append(row)
    main = currency if currency in by_currency or not by_currency else next(iter(by_currency))
    own = by_currency.get(main, [])

    def total(name: str, among: list[Any]) -> int:
        return sum(row[name] or 0 for row in among)

    return Figures(
        clients=total("clients", rows),
        at_risk=total("at_risk", rows),
        renewing=total("renewing", rows),
        renewing_minor=total("renewing_minor", own),
        unassigned=total("unassigned", rows),
        mrr_minor=total("mrr", own),
        currency=main,
        others=tuple((key, total("mrr", among)) for key, among in by_currency.items() if key != main),
        median_minor=max((row["median"] or 0 for row in own), default=0),
    )


def mrr_trend(
    member: Membership, *, currency: str, months: int = 12, today: datetime.date | None = None
) -> list[tuple[datetime.date, int]]:
    """MRR at the end of each of the last ``months`` months, the current one as of today: ``[(day, minor units)]``.

    One statement over contract lines in ``currency``; a line counts from its start to the day before its end.
    """
    today = today or timezone.localdate()
    days = [_months_back(today, back) for back in range(months - 1, 0, -1)] + [today]
    named = {f"m{index}": day for index, day in enumerate(days)}

    def totals() -> QuerySet:
        sums = {
            name: Sum("mrr_minor", filter=Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day)), default=0)
            for name, day in named.items()
        }
        lines = ContractLine.objects.visible_to(member).filter(
            Q(ends_on=None) | Q(ends_on__gt=days[0]),
            archived_at=None,
            contract__archived_at=None,
            contract__currency=currency,
        )
        return lines.order_by().values("organization").annotate(**sums)

    rows = Kept.rows(("MRR by month", sight_of(member), currency, months), totals, **named)
    return [(day, rows[0][name] if rows else 0) for name, day in named.items()]


def _months_back(today: datetime.date, back: int) -> datetime.date:
    """The last day of the month ``back`` months before today's."""
    months = today.year * 12 + today.month - back
    return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


def pipeline(member: Membership, *, currency: str) -> list[tuple[str, int, int]]:
    """Open opportunities by stage: ``[(stage, count, minor units in currency)]``; unknown amounts count as nothing."""

    def by_stage() -> QuerySet:
        return (
            Opportunity.objects.visible_to(member)
            .open()
            .filter(archived_at=None)
            .values_list("stage")
            .annotate(count=Count("id"), amount=Sum("amount_minor", filter=Q(currency__in=["", currency]), default=0))
            .order_by("stage")
        )

    rows = Kept.rows(("pipeline", sight_of(member), currency), by_stage)
    return [(stage, count, amount) for stage, count, amount in rows]
