"""What the clock does for campaigns: it takes the running ones a step further and ends those that are done."""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from accounts.dispatch.reputation import MOST_BOUNCED, reputation
from accounts.services import changes
from interactions.campaigns.asking import ask_next
from interactions.campaigns.clock import Clock, read_clock
from interactions.campaigns.delivery import hold_back
from interactions.choices import UNANSWERED_STATUSES, CampaignPause, CampaignStatus
from interactions.models import Campaign, SurveyInvitation
from interactions.signals import campaign_finished, campaign_paused

logger = logging.getLogger(__name__)

# One turn takes so many campaigns of one organization, each a few hundred rows.
CAMPAIGNS = 10
# How often one with a trigger looks for occasions, and one that has asked everybody whether it is over.
LOOK_EVERY = timedelta(minutes=5)
END_EVERY = timedelta(minutes=1)


@transaction.atomic
def run_campaigns(now: datetime | None = None) -> int:
    """Take every running campaign of the organization one step further; answers how many contacts were asked.

    Two clocks may run: the campaign's row is locked, and the one that comes second passes on.
    """
    if not Campaign.objects.filter(status=CampaignStatus.RUNNING).exists():
        return 0
    reason = brake()
    if reason:
        _pause_all(reason)
        return 0
    clock = read_clock(now)
    rows = _due(clock.now).select_related("created_by__user")
    campaigns = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("looked_at", "pk")[:CAMPAIGNS])
    return sum(_turn_alone(campaign, clock) for campaign in campaigns)


def brake() -> str:
    """Why no campaign may send now, one of ``CampaignPause``, or ""."""
    name = reputation()
    if name.is_good:
        return ""
    return CampaignPause.BOUNCES if name.bounce_rate > MOST_BOUNCED else CampaignPause.COMPLAINTS


def _pause_all(reason: str) -> None:
    running = Campaign.objects.filter(status=CampaignStatus.RUNNING)
    for campaign in running.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        paused = changes.change(
            actor=None, obj=campaign, verb="paused", status=CampaignStatus.PAUSED, pause_reason=reason
        )
        hold_back(paused)
        campaign_paused.send(Campaign, campaign=paused, actor=None)


def _due(now: datetime) -> QuerySet[Campaign]:
    walking = Q(trigger="", walked_at=None)
    looking = ~Q(trigger="") & (Q(looked_at=None) | Q(looked_at__lte=now - LOOK_EVERY))
    ending = Q(trigger="", walked_at__isnull=False) & (Q(looked_at=None) | Q(looked_at__lte=now - END_EVERY))
    running = Campaign.objects.current().filter(status=CampaignStatus.RUNNING)
    return running.filter(Q(starts_at=None) | Q(starts_at__lte=now)).filter(walking | looking | ending)


def _turn_alone(campaign: Campaign, clock: Clock) -> int:
    """One campaign's failure is its own: the others of the organization go on."""
    try:
        with transaction.atomic():
            return _turn(campaign, clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The campaign %s could not be taken further.", campaign.pk)
        return 0


def _turn(campaign: Campaign, clock: Clock) -> int:
    """The engine's columns are written past ``changes``: nobody decided anything, and no version moves."""
    if campaign.is_one_off and campaign.walked_at is not None:
        _end_if_over(campaign, clock)
        return 0
    step = ask_next(campaign, clock)
    places = {"cursor": step.cursor}
    if step.is_last:
        places |= {"looked_at": clock.now}
        places |= {"walked_at": clock.now} if campaign.is_one_off else {}
    Campaign.objects.filter(pk=campaign.pk).update(**places)
    return step.asked


def _end_if_over(campaign: Campaign, clock: Clock) -> None:
    """It is over when nobody can answer any more."""
    waiting = SurveyInvitation.objects.filter(campaign=campaign, status__in=UNANSWERED_STATUSES)
    if waiting.exists():
        Campaign.objects.filter(pk=campaign.pk).update(looked_at=clock.now)
        return
    over = changes.change(
        actor=None, obj=campaign, verb="finished", status=CampaignStatus.FINISHED, finished_at=clock.now
    )
    campaign_finished.send(Campaign, campaign=over)
