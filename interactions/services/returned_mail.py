"""What it means for surveys that a mail came back, or that an address is written to no more."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.dispatch.choices import MessageStatus, SuppressionReason
from accounts.dispatch.models import Message
from accounts.dispatch.suppression import was_withheld
from clients.models import Contact
from interactions.choices import InvitationStatus
from interactions.models import SurveyInvitation
from interactions.services.surveys import unsubscribe

_WAITING = (InvitationStatus.QUEUED, InvitationStatus.SENDING)
_UNANSWERED = (*_WAITING, InvitationStatus.SENT, InvitationStatus.OPENED)
# Whoever says so says no to every question, not only to the one that just came.
_SAYS_NO = (SuppressionReason.COMPLAINT, SuppressionReason.UNSUBSCRIBED)


@transaction.atomic
def silence_address(*, address: str, reason: str) -> None:
    """Nothing is sent to this address any more: what waits will not go out, and a "no" is the person's own."""
    contacts = Contact.objects.filter(email__iexact=address)
    if reason in _SAYS_NO:
        for contact in contacts:
            unsubscribe(contact=contact)
    _move(SurveyInvitation.objects.filter(contact__in=contacts), _WAITING, InvitationStatus.SUPPRESSED)


def record_survey_ended(message: Message) -> None:
    """The question never arrived: it came back, was given up, discarded, or the address is suppressed.

    The contact need not rest for it, unless the address itself is the reason.
    """
    is_refused = message.status == MessageStatus.SUPPRESSED
    is_unsent = was_withheld(message) or message.status == MessageStatus.CANCELLED
    _end(message, InvitationStatus.SUPPRESSED if is_unsent else InvitationStatus.BOUNCED)
    if not is_refused:
        _let_ask_again(message)


def record_survey_returned(message: Message) -> None:
    """The mail came back after the server had taken it."""
    _end(message, InvitationStatus.BOUNCED)


def record_survey_waits_again(message: Message) -> None:
    """An admin sends it once more. The contact rests from the day of the question, as at the first time."""
    stopped = (InvitationStatus.BOUNCED, InvitationStatus.SUPPRESSED)
    mine = SurveyInvitation.objects.filter(pk=_invitation_id(message))
    if not _move(mine, stopped, InvitationStatus.QUEUED):
        return
    invitation = mine.get()
    rested = Q(last_surveyed_on=None) | Q(last_surveyed_on__lt=invitation.asked_on)
    Contact.objects.filter(rested, pk=invitation.contact_id).update(last_surveyed_on=invitation.asked_on)


def _invitation_id(message: Message) -> Any:
    return message.payload.get("invitation")


def _end(message: Message, status: InvitationStatus) -> None:
    _move(SurveyInvitation.objects.filter(pk=_invitation_id(message)), _UNANSWERED, status)


def _let_ask_again(message: Message) -> None:
    invitation = SurveyInvitation.objects.filter(pk=_invitation_id(message), answered_at=None).first()
    if invitation is not None:
        asked = Contact.objects.filter(pk=invitation.contact_id, last_surveyed_on=invitation.asked_on)
        asked.update(last_surveyed_on=None)


def _move(invitations: Any, before: tuple[InvitationStatus, ...], after: InvitationStatus) -> int:
    changes = {"status": after, "updated_at": timezone.now(), "version": F("version") + 1}
    return int(invitations.filter(status__in=before).update(**changes))
