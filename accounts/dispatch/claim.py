"""Workers take messages in batches, each batch under one token and a lease."""

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from accounts.dispatch.choices import Lane
from accounts.tenancy.ids import uuid7


class Claimed(NamedTuple):
    """A message that is ours until its lease ends. Its content is read later, inside its organization."""

    id: uuid.UUID
    organization_id: uuid.UUID
    token: uuid.UUID


def lease() -> timedelta:
    """Longer than all timeouts of one send together, or a slow mail server alone would cause duplicates."""
    return timedelta(seconds=settings.DISPATCH_LEASE)


def claim(lane: Lane, size: int) -> list[Claimed]:
    """Up to ``size`` due messages of a lane, shared fairly among the organizations that wait in it."""
    token = uuid7()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, organization_id FROM dispatch.claim(%s, %s, %s, make_interval(secs => %s))",
            [int(lane), size, token, settings.DISPATCH_LEASE],
        )
        return [Claimed(row_id, organization_id, token) for row_id, organization_id in cursor.fetchall()]


def give_back(token: uuid.UUID) -> int:
    """Free what is left of a batch at once; nothing of it was sent, so nothing is charged."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT dispatch.give_back(%s)", [token])
        return int(cursor.fetchone()[0])
