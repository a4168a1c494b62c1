from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from clients.choices import OPEN_STAGES, OpportunityStage
from clients.exceptions import ForeignRow, OpportunityClosed
from clients.models import Client, Opportunity, StagePeriod
from clients.services import writing
from clients.services.products import refuse_archived_product
from clients.signals import opportunity_opened
from managers.models import AccountManager
from managers.services.managers import refuse_left


@transaction.atomic
def add_opportunity(
    *,
    actor: Membership | None,
    client: Client,
    name: str,
    owner: AccountManager | None = None,
    currency: str = "",
    stage: str = OpportunityStage.IDENTIFIED,
    **fields: Any,
) -> Opportunity:
    """Open a chance to sell more. It belongs to the client's main manager, unless somebody else is named.

    ``fields``: kind, product, need, amount_minor (None: unknown), expected_close_on (None: unknown).
    """
    if stage not in OPEN_STAGES:
        raise OpportunityClosed(_("A new opportunity is open. Add it first, then win or lose it."))
    refuse_archived_product(fields.get("product"))
    if owner is not None:
        refuse_left(owner)
    opportunity = Opportunity(
        client=client,
        name=name,
        owner=owner or client.main_manager or _themselves(actor),
        currency=currency or writing.currency_for(actor, client),
        stage=stage,
        **fields,
    )
    opportunity = writing.add(actor=actor, client=client, obj=opportunity, verb="opened")
    StagePeriod.objects.create(opportunity=opportunity, stage=stage, from_at=timezone.now())
    opportunity_opened.send(Opportunity, opportunity=opportunity, actor=actor)
    return opportunity


@transaction.atomic
def change_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, version: int | None = None, **fields: Any
) -> Opportunity:
    """Change facts about an open opportunity. Its stage moves by ``move_opportunity``, win and lose."""
    if "client" in fields and fields.pop("client") != opportunity.client:
        raise ForeignRow(_("An opportunity stays with its client. Add a new one for the other client."))
    if fields.get("product") != opportunity.product:
        refuse_archived_product(fields.get("product"))
    if fields.get("owner") is not None:
        refuse_left(fields["owner"])
    changed = writing.change(actor=actor, client=opportunity.client, obj=opportunity, version=version, **fields)
    refuse_closed(changed)
    return changed


def archive_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, version: int | None = None
) -> Opportunity:
    return writing.archive(actor=actor, client=opportunity.client, obj=opportunity, version=version)


def restore_opportunity(
    *, actor: Membership | None, opportunity: Opportunity, version: int | None = None
) -> Opportunity:
    return writing.restore(actor=actor, client=opportunity.client, obj=opportunity, version=version)


def refuse_closed(opportunity: Opportunity) -> None:
    if opportunity.stage == OpportunityStage.WON:
        raise OpportunityClosed(_("“%(name)s” is already won. Reopen it first.") % {"name": opportunity.name})
    if opportunity.stage == OpportunityStage.LOST:
        raise OpportunityClosed(_("“%(name)s” is already lost. Reopen it first.") % {"name": opportunity.name})


def _themselves(actor: Membership | None) -> AccountManager | None:
    return AccountManager.objects.of_member(actor).first() if actor is not None else None
