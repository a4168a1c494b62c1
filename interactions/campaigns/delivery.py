"""The messages of a campaign while it is paused, resumed or stopped.

A pause cancels what waits, and going on puts exactly that back: which messages those are follows from the invitations,
so neither a crash in between nor a second click can lose or double one. What a worker has already handed to the mail
server cannot be called back; what it takes up again later is refused by ``standing_of`` when the mail is to be written.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Greatest
from django.utils import timezone

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message
from clients.models import Contact
from interactions.campaigns.clock import Clock
from interactions.choices import CampaignStatus, InvitationStatus
from interactions.models import Campaign, SurveyInvitation

REMINDER_SUFFIX = ":reminder:"
_WAITING = (MessageStatus.PENDING, MessageStatus.LEASED)
_PAUSED = "The campaign is paused."
# These invitations reached nobody; whoever has only such ones was not asked.
_NEVER_ASKED = (InvitationStatus.CANCELLED, InvitationStatus.SUPPRESSED, InvitationStatus.BOUNCED)


def reminder_key(invitation: SurveyInvitation, number: int) -> str:
    return f"{invitation.send_key}{REMINDER_SUFFIX}{number}"


def hold_back(campaign: Campaign) -> int:
    """Take what waits out of the queue; answers how many messages."""
    waiting = _messages(campaign).filter(status__in=_WAITING)
    return waiting.update(status=MessageStatus.CANCELLED, lease_token=None, lease_until=None, last_error=_PAUSED)


def let_go(campaign: Campaign, clock: Clock) -> int:
    """Queue again what was held back, for the hours of each recipient; answers how many messages."""
    invitations = SurveyInvitation.objects.filter(campaign=campaign)
    zones = set(invitations.values_list("client__time_zone", flat=True).distinct())
    return sum(_let_go(campaign, zone, clock) for zone in zones)


def _let_go(campaign: Campaign, zone: str, clock: Clock) -> int:
    held = _messages(campaign, client__time_zone=zone).filter(status=MessageStatus.CANCELLED)
    allowed = clock.allowed(clock.now, zone)
    return held.update(
        status=MessageStatus.PENDING, next_attempt_at=Greatest(F("due_at"), Value(allowed)), last_error=""
    )


def call_off(campaign: Campaign) -> int:
    """For ever: what waits is cancelled, its contacts may be asked by others again. Answers how many invitations."""
    waiting = _messages(campaign).filter(status__in=(*_WAITING, MessageStatus.HELD))
    waiting.update(status=MessageStatus.CANCELLED, lease_token=None, lease_until=None, last_error="")
    invitations = SurveyInvitation.objects.filter(campaign=campaign)
    invitations.filter(next_reminder_at__isnull=False).update(next_reminder_at=None)
    queued = _with_key(invitations.filter(status=InvitationStatus.QUEUED))
    cancelled = Message.objects.filter(send_key=OuterRef("key"), status=MessageStatus.CANCELLED)
    return cancel_invitations(list(queued.filter(Exists(cancelled)).values_list("pk", flat=True)))


def cancel_invitations(keys: Collection[UUID]) -> int:
    """They are not sent any more, and whoever would have got one rests only for what did reach them."""
    rows = SurveyInvitation.objects.filter(pk__in=keys, status=InvitationStatus.QUEUED)
    contacts = list(rows.values_list("contact_id", flat=True))
    changed = rows.update(status=InvitationStatus.CANCELLED, updated_at=timezone.now(), version=F("version") + 1)
    reached = SurveyInvitation.objects.filter(contact=OuterRef("pk")).exclude(status__in=_NEVER_ASKED)
    last = reached.order_by("-asked_on").values("asked_on")[:1]
    Contact.objects.filter(pk__in=contacts).update(last_surveyed_on=Subquery(last))
    return changed


def standing_of(invitation_id: Any) -> str:
    """The status of the campaign that an invitation belongs to, "" when a person sent it."""
    row = SurveyInvitation.objects.filter(pk=invitation_id).values_list("campaign__status", flat=True).first()
    return row or ""


def _messages(campaign: Campaign, **narrower: Any) -> QuerySet[Message]:
    """The campaign's messages that are about invitations nobody has answered: first ones and reminders."""
    invitations = SurveyInvitation.objects.filter(campaign=campaign, **narrower)
    first = _with_key(invitations.filter(status=InvitationStatus.QUEUED))
    sent = invitations.filter(status__in=(InvitationStatus.SENT, InvitationStatus.OPENED), reminders_sent__gt=0)
    again = _with_key(sent, Value(REMINDER_SUFFIX), Cast("reminders_sent", TextField()))
    return Message.objects.filter(Q(send_key__in=first.values("key")) | Q(send_key__in=again.values("key")))


def _with_key(invitations: QuerySet[SurveyInvitation], *suffix: Any) -> QuerySet[SurveyInvitation]:
    """Add ``key``, the send key as ``SurveyInvitation.send_key`` writes it."""
    parts = (Cast("campaign_id", TextField()), Value(":"), Cast("contact_id", TextField()), Value(":"), "period")
    return invitations.annotate(key=Concat(Value("campaign:"), *parts, *suffix, output_field=TextField()))


def may_go_out(message: Message) -> bool:
    """Asked when a mail is to be written. A pause leaves everything as it is; an end cancels the invitation for good.

    It is the net below ``hold_back``: a message that was at the mail server during a pause may come back to the queue.
    """
    key = message.payload["invitation"]
    standing = standing_of(key)
    if standing == CampaignStatus.STOPPED:
        cancel_invitations([key])
    return standing in ("", CampaignStatus.RUNNING, CampaignStatus.FINISHED)


def next_due(campaign: Campaign) -> datetime | None:
    """When the next of its waiting mails may go out."""
    waiting = _messages(campaign).filter(status=MessageStatus.PENDING)
    return waiting.aggregate(at=Min("next_attempt_at"))["at"]
