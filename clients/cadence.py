"""How long a client may go without a two-way contact, in working days of the organization's calendar.

``allowed = tier × lifecycle × health``: strategic 14, core 30, scale 60; half of that while onboarding, and half while
at risk. The client's silence itself does not count as a risk here, or silence would shorten its own limit.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q

from clients.choices import Lifecycle, Tier
from clients.risk import DETRACTOR_NPS, POOR_CSAT

TIER_DAYS = {Tier.STRATEGIC: 14, Tier.CORE: 30, Tier.SCALE: 60}
ONBOARDING_SHARE = 0.5
AT_RISK_SHARE = 0.5

_TROUBLED = Q(critical_concerns__gt=0) | Q(last_nps__lte=DETRACTOR_NPS) | Q(last_csat__lte=POOR_CSAT)
# NULL makes "not poor" unknown, so the calm ones are spelled out.
_CALM = (
    Q(critical_concerns=0)
    & (Q(last_nps=None) | Q(last_nps__gt=DETRACTOR_NPS))
    & (Q(last_csat=None) | Q(last_csat__gt=POOR_CSAT))
)


class Allowance(NamedTuple):
    """Clients that fulfil ``condition`` are to hear from us within ``days`` working days."""

    condition: Q
    days: int


def allowances() -> Iterator[Allowance]:
    """Every living client falls under exactly one."""
    for tier, base in TIER_DAYS.items():
        for is_onboarding in (False, True):
            for is_at_risk in (False, True):
                days = base * (ONBOARDING_SHARE if is_onboarding else 1) * (AT_RISK_SHARE if is_at_risk else 1)
                onboarding = Q(lifecycle=Lifecycle.ONBOARDING)
                condition = Q(tier=tier) & (onboarding if is_onboarding else ~onboarding)
                yield Allowance(condition & (_TROUBLED if is_at_risk else _CALM), max(1, round(days)))
