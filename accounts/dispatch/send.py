"""One message from claimed to its end. No transaction is open while the network is waited for."""

import logging
from datetime import timedelta
from functools import partial
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import F
from django.utils import timezone, translation

from accounts.dispatch import events, hooks, rates, schedule, settle, suppression
from accounts.dispatch.breaker import Breaker
from accounts.dispatch.choices import Lane, Outcome
from accounts.dispatch.claim import Claimed, lease
from accounts.dispatch.message_ids import message_id
from accounts.dispatch.models import Message
from accounts.dispatch.outgoing import HttpCall, Outgoing
from accounts.dispatch.registry import kind_of
from accounts.dispatch.transport import LostSessionError, PermanentError, RefusedError, TemporaryError, Transport
from accounts.tenancy.context import tenant

logger = logging.getLogger(__name__)


# By hand, because one statement that answers the row costs a third of what the ORM's two do.
BEGIN = """
UPDATE accounts_message SET status = 'sending', attempts = attempts + 1, lease_until = now() + %s
WHERE id = %s AND organization_id = %s AND lease_token = %s AND status = 'leased' AND lease_until > now()
RETURNING *
"""


def send_one(claimed: Claimed, transport: Transport, breaker: Breaker) -> Outcome:
    """Send a claimed message and record its end. ``DOWN`` means: stop, the mail server is away."""
    deadline = monotonic() + lease().total_seconds() * 0.9
    message = _begin(claimed)
    if message is None:
        return Outcome.LOST_LEASE
    try:
        withheld, outgoing = _write(message)
        if withheld:
            settle.withhold(message, deadline, reason=withheld)
            return Outcome.SUPPRESSED
        if outgoing is None:
            settle.cancel(message, deadline)
            return Outcome.CANCELLED
        _demand_no_transaction()
        if isinstance(outgoing, HttpCall):
            return hooks.deliver(message, outgoing, deadline)
        provider_message_id = transport.send(outgoing)
    except RefusedError as error:
        breaker.trip()
        if error.is_too_many:
            rates.slow_down(breaker.name)
        settle.uncharge(message, deadline, wait=timedelta(seconds=1), error=str(error))
        return Outcome.DOWN
    except LostSessionError as error:
        return _lost_session(message, deadline, error, breaker)
    except TemporaryError as error:
        breaker.succeeded()
        return _later(message, deadline, error, breaker)
    except PermanentError as error:
        breaker.succeeded()
        settle.suppress(message, deadline, error=str(error), also=partial(events.record_refusal, error=error))
        return Outcome.SUPPRESSED
    except Exception as error:
        logger.exception("Message %s (%s) could not be written or handed over.", message.pk, message.kind)
        return _own_bug(message, deadline, error)
    settle.record_sent(message, deadline, provider_message_id)
    breaker.succeeded()
    return Outcome.SENT


def _begin(claimed: Claimed) -> Message | None:
    """Fence and charge, committed before anything can go wrong: a message that kills its worker is counted too."""
    with tenant(claimed.organization_id):
        return next(iter(Message.objects.raw(BEGIN, [lease(), *claimed])), None)


def _write(message: Message) -> tuple[str, Outgoing | None]:
    """Why it must not go out, or what its kind renders; language and zone of the renderer do not outlive it."""
    kind = kind_of(message.kind)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None), message.inside():
        withheld = suppression.why_withheld(message)
        outgoing = None if withheld else kind.render(message)
    if outgoing is not None and isinstance(outgoing, HttpCall) != (message.lane == Lane.HOOKS):
        raise TypeError(f"{type(outgoing).__name__} does not belong into the lane {Lane(message.lane).queue}.")
    if isinstance(outgoing, EmailMessage):
        _address(message, outgoing)
    return withheld, outgoing


def _address(message: Message, mail: EmailMessage) -> None:
    mail.to = mail.to or [message.recipient]
    identifier = message_id(message)
    mail.extra_headers |= {
        "Message-ID": identifier,
        "X-Entity-Ref-ID": identifier.strip("<>"),
        "Auto-Submitted": "auto-generated",
    }
    # Providers with an API of their own tell this back in their events, where they give mails another Message-ID.
    mail.metadata = {"message": identifier.strip("<>")}  # type: ignore[attr-defined]


def _demand_no_transaction() -> None:
    if connection.in_atomic_block:
        raise RuntimeError("A transaction is open before a network call; the mail server's pace would hold its locks.")


def _later(message: Message, deadline: float, error: TemporaryError, breaker: Breaker) -> Outcome:
    """Another time; when the provider itself has had enough, the rest of the batch waits as well."""
    if error.is_too_many:
        rates.slow_down(breaker.name, pause=error.pause)
    wait = schedule.after_answer(message.deferrals + 1)
    if wait is not None:
        wait = max(wait, timedelta(seconds=error.pause))
    outcome = _deferred(message, deadline, error, wait)
    return Outcome.DOWN if error.pause else outcome


def _lost_session(message: Message, deadline: float, error: LostSessionError, breaker: Breaker) -> Outcome:
    is_open = breaker.lost()
    wait = schedule.after_lost_session(message.deferrals + 1)
    outcome = _deferred(message, deadline, error, wait, is_uncertain=error.is_uncertain)
    return Outcome.DOWN if is_open else outcome


def _deferred(
    message: Message, deadline: float, error: Exception, wait: timedelta | None, *, is_uncertain: bool = False
) -> Outcome:
    counts = {"deferrals": F("deferrals") + 1, "uncertain": F("uncertain") + int(is_uncertain)}
    if wait is None:
        also = None
        if isinstance(error, TemporaryError) and not error.at_provider:
            also = partial(events.record_given_up, error=error)
        settle.bury(message, deadline, error=str(error), also=also, **counts)
        return Outcome.DEAD
    settle.retry(message, deadline, wait=wait, error=str(error), **counts)
    return Outcome.RETRY


def _own_bug(message: Message, deadline: float, error: Exception) -> Outcome:
    reason = f"{type(error).__name__}: {error}"[:500]
    wait = schedule.after_own_bug(message.attempts - message.deferrals)
    if wait is None:
        settle.bury(message, deadline, error=reason)
        return Outcome.DEAD
    settle.retry(message, deadline, wait=wait, error=reason)
    return Outcome.RETRY
