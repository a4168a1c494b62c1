"""Who left, who came back, and how satisfied those are who stayed."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.models import Membership
from clients import risk
from clients.choices import ChurnReason
from clients.models import ChurnEvent
from interactions.models import Score
from reports.periods import start_of
from reports.queries.team import LEAST_ANSWERS, Satisfaction, satisfaction_of


@dataclass(frozen=True)
class Churn:
    """``clients`` had an event of any kind; ``events`` counts losses and returns; ``reasons`` are those of losses."""

    clients: int
    events: int
    losses: int
    returns: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Distribution:
    """How often each answer of a scale was given, the lowest first; empty below ``LEAST_ANSWERS``."""

    scale: str
    counts: tuple[tuple[int, int], ...]


def churn(member: Membership, *, first: datetime.date | None) -> Churn:
    """Churn events of visible clients since ``first``. Two statements."""
    events = ChurnEvent.objects.visible_to(member)
    if first is not None:
        events = events.filter(on__gte=first)
    total = events.order_by().aggregate(
        clients=Count("client_id", distinct=True),
        events=Count("id"),
        returns=Count("id", filter=Q(is_reactivation=True)),
    )
    reasons = events.losses().order_by().values_list("reason").annotate(times=Count("id")).order_by("-times", "reason")
    return Churn(
        clients=total["clients"],
        events=total["events"],
        losses=total["events"] - total["returns"],
        returns=total["returns"],
        reasons=tuple((str(ChurnReason(reason).label), times) for reason, times in reasons),
    )


def satisfaction(member: Membership, *, first: datetime.date | None) -> Satisfaction:
    """NPS and CSAT of visible clients since ``first``, with the number of answers. One statement."""
    nps, csat = Q(scale="nps"), Q(scale="csat")
    row = _scores(member, first).aggregate(
        nps_count=Count("id", filter=nps),
        promoters=Count("id", filter=nps & Q(value__gte=9)),
        detractors=Count("id", filter=nps & Q(value__lte=risk.DETRACTOR_NPS)),
        csat_count=Count("id", filter=csat),
        satisfied=Count("id", filter=csat & Q(value__gte=4)),
    )
    return satisfaction_of(row)


def distributions(member: Membership, *, first: datetime.date | None) -> list[Distribution]:
    """The answers of each scale. One statement; a scale with fewer than ``LEAST_ANSWERS`` answers is left out."""
    counts: dict[str, list[tuple[int, int]]] = {}
    rows = _scores(member, first).values_list("scale", "value").annotate(times=Count("id")).order_by("scale", "value")
    for scale, value, times in rows:
        counts.setdefault(scale, []).append((value, times))
    return [
        Distribution(scale, tuple(pairs))
        for scale, pairs in counts.items()
        if sum(times for _value, times in pairs) >= LEAST_ANSWERS
    ]


def _scores(member: Membership, first: datetime.date | None) -> Any:
    scores = Score.objects.visible_to(member).filter(client__archived_at=None).order_by()
    if first is None:
        return scores
    return scores.filter(at__gte=start_of(first))
