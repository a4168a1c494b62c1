"""Workers take messages in batches, each batch under one token and a lease."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from accounts.dispatch.choices import Lane
from accounts.dispatch.rates import CHARGE, Bucket
from accounts.tenancy.ids import uuid7

CLAIM = "SELECT id, organization_id FROM dispatch.claim(%s, %s, %s, make_interval(secs => %s))"
CLAIM_WITHIN = "SELECT id, organization_id FROM dispatch.claim_within(%s, %s, %s, make_interval(secs => %s), %s, %s)"

Row = tuple[uuid.UUID, uuid.UUID]


class Claimed(NamedTuple):
    """A message that is ours until its lease ends. Its content is read later, inside its organization."""

    id: uuid.UUID
    organization_id: uuid.UUID
    token: uuid.UUID


def lease() -> timedelta:
    """Longer than all timeouts of one send together, or a slow mail server alone would cause duplicates."""
    return timedelta(seconds=settings.DISPATCH_LEASE)


def claim(lane: Lane, size: int, bucket: Bucket | None = None) -> list[Claimed]:
    """Up to ``size`` due messages of a lane, shared fairly among the organizations that wait in it.

    With a bucket never more than its tokens allow, and those organizations first that are below their share.
    """
    token = uuid7()
    with transaction.atomic(), connection.cursor() as cursor:
        if bucket is None:
            found = _run(cursor, CLAIM, lane, size, token)
        else:
            found = _claim_within(cursor, lane, size, token, bucket)
    return [Claimed(row_id, organization_id, token) for row_id, organization_id in found]


def give_back(token: uuid.UUID, bucket: Bucket | None = None) -> int:
    """Free what is left of a batch at once, with its tokens; nothing of it was sent, so nothing is charged."""
    with transaction.atomic(), connection.cursor() as cursor:
        if bucket is not None:
            grant = bucket.lock(cursor)
            cursor.execute(CHARGE, [token, grant.rate, grant.burst, -1])
        cursor.execute("SELECT dispatch.give_back(%s)", [token])
        count = int(cursor.fetchone()[0])
        if bucket is not None:
            bucket.put_back(cursor, count)
    return count


def _claim_within(cursor: Any, lane: Lane, size: int, token: uuid.UUID, bucket: Bucket) -> list[Row]:
    grant = bucket.grant(cursor, lane, size)
    if not grant.size:
        return []
    found: list[Row] = []
    if lane != Lane.URGENT:
        found = _run(cursor, CLAIM_WITHIN, lane, grant.size, token, grant.rate, grant.burst)
    if len(found) < grant.size:
        found += _run(cursor, CLAIM, lane, grant.size - len(found), token)
    if found:
        bucket.take(cursor, len(found), token, grant)
    return found


def _run(cursor: Any, statement: str, lane: Lane, size: int, token: uuid.UUID, *limits: float) -> list[Row]:
    cursor.execute(statement, [int(lane), size, token, settings.DISPATCH_LEASE, *limits])
    return list(cursor.fetchall())
