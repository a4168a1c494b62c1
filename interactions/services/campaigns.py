"""Campaigns: made, started, paused, resumed, stopped. Sending is the clock's work (``interactions.campaigns``)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from interactions.campaigns import audience, delivery, triggers
from interactions.campaigns.clock import read_clock
from interactions.campaigns.counting import Headcount, count
from interactions.campaigns.turning import brake
from interactions.choices import CampaignPause, CampaignStatus
from interactions.exceptions import CampaignClosed
from interactions.models import Campaign, Survey
from interactions.models.campaign import MAX_REMINDERS
from interactions.signals import campaign_paused, campaign_started

# What may still be changed once it was started; the rest decides who is asked, and somebody was asked by it already.
ALWAYS = {"name"}
# What a check brings into its stored form.
_TIDIED = ("audience", "reminders", "trigger_days", "trigger_hours", "trigger_value")


def add_campaign(*, actor: Membership | None, name: str, survey: Survey, **fields: Any) -> Campaign:
    """A draft; nothing is sent before it is started."""
    campaign = Campaign(name=name.strip(), survey=survey, created_by=actor, **fields)
    check_campaign(campaign)
    return changes.add(actor=actor, obj=campaign)


@transaction.atomic
def change_campaign(
    *, actor: Membership | None, campaign: Campaign, version: int | None = None, **fields: Any
) -> Campaign:
    row = changes.lock(campaign, version=version)
    wanted = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not row.is_draft and set(wanted) - ALWAYS:
        raise CampaignClosed(
            _("“%(name)s” has been started. Only its name can still be changed; make another campaign instead.")
            % {"name": row}
        )
    for name, value in fields.items():
        setattr(row, name, value)
    check_campaign(row)
    names = {*fields, *_TIDIED} if row.is_draft else set(fields) & ALWAYS
    return changes.change(actor=actor, obj=campaign, **{name: getattr(row, name) for name in names})


def check_campaign(campaign: Campaign) -> None:
    """Raise ValidationError by field; bring audience, reminders and the trigger's columns into their stored form."""
    campaign.audience = audience.clean(campaign.audience)
    triggers.check(campaign)
    campaign.reminders = _reminders(campaign)


def _reminders(campaign: Campaign) -> list[int]:
    days = campaign.reminders
    is_list = isinstance(days, list) and all(isinstance(day, int) and not isinstance(day, bool) for day in days)
    if not is_list or len(days) > MAX_REMINDERS:
        sentence = _("Give at most %(count)d numbers of days, such as 4 and 10.")
        raise ValidationError({"reminders": sentence % {"count": MAX_REMINDERS}})
    if days != sorted(set(days)) or any(day < 1 for day in days):
        raise ValidationError({"reminders": _("The days must be 1 or more, and each later than the one before.")})
    if days and days[-1] >= campaign.expires_after_days:
        raise ValidationError({"reminders": _("The last reminder must come before the link expires.")})
    return days


def headcount(*, campaign: Campaign, member: Membership | None = None) -> Headcount:
    """Whom it would ask if it were started now, and who is left out and why. The campaign need not be stored."""
    campaign.audience = audience.clean(campaign.audience)
    return count(campaign, read_clock(), member)


@transaction.atomic
def start_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    """Begin to ask. The clock takes over within seconds, or at ``starts_at``."""
    row = changes.lock(campaign, version=version)
    if not row.is_draft:
        raise CampaignClosed(_("“%(name)s” has been started already.") % {"name": row})
    if row.survey.is_archived or not row.survey.is_active:
        raise CampaignClosed(
            _("“%(survey)s” is not active. Activate it, or choose another survey.") % {"survey": row.survey}
        )
    _refuse_bad_name()
    found = count(row, read_clock())
    waits = row.starts_at is not None and row.starts_at > timezone.now()
    if row.is_one_off and not found.to_ask and not waits:
        raise CampaignClosed(_("Nobody in this audience can be asked now. Widen it, or wait until they have rested."))
    row = changes.change(
        actor=actor,
        obj=row,
        verb="started",
        status=CampaignStatus.RUNNING,
        started_at=timezone.now(),
        expected=found.to_ask,
    )
    campaign_started.send(Campaign, campaign=row, actor=actor)
    return row


@transaction.atomic
def pause_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    """Hold back what waits, at once. Mails that a worker has handed to the mail server already still arrive."""
    row = changes.lock(campaign, version=version)
    if row.is_paused:
        return row
    _demand(row, CampaignStatus.RUNNING)
    row = changes.change(actor=actor, obj=row, verb="paused", status=CampaignStatus.PAUSED, pause_reason="")
    delivery.hold_back(row)
    campaign_paused.send(Campaign, campaign=row, actor=actor)
    return row


@transaction.atomic
def resume_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    """Go on where it was paused."""
    row = changes.lock(campaign, version=version)
    if row.is_running:
        return row
    _demand(row, CampaignStatus.PAUSED)
    _refuse_bad_name()
    row = changes.change(actor=actor, obj=row, verb="resumed", status=CampaignStatus.RUNNING, pause_reason="")
    delivery.let_go(row, read_clock())
    return row


@transaction.atomic
def stop_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    """For ever: what waits is cancelled. Who was asked can still answer."""
    row = changes.lock(campaign, version=version)
    if row.status == CampaignStatus.STOPPED:
        return row
    _demand(row, CampaignStatus.RUNNING, CampaignStatus.PAUSED)
    row = changes.change(
        actor=actor, obj=row, verb="stopped", status=CampaignStatus.STOPPED, finished_at=timezone.now()
    )
    delivery.call_off(row)
    return row


@transaction.atomic
def archive_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    row = changes.lock(campaign, version=version)
    if row.is_running or row.is_paused:
        raise CampaignClosed(_("“%(name)s” is still under way. Stop it first.") % {"name": row})
    return changes.archive(actor=actor, obj=row)


def restore_campaign(*, actor: Membership | None, campaign: Campaign, version: int | None = None) -> Campaign:
    return changes.restore(actor=actor, obj=campaign, version=version)


def _demand(campaign: Campaign, *statuses: str) -> None:
    if campaign.status not in statuses:
        raise CampaignClosed(
            _("“%(name)s” is %(status)s, so this cannot be done now.")
            % {"name": campaign, "status": campaign.get_status_display()}
        )


def _refuse_bad_name() -> None:
    sentences = {
        CampaignPause.BOUNCES: _(
            "Too many of the latest surveys came back. An admin looks through the suppressed addresses first."
        ),
        CampaignPause.COMPLAINTS: _(
            "Too many recipients reported the latest surveys as spam. "
            "An admin looks through the suppressed addresses first."
        ),
    }
    if reason := brake():
        raise CampaignClosed(sentences[CampaignPause(reason)])
