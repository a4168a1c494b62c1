"""What became of a mail: told by the server's own answer, or later by the provider. Each is told once."""

import logging
from datetime import datetime
from typing import Any

from accounts.dispatch import message_ids
from accounts.dispatch.addresses import digest, normal
from accounts.dispatch.bounces import is_about_address, is_about_recipient, is_mailbox_full
from accounts.dispatch.choices import MailEventKind, SuppressionReason
from accounts.dispatch.models import MailEvent, Message
from accounts.dispatch.suppression import note_soft_bounce, suppress
from accounts.dispatch.transport import PermanentError, TemporaryError
from accounts.models import Organization
from accounts.signals import mail_returned
from accounts.tenancy.context import tenant

logger = logging.getLogger(__name__)

# The provider's name of what the receiving server told us while we were handing the mail over.
OWN_SERVER = "smtp"
_CANDIDATES = 50


def record_event(
    *,
    provider: str,
    event_id: str,
    kind: str,
    recipient: str,
    message_id: str,
    at: datetime | None = None,
    detail: str = "",
) -> bool:
    """Note what a provider tells about one of our mails, and draw the consequence. False: not ours, or known before.

    ``message_id`` is our Message-ID (or the reference that was handed over with the mail); it names the organization.
    """
    organization_id = message_ids.organization_in(message_id)
    if organization_id is None or not Organization.objects.filter(pk=organization_id).exists():
        logger.info("An event of %s (%s) belongs to no organization here.", provider, kind)
        return False
    with tenant(organization_id):
        message = _message(message_id, recipient)
        address = normal(recipient) or (normal(message.recipient) if message else "")
        return _record(provider, event_id, kind, address, message, at, detail)


def record_refusal(message: Message, error: PermanentError) -> None:
    """The receiving server said "never" while we were handing the mail over."""
    answer = str(error)
    if is_about_address(answer, at_recipient=error.at_recipient):
        kind = MailEventKind.BOUNCED
    elif is_mailbox_full(answer):
        kind = MailEventKind.SOFT_BOUNCED
    else:
        return
    _record(OWN_SERVER, f"{message.pk}:{message.attempts}", kind, message.recipient, message, None, answer)


def record_given_up(message: Message, error: TemporaryError) -> None:
    """The receiving server said "later" for days."""
    if is_about_recipient(str(error)):
        event_id = f"{message.pk}:{message.attempts}"
        _record(OWN_SERVER, event_id, MailEventKind.SOFT_BOUNCED, message.recipient, message, None, str(error))


def _record(
    provider: str, event_id: str, kind: str, address: str, message: Message | None, at: datetime | None, detail: str
) -> bool:
    facts: dict[str, Any] = {
        "kind": kind,
        "message": message,
        "address_digest": digest(address),
        "detail": detail[:500],
    }
    if at is not None:
        facts["at"] = at
    row, is_new = MailEvent.objects.get_or_create(provider=provider[:40], event_id=event_id[:200], defaults=facts)
    if is_new and address:
        _consequence(kind, address, detail)
    if is_new and message is not None and kind in (MailEventKind.BOUNCED, MailEventKind.SOFT_BOUNCED):
        mail_returned.send(MailEvent, message=message, event=row)
    return is_new


def _consequence(kind: str, address: str, detail: str) -> None:
    if kind == MailEventKind.BOUNCED:
        suppress(address=address, reason=SuppressionReason.HARD_BOUNCE, detail=detail)
    elif kind == MailEventKind.COMPLAINED:
        suppress(address=address, reason=SuppressionReason.COMPLAINT, detail=detail)
    elif kind == MailEventKind.UNSUBSCRIBED:
        suppress(address=address, reason=SuppressionReason.UNSUBSCRIBED, detail=detail)
    elif kind == MailEventKind.SOFT_BOUNCED:
        note_soft_bounce(address)


def _message(identifier: str, recipient: str) -> Message | None:
    """The message of a Message-ID: it is made of the send key, so it is looked for among the recipient's latest."""
    wanted = identifier.strip().strip("<>")
    candidates = Message.objects.filter(recipient=normal(recipient)).order_by("-id")[:_CANDIDATES]
    return next((each for each in candidates if message_ids.message_id(each).strip("<>") == wanted), None)
