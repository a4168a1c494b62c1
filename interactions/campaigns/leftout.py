"""Who fits a campaign's audience and was not asked, with the reason: the answer to "why did she get no survey?"."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.dispatch.suppression import suppressed_among
from clients.models import Contact
from interactions.campaigns import audience
from interactions.campaigns.clock import Clock
from interactions.campaigns.counting import LATER, REASONS, reason_of
from interactions.campaigns.sampling import is_sampled
from interactions.choices import CampaignStatus
from interactions.models import Campaign, SurveyInvitation


def left_out(campaign: Campaign, clock: Clock) -> QuerySet[Contact]:
    """Contacts of the audience without an invitation of the campaign, each with ``reason``."""
    asked = SurveyInvitation.objects.filter(campaign=campaign).values("contact_id")
    rows = audience.contacts_of(campaign, clock.today).exclude(pk__in=asked)
    return rows.annotate(reason=reason_of(campaign, clock)).select_related("client")


def in_words(campaign: Campaign, contacts: Iterable[Any]) -> list[tuple[Contact, Any]]:
    """Each contact of a page with the reason in words; one statement, for the suppressed addresses."""
    people = list(contacts)
    suppressed = suppressed_among(person.email for person in people if person.email)
    words = {**REASONS, **LATER}
    return [(person, words[_reason(campaign, person, suppressed)]) for person in people]


def _reason(campaign: Campaign, contact: Any, suppressed: set[str]) -> str:
    if contact.reason:
        return str(contact.reason)
    if contact.email.strip().lower() in suppressed:
        return "suppressed"
    if not is_sampled(campaign.pk, contact.pk, "", campaign.sample_percent):
        return "sampled_out"
    if campaign.one_per_client:
        return "same_client"
    is_under_way = campaign.status in (CampaignStatus.DRAFT, CampaignStatus.RUNNING, CampaignStatus.PAUSED)
    return "not_yet" if is_under_way or not campaign.is_one_off else "too_late"
