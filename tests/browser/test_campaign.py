"""A campaign for five hundred contacts: made, counted, started, watched, paused, resumed, answered, and its results."""

import re
from datetime import time

import pytest

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.generate import generate
from accounts.dispatch.models import Message
from accounts.models import Organization, OrganizationSettings
from accounts.tenancy.context import tenant
from clients.models import Client, Contact
from interactions.models import Campaign, Survey, SurveyResponse
from tests.browser.test_looks import LOOKS, look_at
from tests.browser.test_the_main_job import link_in
from tests.conftest import as_owner

SEGMENT = "Five hundred"
CONTACTS = 500
THANKS = {"en": "Thank you", "ar": "شكرًا لك"}


@pytest.fixture
def crowd(demo, settings):
    """Five hundred contacts of fifty demo clients, half of whom read Arabic; nobody is asleep."""
    settings.SURVEY_SHORTEST_READING = 0
    organization = Organization.objects.get(slug="demo")
    with tenant(organization.pk):
        OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[])
        clients = Client.objects.bulk_create(
            Client(name=f"Crowd {n:02}", segment=SEGMENT, lifecycle="active") for n in range(50)
        )
        Contact.objects.bulk_create(
            Contact(
                client=clients[n % 50],
                name=f"Reader {n:03}",
                email=f"reader{n:03}@crowd.example",
                language="ar" if n % 2 else "en",
            )
            for n in range(CONTACTS)
        )
    return organization


@pytest.fixture
def turn(crowd, settings):
    """What the clock and a worker do; ``turn(mails)`` sends so many at most."""

    def run(mails=CONTACTS):
        settings.DISPATCH_BUDGET = 0.3 if mails < CONTACTS else 30
        settings.DISPATCH_BATCH = min(mails, 50)
        with as_owner("worker"):
            generate("campaigns", [crowd.pk])
            drain(Lane.BULK)

    return run


def to_readers(post):
    return [(recipient, mail) for recipient, mail in post.accepted if recipient.endswith("@crowd.example")]


def test_a_campaign_from_its_making_to_its_results(visit, post, crowd, turn):
    with tenant(crowd.pk):
        survey = str(Survey.objects.active().filter(kind="nps").first().pk)
    lead = visit().sign_in("admin@demo.example")
    page = lead.page

    # made, and counted before anything is sent
    lead.go("/o/demo/interactions/campaigns/")
    page.get_by_role("link", name="New campaign").first.click()
    page.fill("input[name=name]", "Five hundred voices")
    page.select_option("select[name=survey]", survey)
    page.locator("details.menu:has(input[name=segments]) > summary").click()
    page.locator(f"input[name=segments][value='{SEGMENT}']").check()
    page.locator("#headcount strong", has_text=str(CONTACTS)).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save draft").click()
    lead.sees("Draft saved.")
    with tenant(crowd.pk):
        campaign = Campaign.objects.get(name="Five hundred voices")
        assert not campaign.invitations.exists()

    # started, and watched while it runs
    page.get_by_role("button", name="Start").click()
    page.locator("#confirm [data-yes]").click()
    lead.sees("Started.")
    while not to_readers(post):
        turn(20)
    first = len(to_readers(post))
    assert first < CONTACTS
    page.get_by_text(f"{first} of {CONTACTS} sent").first.wait_for()

    # paused: nothing more leaves
    page.get_by_role("button", name="Pause").click()
    lead.sees("Paused.")
    turn()
    assert len(to_readers(post)) == first

    # resumed, to the end: everybody once
    page.get_by_role("button", name="Resume").click()
    lead.sees("It goes on where it was paused.")
    turn()
    page.get_by_text(f"{CONTACTS} of {CONTACTS} sent").first.wait_for()
    mails = dict(to_readers(post))
    assert len(to_readers(post)) == len(mails) == CONTACTS
    with tenant(crowd.pk):
        assert set(Message.objects.filter(kind="survey").values_list("status", flat=True)) <= {"sent"}

    # the results before, then three answers in both languages
    results = f"/o/demo/reports/satisfaction/?campaign={campaign.pk}"
    lead.go(results)
    for number, language, value in ((0, "en", 10), (1, "ar", 9), (3, "ar", 3)):
        reader = visit(language=language)
        reader.go(f"{link_in(mails[f'reader{number:03}@crowd.example'])}?s={value}")
        assert reader.page.evaluate("document.documentElement.lang").startswith(language)
        assert reader.page.locator(f"input[name=value][value='{value}']").is_checked()
        reader.page.locator("main form button.btn-primary").click()
        reader.sees(THANKS[language])
        assert reader.complaints == []
    with tenant(crowd.pk):
        assert SurveyResponse.objects.filter(invitation__campaign=campaign).count() == 3
    lead.go(results)
    lead.sees("3 of 500 delivered")
    lead.go(f"/o/demo/interactions/campaigns/{campaign.pk}/?status=answered")
    for name in ("Reader 000", "Reader 001", "Reader 003"):
        lead.sees(name)
    assert re.search(r"Answered.*?3", page.locator(".figures").inner_text(), re.S)
    assert lead.complaints == []


@pytest.mark.parametrize("language", LOOKS)
def test_the_pages_of_campaigns_in_every_look(visit, demo, language):
    admin = visit(language=language).sign_in("admin@demo.example")
    with tenant(Organization.objects.get(slug="demo").pk):
        running = Campaign.objects.get(status="running")
        survey = Survey.objects.active().first()
        draft = Campaign.objects.create(
            name="Draft", survey=survey, created_by=running.created_by, audience={"tiers": ["core"]}
        )
    faults = []
    root = "/o/demo/interactions/campaigns/"
    for path in ("", "add/", f"{running.pk}/", f"{running.pk}/left-out/", f"{draft.pk}/", f"{draft.pk}/change/"):
        faults += look_at(admin, root + path, LOOKS[language])
    assert faults == []
    assert admin.complaints == []
