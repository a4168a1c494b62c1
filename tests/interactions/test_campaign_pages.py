"""The pages of campaigns: what they show to whom, and what their buttons do."""

from datetime import time

import pytest

from accounts.choices import Role
from accounts.models import OrganizationSettings
from accounts.tenancy.context import tenant
from interactions import services
from interactions.campaigns.turning import run_campaigns
from interactions.models import Campaign, SurveyInvitation
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import CampaignFactory, SurveyFactory
from tests.statements import assert_at_most, statements

HTMX = {"HX-Request": "true"}


@pytest.fixture
def survey(inside):
    OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[])
    return SurveyFactory(name="Relationship")


@pytest.fixture
def people(inside):
    return ContactFactory.create_batch(3, client=ClientFactory(lifecycle="active"))


@pytest.fixture
def running(member, survey, people):
    campaign = services.add_campaign(actor=member, name="Spring round", survey=survey)
    campaign = services.start_campaign(actor=member, campaign=campaign)
    run_campaigns()
    return campaign


def body(survey, **fields):
    kept = {"sample_percent": "100", "rest_days": "90", "expires_after_days": "30", "trigger": ""}
    return {"name": "Autumn", "survey": survey.pk, **kept, **fields}


def path(inside_url, name, campaign=None):
    return inside_url(f"interactions:campaign-{name}", *([campaign.pk] if campaign else []))


def test_a_campaign_is_made_started_paused_resumed_and_stopped(page, inside_url, survey, people, member):
    response = page.post(
        path(inside_url, "add"), body(survey, tiers=["core"], reminder_1="4", reminder_2="10", one_per_client="on")
    )
    campaign = Campaign.objects.get()
    assert response.status_code == 302
    assert response["Location"].endswith(f"/campaigns/{campaign.pk}/")
    assert (campaign.audience, campaign.reminders, campaign.created_by) == ({"tiers": ["core"]}, [4, 10], member)
    page.post(path(inside_url, "change", campaign), body(survey, name="Winter", version=campaign.version))
    campaign.refresh_from_db()
    assert (campaign.name, campaign.audience, campaign.reminders) == ("Winter", {}, [])
    for verb, status in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert page.post(path(inside_url, verb, campaign)).status_code == 302
        campaign.refresh_from_db()
        assert campaign.status == status
    page.post(path(inside_url, "archive", campaign))
    assert "Winter" not in page.get(path(inside_url, "list")).content.decode()


def test_the_form_counts_before_anything_is_sent(page, inside_url, survey, people):
    ContactFactory(client=people[0].client, survey_consent=False)
    fragment = page.post(path(inside_url, "headcount"), {**body(survey), "name": "", "survey": ""}, headers=HTMX)
    text = fragment.content.decode()
    assert fragment.status_code == 200
    assert ">3</strong>" in text
    assert "does not want to be surveyed" in text
    # Without JavaScript a button of the same form does it, and what was typed stays.
    text = page.post(path(inside_url, "add"), body(survey, count="1", name="Kept")).content.decode()
    assert ">3</strong>" in text
    assert 'value="Kept"' in text
    assert not Campaign.objects.exists()
    wrong = page.post(path(inside_url, "headcount"), body(survey, sample_percent="0"), headers=HTMX).content.decode()
    assert "Correct the marked fields" in wrong


def test_the_form_says_what_does_not_hold(page, inside_url, survey):
    response = page.post(
        path(inside_url, "add"), body(survey, trigger="after_interaction", reminder_1="10", reminder_2="4")
    )
    assert response.status_code == 422
    assert "Choose one of the kinds." in response.content.decode()


def test_the_page_of_a_running_campaign_asks_for_its_progress(page, inside_url, running):
    text = page.get(path(inside_url, "detail", running)).content.decode()
    assert 'hx-trigger="every 2s"' in text
    assert "0 of 3 sent" in text
    fragment = page.get(path(inside_url, "progress", running), {"status": "running"}, headers=HTMX)
    assert "<html" not in fragment.content.decode()
    assert "HX-Refresh" not in fragment.headers
    services.pause_campaign(actor=running.created_by, campaign=running)
    assert page.get(path(inside_url, "progress", running), {"status": "running"}, headers=HTMX)["HX-Refresh"] == "true"
    assert "every " not in page.get(path(inside_url, "progress", running)).content.decode()


def test_invitations_are_found_by_status_and_name(page, inside_url, running, people):
    SurveyInvitation.objects.filter(contact=people[0]).update(status="answered")
    url = path(inside_url, "detail", running)
    answered = page.get(url, {"status": "answered"}, headers=HTMX).content.decode()
    assert people[0].name in answered
    assert people[1].name not in answered
    named = page.get(url, {"q": people[1].name}, headers=HTMX).content.decode()
    assert people[1].name in named
    assert "No invitation fits" in page.get(url, {"q": "nobody at all"}, headers=HTMX).content.decode()
    assert page.get(url, {"cursor": "made up"}).status_code == 400


def test_who_was_not_asked_stands_there_with_the_reason(page, inside_url, running, people):
    ContactFactory(client=people[0].client, name="Reem Resting", last_surveyed_on=people[0].created_at.date())
    ContactFactory(client=people[0].client, name="Noor No", survey_consent=False)
    text = page.get(path(inside_url, "left-out", running)).content.decode()
    assert "asked a short while ago" in text
    assert "does not want to be surveyed" in text
    assert people[0].name not in text
    assert "Noor" not in page.get(path(inside_url, "left-out", running), {"q": "reem"}).content.decode()


def test_the_audience_stands_in_words(page, inside_url, survey, member):
    tiers = {"tiers": ["core", "scale"], "countries": ["SA"]}
    campaign = services.add_campaign(actor=member, name="x", survey=survey, audience=tiers, reminders=[4, 10])
    text = page.get(path(inside_url, "detail", campaign)).content.decode()
    for words in ("Core, Scale", "Saudi Arabia", "after 4 working days, after 10 working days"):
        assert f">{words}<" in text


def test_empty_pages_say_what_to_do(page, inside_url, inside):
    assert "First make a survey" in page.get(path(inside_url, "list")).content.decode()
    assert "No survey to send" in page.get(path(inside_url, "add")).content.decode()
    SurveyFactory()
    assert "No campaigns yet" in page.get(path(inside_url, "list")).content.decode()


def test_a_lead_leaves_the_campaigns_of_others_alone(page, inside_url, running, cast):
    page.login_as(cast[Role.LEAD])
    assert page.get(path(inside_url, "detail", running)).status_code == 200
    assert page.post(path(inside_url, "pause", running)).status_code == 403
    page.login_as(cast[Role.MANAGER])
    assert page.get(path(inside_url, "add")).status_code == 403
    assert page.post(path(inside_url, "headcount")).status_code == 403


def test_invitations_of_hidden_clients_are_not_shown(page, inside_url, running, cast, people):
    page.login_as(cast[Role.MANAGER])
    text = page.get(path(inside_url, "detail", running)).content.decode()
    assert people[0].name not in text
    assert people[0].name not in page.get(path(inside_url, "left-out", running)).content.decode()


def test_the_list_costs_the_same_statements_for_one_and_for_three(page, inside_url, organization, running):
    url = path(inside_url, "list")
    one = statements(lambda: page.get(url))
    with tenant(organization.pk):
        CampaignFactory.create_batch(2)
    assert_at_most(len(one), statements(lambda: page.get(url)))


def test_the_page_costs_the_same_statements_for_one_and_for_three(page, inside_url, organization, running, people):
    url = path(inside_url, "detail", running)
    with tenant(organization.pk):
        SurveyInvitation.objects.exclude(contact=people[0]).update(campaign=None)
    one = statements(lambda: page.get(url))
    with tenant(organization.pk):
        SurveyInvitation.objects.update(campaign=running)
    assert_at_most(len(one), statements(lambda: page.get(url)))


def test_a_contact_tells_what_was_asked_and_why_not(page, inside_url, running, people):
    resting = ContactFactory(client=people[0].client, last_surveyed_on=people[0].created_at.date())
    outside = ContactFactory(client=ClientFactory(lifecycle="churned"))
    for contact, words in (
        (people[0], "Queued"),
        (resting, "asked a short while ago"),
        (outside, "outside the audience"),
    ):
        text = page.get(inside_url("interactions:contact-campaigns", contact.pk)).content.decode()
        assert "Spring round" in text
        assert words in text
    assert "why not" in page.get(inside_url("clients:contact-detail", people[0].pk)).content.decode()


def test_a_new_campaign_begins_with_the_usual_rest_sample_and_expiry(page, inside_url, survey):
    form = page.get(path(inside_url, "add")).context["form"]

    assert [form[name].value() for name in ("sample_percent", "rest_days", "expires_after_days")] == [100, 90, 30]
