"""The team portfolio: a row per account manager for everyone below a lead, at any depth."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone

from accounts.models import Membership
from clients import risk
from interactions.models import Score
from managers.models import AccountManager
from managers.queries.reporting import portfolio_ids
from reports.periods import YEAR, first_day, start_of
from reports.queries.figures import running_clients
from reports.queries.satisfaction import LEAST_ANSWERS


@dataclass(frozen=True)
class Satisfaction:
    """NPS as −100…100 and CSAT as 0–100 %, each with the number of answers; None below ``LEAST_ANSWERS``."""

    nps: int | None
    nps_count: int
    csat: int | None
    csat_count: int


@dataclass(frozen=True)
class TeamRow:
    """One manager's clients added up. ``revenue`` is ``[(currency, minor units)]``, the largest first."""

    manager: AccountManager | None
    clients: int
    at_risk: int
    silent: int
    revenue: tuple[tuple[str, int], ...]
    last_contact_at: datetime.datetime | None
    satisfaction: Satisfaction
    depth: int = 0

    @property
    def mrr_minor(self) -> int:
        return self.revenue[0][1] if self.revenue else 0


def team_rows(member: Membership, *, currency: str, now: datetime.datetime | None = None) -> list[TeamRow]:
    """Every manager in the member's line in reporting order, then the clients that nobody looks after.

    Three statements. A client counts for its main manager; satisfaction is that of ``satisfaction_since`` today.
    """
    now = now or timezone.now()
    managers = list(_managers(member))
    figures = _figures(member, now)
    satisfaction = _satisfaction(member, satisfaction_since(now))
    rows = [
        _row(manager, depth, figures.get(manager.pk, []), satisfaction.get(manager.pk), currency)
        for manager, depth in _in_line(managers)
    ]
    if None in figures:
        rows.append(_row(None, 0, figures[None], satisfaction.get(None), currency))
    return rows


def _managers(member: Membership) -> Any:
    managers = AccountManager.objects.filter(left_on=None, archived_at=None).select_related("team")
    ids = portfolio_ids(member)
    return managers if ids is None else managers.filter(pk__in=ids)


def _in_line(managers: list[AccountManager]) -> list[tuple[AccountManager, int]]:
    """Depth first, so that everybody stands below their lead; names in order among equals."""
    below: dict[uuid.UUID | None, list[AccountManager]] = {}
    known = {manager.pk for manager in managers}
    for manager in sorted(managers, key=lambda each: each.search_text):
        below.setdefault(manager.reports_to_id if manager.reports_to_id in known else None, []).append(manager)
    ordered: list[tuple[AccountManager, int]] = []
    waiting = [(manager, 0) for manager in reversed(below.get(None, []))]
    while waiting:
        manager, depth = waiting.pop()
        ordered.append((manager, depth))
        waiting += [(each, depth + 1) for each in reversed(below.get(manager.pk, []))]
    return ordered


def _figures(member: Membership, now: datetime.datetime) -> dict[uuid.UUID | None, list[dict[str, Any]]]:
    rows = (
        running_clients(member)
        .values("main_manager_id", "currency")
        .annotate(
            clients=Count("id"),
            at_risk=Count("id", filter=risk.at_risk_q(now)),
            silent=Count("id", filter=Q(last_contact_at__lt=now - risk.SILENCE) | Q(last_contact_at=None)),
            mrr=Sum("mrr_minor", default=0),
            last_contact_at=Max("last_contact_at"),
        )
    )
    found: dict[uuid.UUID | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["main_manager_id"], []).append(row)
    return found


def satisfaction_since(now: datetime.datetime) -> datetime.date:
    """The first day whose answers count here; the links to the rows name it too."""
    first = first_day(YEAR, today=timezone.localdate(now))
    assert first is not None
    return first


def _satisfaction(member: Membership, first: datetime.date) -> dict[uuid.UUID | None, Satisfaction]:
    nps, csat = Q(scale="nps"), Q(scale="csat")
    rows = (
        Score.objects.visible_to(member)
        .filter(at__gte=start_of(first), client__archived_at=None)
        .values(manager=F("client__main_manager_id"))
        .annotate(
            nps_count=Count("id", filter=nps),
            promoters=Count("id", filter=nps & Q(value__gte=9)),
            detractors=Count("id", filter=nps & Q(value__lte=risk.DETRACTOR_NPS)),
            csat_count=Count("id", filter=csat),
            satisfied=Count("id", filter=csat & Q(value__gte=4)),
        )
    )
    return {row["manager"]: satisfaction_of(row) for row in rows}


def satisfaction_of(row: Any) -> Satisfaction:
    """NPS = %(9–10) − %(0–6) with passives in the denominator; CSAT = answers 4–5 ÷ answers (domain.md §4)."""
    nps_count, csat_count = row["nps_count"], row["csat_count"]
    return Satisfaction(
        nps=round(100 * (row["promoters"] - row["detractors"]) / nps_count) if nps_count >= LEAST_ANSWERS else None,
        nps_count=nps_count,
        csat=round(100 * row["satisfied"] / csat_count) if csat_count >= LEAST_ANSWERS else None,
        csat_count=csat_count,
    )


def _row(
    manager: AccountManager | None,
    depth: int,
    figures: list[dict[str, Any]],
    satisfaction: Satisfaction | None,
    currency: str,
) -> TeamRow:
    revenue: dict[str, int] = {}
    for row in figures:
        key = row["currency"] or currency
        revenue[key] = revenue.get(key, 0) + row["mrr"]
    contacts = [row["last_contact_at"] for row in figures if row["last_contact_at"]]
    return TeamRow(
        manager=manager,
        depth=depth,
        clients=sum(row["clients"] for row in figures),
        at_risk=sum(row["at_risk"] for row in figures),
        silent=sum(row["silent"] for row in figures),
        revenue=tuple(sorted(revenue.items(), key=lambda pair: -pair[1])),
        last_contact_at=max(contacts, default=None),
        satisfaction=satisfaction or Satisfaction(None, 0, None, 0),
    )


def whole(rows: list[TeamRow]) -> TeamRow:
    """The foot of the table: all rows together. Satisfaction is not an average of averages, so it has none here."""
    revenue: dict[str, int] = {}
    for row in rows:
        for key, minor in row.revenue:
            revenue[key] = revenue.get(key, 0) + minor
    contacts = [row.last_contact_at for row in rows if row.last_contact_at]
    return TeamRow(
        manager=None,
        clients=sum(row.clients for row in rows),
        at_risk=sum(row.at_risk for row in rows),
        silent=sum(row.silent for row in rows),
        revenue=tuple(sorted(revenue.items(), key=lambda pair: -pair[1])),
        last_contact_at=max(contacts, default=None),
        satisfaction=Satisfaction(None, 0, None, 0),
    )
