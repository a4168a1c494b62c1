"""One step of a running campaign: the next few hundred rows become invitations and messages."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from accounts.dispatch.suppression import suppressed_among
from clients.models import Contact
from interactions import tokens
from interactions.campaigns import audience
from interactions.campaigns.clock import Clock
from interactions.campaigns.sampling import best_of, is_sampled
from interactions.campaigns.triggers import Occasion, trigger_of
from interactions.models import Campaign, SurveyInvitation

SURVEY_MAIL = "survey"
BATCH = 500


class Chosen(NamedTuple):
    contact: Contact
    period: str


class Step(NamedTuple):
    """What one step did; ``is_last`` when no row is left to look at for now."""

    asked: int
    cursor: UUID | None
    is_last: bool


@transaction.atomic
def ask_next(campaign: Campaign, clock: Clock) -> Step:
    """Ask at the next occasions after the cursor. The caller holds the lock on the campaign's row."""
    occasions = trigger_of(campaign).page(campaign, clock, campaign.cursor, BATCH)
    asked = _invite(campaign, _choose(campaign, occasions, clock), clock)
    is_last = len(occasions) < BATCH
    return Step(asked, None if is_last else occasions[-1].row, is_last)


def _choose(campaign: Campaign, occasions: list[Occasion], clock: Clock) -> list[Chosen]:
    """Who is to be asked at these occasions: each contact once, nobody whom the campaign asked there before."""
    people = _people(campaign, occasions, clock)
    asked = SurveyInvitation.objects.filter(campaign=campaign, period__in={each.period for each in occasions}).filter(
        client_id__in={each.client for each in occasions}
    )
    taken = set(asked.values_list("client_id", "contact_id", "period"))
    done = {(client, period) for client, _contact, period in taken}
    chosen: dict[UUID, Chosen] = {}
    for occasion in occasions:
        if occasion.takes_one and (occasion.client, occasion.period) in done:
            continue
        done.add((occasion.client, occasion.period))
        for contact in _asked_at(campaign, occasion, people[occasion.client]):
            if (contact.client_id, contact.pk, occasion.period) not in taken:
                chosen.setdefault(contact.pk, Chosen(contact, occasion.period))
    return list(chosen.values())


def _people(campaign: Campaign, occasions: list[Occasion], clock: Clock) -> dict[UUID, list[Contact]]:
    """The askable contacts of the occasions' clients; where an occasion is about named people alone, only those."""
    rows = audience.askable(audience.contacts_of(campaign, clock.today), campaign.rest_days, clock.today)
    if all(occasion.contacts and occasion.is_strict for occasion in occasions):
        rows = rows.filter(pk__in=[contact for occasion in occasions for contact in occasion.contacts])
    else:
        rows = rows.filter(client_id__in={occasion.client for occasion in occasions})
    found = list(rows.select_related("client").order_by("pk"))
    suppressed = suppressed_among(contact.email for contact in found)
    people: dict[UUID, list[Contact]] = defaultdict(list)
    for contact in found:
        if contact.email.strip().lower() not in suppressed:
            people[contact.client_id].append(contact)
    return people


def _asked_at(campaign: Campaign, occasion: Occasion, people: list[Contact]) -> list[Contact]:
    named = [contact for contact in people if not occasion.contacts or contact.pk in occasion.contacts]
    pool = named if named or occasion.is_strict else people
    sample = [
        contact for contact in pool if is_sampled(campaign.pk, contact.pk, occasion.period, campaign.sample_percent)
    ]
    takes_one = occasion.takes_one or pool is not named
    return [best_of(campaign.pk, sample, occasion.period)] if sample and takes_one else sample


def _invite(campaign: Campaign, chosen: list[Chosen], clock: Clock) -> int:
    """Take the rest periods, then write invitations and messages, each once whoever else is at it."""
    free = _take_rest_periods(campaign, chosen, clock)
    drafts = [_invitation(campaign, each, clock) for each in chosen if each.contact.pk in free]
    due = {invitation.pk: moment for invitation, moment in drafts}
    SurveyInvitation.objects.bulk_create(
        [invitation for invitation, _moment in drafts], ignore_conflicts=True, batch_size=BATCH
    )
    written = set(SurveyInvitation.objects.filter(pk__in=due).values_list("pk", flat=True))
    _queue([(invitation, due[invitation.pk]) for invitation, _moment in drafts if invitation.pk in written], clock.now)
    return len(written)


def _take_rest_periods(campaign: Campaign, chosen: list[Chosen], clock: Clock) -> set[UUID]:
    """Those who were still free when it was their turn; in the order of keys, so that two never wait in a ring."""
    wanted = Contact.objects.filter(pk__in=[each.contact.pk for each in chosen])
    free = audience.askable(wanted, campaign.rest_days, clock.today).select_for_update(of=("self",)).order_by("pk")
    keys = set(free.values_list("pk", flat=True))
    Contact.objects.filter(pk__in=keys).update(last_surveyed_on=clock.today)
    return keys


def _invitation(campaign: Campaign, chosen: Chosen, clock: Clock) -> tuple[SurveyInvitation, datetime]:
    contact = chosen.contact
    due_at = clock.allowed(max(clock.now, campaign.starts_at or clock.now), contact.client.time_zone)
    invitation = SurveyInvitation(
        survey_id=campaign.survey_id,
        campaign=campaign,
        period=chosen.period,
        client_id=contact.client_id,
        contact=contact,
        sent_by=campaign.created_by,
        asked_on=clock.today,
        language=contact.language or contact.client.language or clock.settings.language,
        expires_at=due_at + timedelta(days=campaign.expires_after_days),
        next_reminder_at=_first_reminder(campaign, due_at, clock),
    )
    invitation.token_digest = tokens.digest_for(invitation.pk)
    return invitation, due_at


def _first_reminder(campaign: Campaign, due_at: datetime, clock: Clock) -> datetime | None:
    if not campaign.reminders:
        return None
    return clock.later(due_at, campaign.reminders[0], in_working_days=campaign.reminds_on_working_days)


def _queue(invitations: Iterable[tuple[SurveyInvitation, datetime]], now: datetime) -> None:
    """What is due now is so by the database's clock; ours may be a little off."""
    by_moment: dict[datetime | None, list[queue.Draft]] = defaultdict(list)
    for invitation, due_at in invitations:
        draft = queue.Draft(invitation.send_key, invitation.contact.email, {"invitation": str(invitation.pk)})
        by_moment[due_at if due_at > now else None].append(draft)
    for due_at, drafts in by_moment.items():
        queue.enqueue_many(kind=SURVEY_MAIL, lane=Lane.BULK, due_at=due_at, drafts=drafts)
