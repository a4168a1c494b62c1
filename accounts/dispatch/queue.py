"""Putting messages into the queue and taking them out, inside ``tenant()``. No Redis is touched here."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.utils import timezone

from accounts.dispatch.addresses import normal
from accounts.dispatch.choices import Lane, MessageStatus
from accounts.dispatch.models import Message
from accounts.dispatch.registry import kind_of

_is_holding: ContextVar[bool] = ContextVar("is_holding", default=False)


class Draft(NamedTuple):
    """One message of many: what differs between them."""

    send_key: str
    recipient: str
    payload: dict[str, Any]


def enqueue(
    *,
    kind: str,
    send_key: str,
    lane: Lane = Lane.BULK,
    due_at: datetime | None = None,
    recipient: str = "",
    payload: dict[str, Any] | None = None,
) -> Message:
    """Queue a message once; the second call with the same key answers the first row, whatever became of it.

    ``due_at=None`` means now, by the database's clock. Commits with the caller's transaction: no row, no mail.
    """
    enqueue_many(kind=kind, lane=lane, due_at=due_at, drafts=[Draft(send_key, recipient, payload or {})])
    return Message.objects.get(send_key=send_key)


def enqueue_many(*, kind: str, lane: Lane, drafts: Iterable[Draft], due_at: datetime | None = None) -> None:
    """Queue many messages of one kind; those whose key is already there are left as they are."""
    kind_of(kind)  # an unknown kind is a typo, and is better told here than by the worker
    times = {"due_at": due_at, "next_attempt_at": due_at} if due_at else {}
    # One spelling of an address: what comes back, and what admins look for, is found by the index.
    spell = str if lane == Lane.HOOKS else normal
    is_held = _is_holding.get() and (due_at is None or due_at <= timezone.now())
    state = {"lane": lane, "status": MessageStatus.HELD if is_held else MessageStatus.PENDING, **times}
    rows = [
        Message(kind=kind, send_key=key, recipient=spell(recipient), payload=payload, **state)
        for key, recipient, payload in drafts
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def cancel(send_key: str) -> bool:
    """Take a message back. False when there is none, or when it is already at the mail server or past it."""
    return bool(cancel_many([send_key]))


def cancel_many(send_keys: Collection[str]) -> int:
    """Take messages back in one statement; answers how many still waited."""
    waiting = [MessageStatus.PENDING, MessageStatus.LEASED, MessageStatus.HELD]
    return Message.objects.filter(send_key__in=send_keys, status__in=waiting).update(
        status=MessageStatus.CANCELLED, lease_token=None, lease_until=None
    )


def hold(*, due_before: datetime) -> int:
    """After a restore: keep what may have been sent since the backup from being sent again, until released."""
    waiting = Message.objects.filter(status__in=[MessageStatus.PENDING, MessageStatus.LEASED], due_at__lt=due_before)
    return waiting.update(status=MessageStatus.HELD, lease_token=None, lease_until=None)


def release() -> int:
    """Let the held messages go out; each at its time, or now when that has passed."""
    held = Message.objects.filter(status=MessageStatus.HELD)
    return held.update(status=MessageStatus.PENDING, next_attempt_at=F("due_at"))


def discard_held() -> int:
    """What is held was sent before, or is worth nothing any more: it never goes out."""
    return Message.objects.filter(status=MessageStatus.HELD).update(status=MessageStatus.CANCELLED)


@contextmanager
def holding(is_on: bool) -> Iterator[None]:
    """What is queued inside for now or earlier is held: right after a restore the clock tells old days again."""
    before = _is_holding.set(is_on)
    try:
        yield
    finally:
        _is_holding.reset(before)
