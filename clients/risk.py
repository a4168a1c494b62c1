"""The one place that says which clients are at risk (until health scores do).

At risk: an open critical concern, or the last NPS at most 6, or the last CSAT at most 2, or no two-way contact for
60 days. A client whom nobody ever contacted counts from the day it became one. A churned client is lost, not at risk.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from clients.choices import Lifecycle

if TYPE_CHECKING:
    from clients.models import Client

DETRACTOR_NPS = 6
POOR_CSAT = 2
SILENCE = timedelta(days=60)


def at_risk_q(now: datetime) -> Q:
    """Condition on clients; says the same as ``risk_reasons`` does for one."""
    long_ago = now - SILENCE
    return silent_or_worse_q(long_ago, long_ago.date())


def silent_or_worse_q(long_ago: datetime, long_ago_day: date) -> Q:
    """``at_risk_q`` for statements that are kept: silence begins at a moment and a day that the caller has at hand."""
    silent = (
        Q(last_contact_at__lt=long_ago)
        | Q(last_contact_at=None, since__lt=long_ago_day)
        | Q(last_contact_at=None, since=None, created_at__lt=long_ago)
    )
    poor = Q(last_nps__lte=DETRACTOR_NPS) | Q(last_csat__lte=POOR_CSAT)
    return ~Q(lifecycle=Lifecycle.CHURNED) & (Q(critical_concerns__gt=0) | poor | silent)


def risk_reasons(client: "Client", now: datetime) -> list[str]:
    """Why the client is at risk, in words (lazy ones), the gravest first; empty when it is not."""
    if client.lifecycle == Lifecycle.CHURNED:
        return []
    reasons: list[str] = []
    if client.critical_concerns:
        reasons.append(
            ngettext_lazy("%(count)d open critical concern", "%(count)d open critical concerns", "count")
            % {"count": client.critical_concerns}
        )
    if _is_detractor(client):
        reasons.append(_("Last NPS answer was %(value)d") % {"value": client.last_nps})
    if _is_dissatisfied(client):
        reasons.append(_("Last CSAT answer was %(value)d") % {"value": client.last_csat})
    days = silent_days(client, now)
    if _is_silent(client, now):
        reasons.append(
            ngettext_lazy("No two-way contact for %(days)d day", "No two-way contact for %(days)d days", "days")
            % {"days": days}
        )
    return reasons


def is_at_risk(client: "Client", now: datetime) -> bool:
    """Whether there is any reason, without putting it into words."""
    if client.lifecycle == Lifecycle.CHURNED:
        return False
    return (
        bool(client.critical_concerns) or _is_detractor(client) or _is_dissatisfied(client) or _is_silent(client, now)
    )


def silent_days(client: "Client", now: datetime) -> int:
    """Whole days since the last two-way contact, or since the client became one."""
    if client.last_contact_at is not None:
        return max((now - client.last_contact_at).days, 0)
    if client.since is not None:
        return max((now.date() - client.since).days, 0)
    return max((now - client.created_at).days, 0)


def _is_detractor(client: "Client") -> bool:
    return client.last_nps is not None and client.last_nps <= DETRACTOR_NPS


def _is_dissatisfied(client: "Client") -> bool:
    return client.last_csat is not None and client.last_csat <= POOR_CSAT


def _is_silent(client: "Client", now: datetime) -> bool:
    long_ago = now - SILENCE
    if client.last_contact_at is not None:
        return client.last_contact_at < long_ago
    return client.since < long_ago.date() if client.since else client.created_at < long_ago
