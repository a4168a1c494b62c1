"""The outbox as admins see it: what is in which state, how much of it, since when the mail server is away."""

import uuid
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.dispatch.choices import Lane, MessageStatus
from accounts.dispatch.models import Message, Provider
from accounts.dispatch.transport import transport
from accounts.tenancy.context import required_organization_id

#: Counting goes no further: "1,000+" says enough, and costs the same for a million.
MOST_COUNTED = 1000


class Tray(TextChoices):
    """How the outbox is divided. A waiting message is in one of two trays: never tried, or tried before."""

    QUEUED = "queued", _("Queued")
    RETRYING = "retrying", _("Waiting for another try")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    SUPPRESSED = "suppressed", _("Not deliverable")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held after a restore")


_QUEUED = Q(status=MessageStatus.PENDING, attempts=0) | Q(status=MessageStatus.LEASED)
_RETRYING = Q(status=MessageStatus.PENDING, attempts__gt=0)


def in_tray(tray: str) -> Q:
    """The condition of one tray."""
    if tray == Tray.QUEUED:
        return _QUEUED
    return _RETRYING if tray == Tray.RETRYING else Q(status=tray)


def tray_of(message: Message) -> Tray:
    """Where a message lies."""
    if message.status == MessageStatus.LEASED or (message.status == MessageStatus.PENDING and not message.attempts):
        return Tray.QUEUED
    return Tray.RETRYING if message.status == MessageStatus.PENDING else Tray(message.status)


def tray_counts() -> dict[str, int]:
    """How many lie in each tray, at most ``MOST_COUNTED + 1``; one statement."""
    parts, parameters = [], []
    for tray in Tray:
        rows = Message.objects.filter(in_tray(tray)).order_by().values("status")[: MOST_COUNTED + 1]
        sql, values = rows.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS t)")
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return dict(zip(Tray.values, cursor.fetchone(), strict=True))


def trouble() -> dict[str, Any]:
    """What an admin should know: since when the mail server is away, and how many messages were given up."""
    is_away = Provider.objects.filter(name=transport().name, open_until__isnull=False).exists()
    dead = Message.objects.filter(status=MessageStatus.DEAD).order_by().values("pk")[: MOST_COUNTED + 1]
    return {"waiting_since": _waiting_since() if is_away else None, "is_away": is_away, "dead": len(dead)}


def _waiting_since() -> datetime | None:
    """When the oldest message that waits now was due. The index of the claim answers it, lane by lane."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(due_at) FROM unnest(%s::int[]) AS l(lane) CROSS JOIN LATERAL ("
            " SELECT due_at FROM accounts_message WHERE status = 'pending' AND lane = l.lane AND organization_id = %s"
            " AND next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT 1) AS oldest",
            [[Lane.URGENT, Lane.BULK], required_organization_id()],
        )
        since: datetime | None = cursor.fetchone()[0]
    return since


#: What each organization's admins were last told, and until when that is fresh enough: pages need not ask every time.
_told: dict[uuid.UUID, tuple[float, dict[str, Any]]] = {}
FRESH_SECONDS = 30


def alarm() -> dict[str, Any]:
    """``trouble``, asked for at most every half minute by each process; for the frame of every page."""
    organization_id = required_organization_id()
    until, told = _told.get(organization_id, (0.0, {}))
    if monotonic() > until:
        told = trouble()
        _told[organization_id] = monotonic() + FRESH_SECONDS, told
    return told
