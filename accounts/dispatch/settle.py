"""Recording how a message ended, over a database that may be restarting, with the hooks in the same transaction."""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message
from accounts.dispatch.registry import Hook, kind_of

logger = logging.getLogger(__name__)

ERRORS_KEPT = 20

# By hand: this runs once for every message and between the server's yes and our commit, where time is copies.
SENT = """
UPDATE accounts_message SET status = 'sent', sent_at = now(), provider_message_id = %s, last_error = '',
  lease_token = NULL, lease_until = NULL
WHERE id = %s AND organization_id = %s AND status <> 'sent'
RETURNING sent_at
"""


def record_sent(message: Message, deadline: float, provider_message_id: str = "") -> bool:
    """The server has accepted it, so ``sent`` is true whoever holds the lease by now: recorded once, by whom first.

    A paused process that wakes up after its lease thereby still keeps the next worker from sending a second copy.
    """
    message.provider_message_id = provider_message_id[:200]
    return _persist(lambda: _record_sent(message), deadline)


def _record_sent(message: Message) -> bool:
    with message.inside():
        with connection.cursor() as cursor:
            cursor.execute(SENT, [message.provider_message_id, message.pk, message.organization_id])
            row = cursor.fetchone()
        if row:
            message.status, (message.sent_at,) = MessageStatus.SENT, row
            _run_hook(kind_of(message.kind).on_sent, message)
    return row is not None


def retry(message: Message, deadline: float, *, wait: timedelta, error: str, **changes: Any) -> bool:
    """Back into the queue, not before ``wait``."""
    changes |= {"status": MessageStatus.PENDING, "next_attempt_at": Now() + wait, "last_error": error}
    return _persist(lambda: _leave_sending(message, changes), deadline)


def uncharge(message: Message, deadline: float, *, wait: timedelta, error: str) -> bool:
    """Back into the queue as if never tried: the server did not even listen."""
    return retry(message, deadline, wait=wait, error=error, attempts=F("attempts") - 1)


def put_back(message: Message, deadline: float, *, wait: timedelta) -> bool:
    """Back into the queue untouched: nobody was asked."""
    changes = {"status": MessageStatus.PENDING, "next_attempt_at": Now() + wait, "attempts": F("attempts") - 1}
    return _persist(lambda: _leave_sending(message, changes), deadline)


def cancel(message: Message, deadline: float) -> bool:
    """The renderer found nothing left to say."""
    return _persist(lambda: _leave_sending(message, {"status": MessageStatus.CANCELLED}), deadline)


def suppress(message: Message, deadline: float, *, error: str, also: Hook | None = None) -> bool:
    """The recipient's server said "never". ``also`` runs before the kind's hook, in the same transaction."""
    return _end(message, deadline, also, status=MessageStatus.SUPPRESSED, last_error=error)


def withhold(message: Message, deadline: float, *, reason: str) -> bool:
    """Nobody was asked, so no attempt is charged: the address is one that we write to no more."""
    return _end(message, deadline, status=MessageStatus.SUPPRESSED, last_error=reason, attempts=F("attempts") - 1)


def bury(message: Message, deadline: float, *, error: str, also: Hook | None = None, **changes: Any) -> bool:
    """Given up; an admin may look at ``last_error``."""
    return _end(message, deadline, also, status=MessageStatus.DEAD, last_error=error, **changes)


def _end(message: Message, deadline: float, also: Hook | None = None, **changes: Any) -> bool:
    def write() -> bool:
        with message.inside():
            is_ours = _leave_sending(message, changes)
            if is_ours:
                message.status, message.last_error = changes["status"], changes["last_error"]
                _run_hook(also, message)
                _run_hook(_on_dead(message.kind), message)
        return is_ours

    return _persist(write, deadline)


def _on_dead(kind: str) -> Hook | None:
    try:
        return kind_of(kind).on_dead
    except LookupError:
        return None


def _leave_sending(message: Message, changes: dict[str, Any]) -> bool:
    """Write ``changes`` if the message is still ours."""
    with message.inside():
        ours = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, lease_token=message.lease_token)
        if changes.get("last_error"):
            changes = changes | {"errors": with_error(message.errors, changes["last_error"])}
        return bool(ours.update(lease_token=None, lease_until=None, **changes))


def with_error(errors: list[dict[str, Any]], error: str) -> list[dict[str, Any]]:
    """The history with one more; the same one again and again is told once, with how often and since when."""
    at = timezone.now().isoformat(timespec="seconds")
    if errors and errors[-1]["error"] == error:
        return [*errors[:-1], errors[-1] | {"until": at, "times": errors[-1].get("times", 1) + 1}]
    return [*errors, {"at": at, "error": error}][-ERRORS_KEPT:]


def _run_hook(hook: Hook | None, message: Message) -> None:
    """A hook that raises is undone and logged; unless the database went away, then everything is tried again."""
    if hook is None:
        return
    try:
        with transaction.atomic():
            hook(message)
    except Exception:
        if connection.connection is None or connection.connection.closed:
            raise
        logger.exception(
            "The hook of message %s (%s) failed; its end is recorded without it.", message.pk, message.kind
        )


def _persist(write: Callable[[], bool], deadline: float) -> bool:
    """A database restart must not turn a sent message into a second copy: keep trying while the lease holds."""
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            connection.close()
            if monotonic() > deadline:
                raise
            sleep(0.2)
