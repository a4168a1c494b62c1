"""Reminders to those who were asked and did not answer."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from interactions.campaigns.asking import BATCH
from interactions.campaigns.clock import Clock, read_clock
from interactions.campaigns.delivery import reminder_key
from interactions.choices import CampaignStatus, InvitationStatus
from interactions.models import Campaign, SurveyInvitation

SURVEY_REMINDER_MAIL = "survey_reminder"
# A mail that is still under way is looked at again after so long.
_LATER = timedelta(hours=1)


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Queue the reminders that are due in the current organization; answers how many.

    The link in them is the one of the first mail. Rows are locked and keys count the reminders, so any number of
    clocks queues each once. What is due while a campaign is paused waits for it.
    """
    if not SurveyInvitation.objects.filter(next_reminder_at__isnull=False).exists():
        return 0
    clock = read_clock(now)
    due = SurveyInvitation.objects.filter(next_reminder_at__lte=clock.now).exclude(
        campaign__status=CampaignStatus.PAUSED
    )
    rows = due.select_related("campaign", "contact", "client").select_for_update(of=("self",), skip_locked=True)
    drafts: dict[datetime, list[queue.Draft]] = defaultdict(list)
    invitations = list(rows.order_by("next_reminder_at", "pk")[:BATCH])
    for invitation in invitations:
        _step(invitation, clock, drafts)
    SurveyInvitation.objects.bulk_update(invitations, ["next_reminder_at", "reminders_sent"], batch_size=BATCH)
    for due_at, some in drafts.items():
        queue.enqueue_many(kind=SURVEY_REMINDER_MAIL, lane=Lane.BULK, due_at=due_at, drafts=some)
    return sum(len(some) for some in drafts.values())


def _step(invitation: SurveyInvitation, clock: Clock, drafts: dict[datetime, list[queue.Draft]]) -> None:
    campaign = invitation.campaign
    if campaign is None or not campaign.is_running or not _is_open(invitation, clock):
        invitation.next_reminder_at = None
        return
    due_at = _due(invitation, campaign, clock)
    if due_at is None or due_at > clock.now:
        invitation.next_reminder_at = due_at
        return
    invitation.reminders_sent += 1
    key, payload = reminder_key(invitation, invitation.reminders_sent), {"invitation": str(invitation.pk)}
    allowed = clock.allowed(clock.now, invitation.client.time_zone)
    drafts[allowed].append(queue.Draft(key, invitation.contact.email, payload))
    invitation.next_reminder_at = _due(invitation, campaign, clock)


def _is_open(invitation: SurveyInvitation, clock: Clock) -> bool:
    waits = (InvitationStatus.QUEUED, InvitationStatus.SENDING, InvitationStatus.SENT, InvitationStatus.OPENED)
    return invitation.status in waits and invitation.expires_at > clock.now and invitation.contact.survey_consent


def _due(invitation: SurveyInvitation, campaign: Campaign, clock: Clock) -> datetime | None:
    """When the next reminder is due, counted from when the question was really sent; None after the last."""
    if invitation.reminders_sent >= len(campaign.reminders):
        return None
    if invitation.sent_at is None:
        return clock.now + _LATER
    days = campaign.reminders[invitation.reminders_sent]
    return clock.later(invitation.sent_at, days, in_working_days=campaign.reminds_on_working_days)
