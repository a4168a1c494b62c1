"""What an admin does with messages: send again, discard, take that back, release what a restore has held."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message
from accounts.dispatch.registry import Hook, Kind, kind_of
from accounts.dispatch.suppression import why_withheld
from accounts.exceptions import DomainError
from accounts.models import AuditEntry, Membership, OrganizationSettings
from accounts.services.audit import record

_WAITING = (MessageStatus.PENDING, MessageStatus.LEASED, MessageStatus.HELD)
_ENDED = (MessageStatus.DEAD, MessageStatus.SUPPRESSED)
#: At most so many at once: each is one row with its history, and people choose from a page.
MOST_AT_ONCE = 500


@transaction.atomic
def retry_message(*, actor: Membership | None, message: Message) -> Message:
    """Send it now: one that was given up begins anew, one that waits for its next attempt need not wait."""
    row = _lock(message)
    if row.status not in (*_ENDED, MessageStatus.PENDING):
        raise DomainError(_("Only what waits or was given up can be sent again. This message: %(state)s.") % _said(row))
    withheld = why_withheld(row)
    if withheld:
        raise DomainError(_("%(reason)s Lift the suppression first.") % {"reason": _(withheld)})
    has_ended = row.status in _ENDED
    anew = {"attempts": 0, "deferrals": 0} if has_ended else {}
    _move(actor, row, "retried", MessageStatus.PENDING, next_attempt_at=Now(), **anew)
    if has_ended:
        _run(row, "on_retry")
    return row


@transaction.atomic
def discard_message(*, actor: Membership | None, message: Message) -> Message:
    """It is not sent any more. What it was about hears of it, if it was still waiting for it."""
    row = _lock(message)
    if row.status not in (*_WAITING, *_ENDED):
        raise DomainError(_("Only what is not yet sent can be discarded. This message: %(state)s.") % _said(row))
    was_waiting = row.status in _WAITING
    _move(actor, row, "discarded", MessageStatus.CANCELLED, lease_token=None, lease_until=None)
    if was_waiting:
        _run(row, "on_dead")
    return row


@transaction.atomic
def put_back_message(*, actor: Membership | None, message: Message) -> Message:
    """Undo ``discard_message``: back to what it was."""
    row = _lock(message)
    discarded = AuditEntry.objects.of(row).filter(verb="discarded").first()
    if row.status != MessageStatus.CANCELLED or discarded is None:
        raise DomainError(_("Only a discarded message can be put back. This message: %(state)s.") % _said(row))
    before = MessageStatus(discarded.before["status"])
    _move(actor, row, "restored", MessageStatus.PENDING if before == MessageStatus.LEASED else before)
    if before in _WAITING:
        _run(row, "on_retry")
    return row


@transaction.atomic
def release_message(*, actor: Membership | None, message: Message) -> Message:
    """Let a message go out that a restore has held; an admin has made sure that it did not before."""
    row = _lock(message)
    if row.status != MessageStatus.HELD:
        raise DomainError(_("Only held messages can be released. This message: %(state)s.") % _said(row))
    _move(actor, row, "released", MessageStatus.PENDING, next_attempt_at=row.due_at)
    return row


DEEDS = {"retry": retry_message, "discard": discard_message, "release": release_message}


@transaction.atomic
def for_each_message(*, actor: Membership | None, deed: str, messages: Iterable[Message]) -> tuple[int, list[str]]:
    """Do one of ``DEEDS`` with each of many: how many it was done with, and why not with the others, each said once."""
    done, refusals = 0, []
    for message in messages:
        try:
            DEEDS[deed](actor=actor, message=message)
            done += 1
        except DomainError as refusal:
            refusals += refusal.messages
    return done, list(dict.fromkeys(refusals))


@transaction.atomic
def trust_lists_again(*, actor: Membership | None) -> OrganizationSettings:
    """An admin has dealt with the addresses that came back: surveys may go on, and are watched from now."""
    row: OrganizationSettings = OrganizationSettings.objects.select_related("organization").get()
    OrganizationSettings.objects.filter(pk=row.pk).update(reputation_since=Now())
    record(actor=actor, verb="resumed_surveys", obj=row)
    return row


def _lock(message: Message) -> Message:
    row: Message = Message.objects.select_for_update().get(pk=message.pk)
    return row


def _move(actor: Membership | None, row: Message, verb: str, status: MessageStatus, **changes: Any) -> None:
    before = row.status
    Message.objects.filter(pk=row.pk).update(status=status, **changes)
    row.refresh_from_db()
    record(actor=actor, verb=verb, obj=row, before={"status": before}, after={"status": status})


def _run(row: Message, hook: str) -> None:
    try:
        kind: Kind = kind_of(row.kind)
    except LookupError:
        return
    run: Hook | None = getattr(kind, hook)
    if run is not None:
        run(row)


def _said(row: Message) -> dict[str, str]:
    return {"state": str(row.get_status_display())}
