"""Whom a campaign reaches, who is left out and why, and when occasions come."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import Role
from accounts.dispatch.suppression import suppress
from accounts.models import OrganizationSettings
from accounts.tenancy.context import tenant
from clients.models import Contact, LifecyclePeriod
from interactions import services
from interactions.campaigns.clock import read_clock
from interactions.campaigns.counting import count, why_not
from interactions.campaigns.turning import run_campaigns
from interactions.exceptions import CampaignClosed
from interactions.models import Campaign, SurveyInvitation
from tests.factories.clients import (
    ClientFactory,
    ClientTagFactory,
    ContactFactory,
    ContractFactory,
    ContractLineFactory,
    ProductFactory,
)
from tests.factories.interactions import InteractionFactory, ParticipantFactory, SurveyFactory
from tests.factories.managers import AccountManagerFactory, TeamFactory


@pytest.fixture
def survey(inside):
    OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[], time_zone="UTC")
    return SurveyFactory()


@pytest.fixture
def draft(member, survey):
    def add(**fields):
        return services.add_campaign(actor=member, name="Spring", survey=survey, **fields)

    return add


def to_ask(campaign):
    return services.headcount(campaign=campaign).to_ask


def test_every_criterion_narrows_the_audience(draft):
    team = TeamFactory()
    manager = AccountManagerFactory(team=team)
    product = ProductFactory()
    wanted = ClientFactory(tier="strategic", lifecycle="active", country="SA", segment="Retail", main_manager=manager)
    ContractLineFactory(contract__client=wanted, product=product)
    tag = ClientTagFactory(client=wanted).tag
    ContactFactory(client=wanted, role="champion")
    ContactFactory(client=ClientFactory(tier="scale", lifecycle="renewing", country="EG"), role="user")
    assert to_ask(draft()) == 2
    for audience in (
        {"tiers": ["strategic"]},
        {"lifecycles": ["active"]},
        {"products": [product]},
        {"managers": [manager]},
        {"teams": [str(team.pk)]},
        {"tags": [tag.pk]},
        {"countries": ["SA"]},
        {"segments": ["Retail"]},
        {"roles": ["champion"]},
        {"tiers": ["strategic", "core"], "roles": ["champion", "user"]},
    ):
        assert to_ask(draft(audience=audience)) == 1, audience


def test_clients_that_left_are_asked_only_when_they_are_chosen(draft):
    ContactFactory(client__lifecycle="churned")
    assert to_ask(draft()) == 0
    assert to_ask(draft(audience={"lifecycles": ["churned"]})) == 1


@pytest.mark.parametrize(
    "audience",
    [{"colours": ["red"]}, {"tiers": ["golden"]}, {"products": ["x"]}, {"countries": ["Egypt"]}, {"tiers": "core"}, []],
)
def test_an_audience_that_makes_no_sense_is_refused(draft, audience):
    with pytest.raises(ValidationError) as caught:
        draft(audience=audience)
    assert "audience" in caught.value.message_dict


def test_everybody_of_the_audience_is_counted_once(draft):
    client = ClientFactory(lifecycle="active")
    today = timezone.localdate()
    ContactFactory(client=client, left_on=today)
    ContactFactory(client=client, email="")
    ContactFactory(client=client, survey_consent=False)
    resting = ContactFactory(client=client, last_surveyed_on=today - timedelta(days=10))
    suppressed = ContactFactory(client=client, email="Gone@client.example")
    suppress(address=suppressed.email, reason="manual")
    willing = ContactFactory(client=client)
    ContactFactory(client=client, archived_at=timezone.now())
    campaign = draft()

    found = services.headcount(campaign=campaign)

    assert (found.matching, found.to_ask, found.clients) == (6, 1, 1)
    reasons = {name: n for name, n in found.left_out.items() if n}
    assert reasons == {"left": 1, "no_email": 1, "no_consent": 1, "resting": 1, "suppressed": 1}
    clock = read_clock()
    assert [why_not(campaign, each, clock) for each in (resting, suppressed, willing)] == ["resting", "suppressed", ""]


def test_a_shorter_rest_asks_more(draft):
    ContactFactory(last_surveyed_on=timezone.localdate() - timedelta(days=30))
    assert [to_ask(draft(rest_days=days)) for days in (90, 31, 30, 0)] == [0, 0, 1, 1]


def test_one_contact_of_each_client_is_the_primary_one(draft, member):
    first, second = ClientFactory(lifecycle="active"), ClientFactory(lifecycle="active")
    for client in (first, second):
        ContactFactory.create_batch(3, client=client)
    primary = ContactFactory(client=first, is_primary=True)
    high = ContactFactory(client=second, influence="high")
    campaign = draft(one_per_client=True)
    found = services.headcount(campaign=campaign)
    assert (found.to_ask, found.left_out["same_client"]) == (2, 6)
    services.start_campaign(actor=member, campaign=campaign)
    assert run_campaigns() == 2
    asked = set(SurveyInvitation.objects.values_list("contact_id", flat=True))
    assert asked == {primary.pk, high.pk}


def test_a_sample_is_the_same_people_each_time_and_about_its_share(draft, member):
    ContactFactory.create_batch(200, client=ClientFactory(lifecycle="active"))
    campaign = draft(sample_percent=25)
    first, second = services.headcount(campaign=campaign), services.headcount(campaign=campaign)
    assert first == second
    assert 30 <= first.to_ask <= 70
    assert first.to_ask + first.left_out["sampled_out"] == 200
    services.start_campaign(actor=member, campaign=campaign)
    assert run_campaigns() == first.to_ask
    assert to_ask(draft(sample_percent=25, rest_days=0)) != 200


def test_a_lead_reaches_the_clients_they_see(organization, cast, survey):
    lead = cast[Role.LEAD]
    mine = AccountManagerFactory(member=lead)
    ContactFactory(client=ClientFactory(main_manager=mine))
    ContactFactory(client=ClientFactory(main_manager=AccountManagerFactory()))
    campaign = services.add_campaign(actor=lead, name="Mine", survey=survey)
    assert to_ask(campaign) == 1
    # Whoever starts it: what counts is who made it.
    services.start_campaign(actor=cast[Role.ADMIN], campaign=campaign)
    assert run_campaigns() == 1


def test_a_campaign_of_nobody_reaches_nobody(survey):
    ContactFactory()
    assert to_ask(Campaign.objects.create(name="Orphan", survey=survey)) == 0


def test_counting_costs_four_statements_however_many(draft, django_assert_max_num_queries):
    ContactFactory.create_batch(3)
    campaign = draft()
    clock = read_clock()
    with django_assert_max_num_queries(4):
        count(campaign, clock)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"trigger": "full_moon"}, "trigger"),
        ({"trigger": "after_interaction", "trigger_value": "duel"}, "trigger_value"),
        ({"reminders": [4, 10, 15]}, "reminders"),
        ({"reminders": [10, 4]}, "reminders"),
        ({"reminders": ["4"]}, "reminders"),
        ({"reminders": [30]}, "reminders"),
        ({"sample_percent": 0}, "sample_percent"),
        ({"expires_after_days": 0}, "expires_after_days"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused_at_its_field(draft, fields, name):
    with pytest.raises(ValidationError) as caught:
        draft(**fields)
    assert name in caught.value.message_dict


def test_once_started_only_the_name_can_change(draft, member):
    ContactFactory()
    campaign = draft(trigger="quarterly", trigger_hours=5)
    assert (campaign.trigger_days, campaign.trigger_hours) == (0, None)
    campaign = services.change_campaign(actor=member, campaign=campaign, rest_days=30, audience={"tiers": ["core"]})
    assert campaign.audience == {"tiers": ["core"]}
    campaign = services.start_campaign(actor=member, campaign=campaign)
    assert services.change_campaign(actor=member, campaign=campaign, name="New").name == "New"
    with pytest.raises(CampaignClosed):
        services.change_campaign(actor=member, campaign=campaign, rest_days=10)
    with pytest.raises(CampaignClosed):
        services.start_campaign(actor=member, campaign=campaign)
    with pytest.raises(CampaignClosed):
        services.archive_campaign(actor=member, campaign=campaign)
    campaign = services.stop_campaign(actor=member, campaign=campaign)
    assert services.archive_campaign(actor=member, campaign=campaign).is_archived
    assert not services.restore_campaign(actor=member, campaign=campaign).is_archived


def test_a_campaign_is_not_started_for_nobody_or_with_a_resting_survey(draft, member, survey):
    campaign = draft()
    with pytest.raises(CampaignClosed, match="Nobody"):
        services.start_campaign(actor=member, campaign=campaign)
    ContactFactory()
    services.change_survey(actor=member, survey=survey, is_active=False)
    with pytest.raises(CampaignClosed, match="not active"):
        services.start_campaign(actor=member, campaign=campaign)


# Occasions


def run_at(moment):
    with time_machine.travel(moment, tick=False):
        return run_campaigns()


@pytest.fixture
def started(draft, member):
    def begin(moment, **fields):
        with time_machine.travel(moment, tick=False):
            return services.start_campaign(actor=member, campaign=draft(**fields))

    return begin


def day(text, hour=10):
    return datetime.fromisoformat(f"{text}T{hour:02}:00:00").replace(tzinfo=UTC)


def test_every_quarter_asks_each_contact_once(started):
    ContactFactory()
    campaign = started(day("2026-11-20"), trigger="quarterly", trigger_days=14, rest_days=30)
    assert [run_at(day(on)) for on in ("2026-11-20", "2026-12-25")] == [1, 0]
    late = ContactFactory()
    assert [run_at(day(on)) for on in ("2026-12-26", "2027-01-05", "2027-01-15", "2027-03-01")] == [1, 0, 1, 1]
    # The one asked on the 26th of December had rested by the end of January.
    assert run_at(day("2027-03-02")) == 0
    periods = SurveyInvitation.objects.filter(campaign=campaign).exclude(contact=late).values_list("period", flat=True)
    assert sorted(periods) == ["2026Q4", "2027Q1"]


def test_after_onboarding_asks_on_its_day_and_not_for_what_was_long_ago(started):
    new, old = ContactFactory(), ContactFactory()
    for contact, ended in ((new, "2026-11-10"), (old, "2026-01-10")):
        LifecyclePeriod.objects.create(
            client=contact.client, lifecycle="onboarding", from_on="2025-12-01", until_on=ended
        )
    started(day("2026-11-01"), trigger="after_onboarding", trigger_days=5)
    assert [run_at(day(on)) for on in ("2026-11-14", "2026-11-15", "2026-11-16", "2026-11-20")] == [0, 1, 0, 0]
    invitation = SurveyInvitation.objects.get()
    assert (invitation.contact_id, invitation.period) == (new.pk, "onboarding:2026-11-10")


def test_before_a_contract_ends_asks_again_when_it_was_renewed(started):
    contact = ContactFactory()
    contract = ContractFactory(client=contact.client, starts_on="2026-01-01", ends_on="2026-12-31")
    started(day("2026-11-01"), trigger="before_contract_end", trigger_days=30, rest_days=0)
    assert [run_at(day(on)) for on in ("2026-11-30", "2026-12-01", "2026-12-02")] == [0, 1, 0]
    contract.ends_on = "2027-12-31"
    contract.save()
    assert [run_at(day(on)) for on in ("2026-12-03", "2027-12-01", "2027-12-03")] == [0, 1, 0]
    assert SurveyInvitation.objects.count() == 2


def test_a_missed_day_is_caught_up_within_a_week(started):
    contact = ContactFactory()
    ContractFactory(client=contact.client, starts_on="2026-01-01", ends_on="2026-12-31")
    started(day("2026-11-01"), trigger="before_contract_end", trigger_days=30)
    assert run_at(day("2026-12-07")) == 1


def test_after_a_ticket_those_who_took_part_are_asked_or_else_the_primary_contact(started):
    client = ClientFactory(lifecycle="active")
    primary, other = ContactFactory(client=client, is_primary=True), ContactFactory(client=client)
    started(day("2026-11-20", 8), trigger="after_interaction", trigger_value="ticket", trigger_hours=2, rest_days=0)
    named = InteractionFactory(client=client, kind="ticket", happened_at=day("2026-11-20", 9))
    ParticipantFactory(interaction=named, contact=other)
    InteractionFactory(client=client, kind="call", happened_at=day("2026-11-20", 9))
    InteractionFactory(client=client, kind="ticket", happened_at=day("2026-11-20", 5))
    assert [run_at(day("2026-11-20", hour)) for hour in (10, 11, 12)] == [0, 1, 0]
    assert SurveyInvitation.objects.get().contact_id == other.pk
    InteractionFactory(client=client, kind="ticket", happened_at=day("2026-11-21", 9))
    assert run_at(day("2026-11-21", 12)) == 1
    assert SurveyInvitation.objects.filter(contact=primary).count() == 1


def test_organizations_do_not_meet(started, other_organization, member):
    ContactFactory()
    with tenant(other_organization.pk, switch=True):
        ContactFactory()
    campaign = started(timezone.now())
    assert run_campaigns() == 1
    assert campaign.expected == 1
    assert Contact.objects.filter(last_surveyed_on=None).count() == 0
