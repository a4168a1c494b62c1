"""The way of an opportunity: identified, qualified, proposed, then won or lost, and back when it was too early."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.choices import OPEN_STAGES, OpportunityStage
from clients.exceptions import LostReasonMissing, OpportunityOpen
from clients.models import Opportunity, StagePeriod
from clients.services import writing
from clients.services.opportunities import refuse_closed
from clients.signals import opportunity_lost, opportunity_won


@transaction.atomic
def move_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, stage: str, reason: str = "", version: int | None = None
) -> Opportunity:
    """Move to a stage; won and lost are won and lost, whichever way one gets there. The same stage changes nothing."""
    if stage == OpportunityStage.WON:
        return win_opportunity(actor=actor, opportunity=opportunity, version=version)
    if stage == OpportunityStage.LOST:
        return lose_opportunity(actor=actor, opportunity=opportunity, reason=reason, version=version)
    locked = changes.lock(opportunity, version=version)
    refuse_closed(locked)
    if locked.stage == stage:
        return locked
    return _enter(actor, locked, stage, verb="moved")


@transaction.atomic
def win_opportunity(*, actor: Membership | None, opportunity: Opportunity, version: int | None = None) -> Opportunity:
    """Close an open opportunity as won, and let the other apps know."""
    locked = changes.lock(opportunity, version=version)
    refuse_closed(locked)
    won = _enter(actor, locked, OpportunityStage.WON, verb="won", closed_at=timezone.now())
    opportunity_won.send(Opportunity, opportunity=won, actor=actor)
    return won


@transaction.atomic
def lose_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, reason: str, version: int | None = None
) -> Opportunity:
    """Close an open opportunity as lost, and say why."""
    locked = changes.lock(opportunity, version=version)
    refuse_closed(locked)
    if not reason.strip():
        raise LostReasonMissing({"reason": _("Say why it was lost: the next offer learns from it.")})
    lost = _enter(
        actor, locked, OpportunityStage.LOST, verb="lost", closed_at=timezone.now(), lost_reason=reason.strip()
    )
    opportunity_lost.send(Opportunity, opportunity=lost, actor=actor)
    return lost


@transaction.atomic
def reopen_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, version: int | None = None
) -> Opportunity:
    """Open a won or lost opportunity again, where it stood before."""
    locked = changes.lock(opportunity, version=version)
    if locked.is_open:
        raise OpportunityOpen(_("“%(name)s” is open. There is nothing to reopen.") % {"name": locked.name})
    before = locked.stage_periods.filter(stage__in=OPEN_STAGES).order_by("from_at").last()
    stage = before.stage if before else OpportunityStage.PROPOSED
    return _enter(actor, locked, stage, verb="reopened", closed_at=None, lost_reason="")


def _enter(actor: Membership | None, opportunity: Opportunity, stage: str, *, verb: str, **fields: Any) -> Opportunity:
    moved = writing.change(actor=actor, client=opportunity.client, obj=opportunity, verb=verb, stage=stage, **fields)
    now = timezone.now()
    StagePeriod.objects.current().filter(opportunity=moved).update(until_at=now)
    StagePeriod.objects.create(opportunity=moved, stage=stage, from_at=now)
    return moved
