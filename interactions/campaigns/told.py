"""What the latest campaigns have to do with one contact: asked, or why not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from clients.models import Contact
from interactions.campaigns import leftout
from interactions.campaigns.clock import Clock
from interactions.choices import CampaignStatus
from interactions.models import Campaign, SurveyInvitation

if TYPE_CHECKING:
    from accounts.models import Membership

# Each costs a statement or two, and older ones are in the list of campaigns.
LATEST = 8


@dataclass(frozen=True)
class Told:
    """One campaign: the newest invitation of the contact, or the reason that there is none."""

    campaign: Campaign
    invitation: SurveyInvitation | None
    reason: Any


def campaigns_of(contact: Contact, clock: Clock, member: "Membership") -> list[Told]:
    rows = Campaign.objects.current().visible_to(member).exclude(status=CampaignStatus.DRAFT)
    campaigns = list(rows.select_related("survey", "created_by__user").order_by("-created_at", "-pk")[:LATEST])
    mine = SurveyInvitation.objects.filter(contact=contact, campaign__in=campaigns).order_by("created_at", "pk")
    invitations = {row.campaign_id: row for row in mine}
    return [_tell(campaign, invitations.get(campaign.pk), contact, clock) for campaign in campaigns]


def _tell(campaign: Campaign, invitation: SurveyInvitation | None, contact: Contact, clock: Clock) -> Told:
    return Told(campaign, invitation, "" if invitation else _reason(campaign, contact, clock))


def _reason(campaign: Campaign, contact: Contact, clock: Clock) -> Any:
    found = leftout.in_words(campaign, leftout.left_out(campaign, clock).filter(pk=contact.pk))
    return found[0][1] if found else _("outside the audience")
