"""Surveys in a real browser: every state of the public page, the words and their preview, the results."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import tenant
from clients.models import Contact
from interactions import services, tokens
from interactions.models import Survey, SurveyInvitation, SurveyResponse
from tests.browser.test_looks import LOOKS, look_at


@pytest.fixture(autouse=True)
def quick_readers(settings):
    settings.SURVEY_SHORTEST_READING = 0


@pytest.fixture
def links(demo):
    """An address for each state of a survey."""
    now = timezone.now()
    with tenant(Organization.objects.get(slug="demo").pk) as organization:
        Contact.objects.update(last_surveyed_on=None)
        contacts = list(Contact.objects.reachable().select_related("client")[:5])
        survey = Survey.objects.get(kind="nps")
        found = {}
        for state, contact in zip(("open", "answered", "old", "expired", "leaving"), contacts, strict=True):
            invitation = services.send_survey(actor=None, survey=survey, contact=contact)
            found[state] = f"/s/{tokens.link_token(organization, invitation.pk, invitation.token_digest)}/"
            if state in ("answered", "old"):
                services.answer_survey(invitation=invitation, value=9, comment="Good", second_answer="Reports")
            rows = SurveyInvitation.objects.filter(pk=invitation.pk)
            if state == "old":
                SurveyResponse.objects.filter(invitation=invitation).update(answered_at=now - timedelta(days=2))
            elif state == "expired":
                rows.update(expires_at=now - timedelta(days=1))
        return found


@pytest.mark.parametrize("language", LOOKS)
def test_every_state_of_the_public_page(visit, links, language):
    somebody = visit(language=language)
    there, faults = f"lang={language}", []
    answered = links["answered"]
    for path in (
        f"{links['open']}?s=9&{there}",
        f"{answered}?{there}",
        f"{answered}?change=1&{there}",
        f"{links['leaving']}unsubscribe/?{there}",
    ):
        faults += look_at(somebody, path, LOOKS[language])
    for state in ("old", "expired"):
        (told, *others) = look_at(somebody, f"{links[state]}?{there}", LOOKS[language])
        assert told.endswith("answered 410")
        faults += [each for each in others if "410" not in each]
    somebody.complaints.clear()

    # nothing chosen, then unsubscribed
    somebody.go(f"{links['open']}?{there}")
    somebody.page.locator("form#answer .btn-primary").click()
    somebody.page.locator("[role=alert], .error-summary").first.wait_for()
    somebody.complaints.clear()
    somebody.go(f"{links['leaving']}unsubscribe/?{there}")
    somebody.page.locator("main form .btn-primary").click()
    somebody.page.locator("main h1").wait_for()

    assert faults == []


def test_without_javascript_on_a_phone_by_keyboard(visit, links):
    somebody = visit(language="en", width=390, javascript=False)
    page = somebody.page
    somebody.go(f"{links['open']}?s=8&lang=en")
    page.fill("textarea[name=comment]", "Half a sentence")

    # the other language, with what was entered
    page.locator("button[name=switch]").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("textarea[name=comment]").input_value() == "Half a sentence"
    assert page.locator("input[name=value][value='8']").is_checked()

    # Enter in the scale sends the answer; it does not switch the language
    page.locator("input[name=value][value='8']").press("Enter")
    somebody.sees("شكرًا لك")
    with tenant(Organization.objects.get(slug="demo").pk):
        assert SurveyResponse.objects.get(comment="Half a sentence").language == "ar"


@pytest.mark.parametrize("language", LOOKS)
def test_results_and_words(visit, language):
    admin = visit(language=language).sign_in("admin@demo.example")
    with tenant(Organization.objects.get(slug="demo").pk):
        survey = Survey.objects.get(kind="nps").pk
    faults = []
    for path in (
        "reports/satisfaction/",
        "reports/satisfaction/?scale=csat&by=manager&period=two-years",
        "reports/satisfaction/?scale=ces&period=month",
        "reports/satisfaction/delivered/",
        "reports/scores/?commented=true",
        "interactions/surveys/add/",
        f"interactions/surveys/{survey}/",
        f"interactions/surveys/{survey}/preview/?s=9",
    ):
        faults += look_at(admin, f"/o/demo/{path}", LOOKS[language])

    assert faults == []


def test_the_preview_follows_what_is_typed(visit):
    admin = visit().sign_in("admin@demo.example")
    page = admin.page
    admin.go("/o/demo/interactions/surveys/add/?preset=csat")
    looks = page.locator("#looks")
    assert "How satisfied are you" in looks.inner_text()

    page.locator("[name=question_ar]").press_sequentially(" فعلًا", delay=10)
    looks.get_by_text("فعلًا").first.wait_for()

    page.locator(".looks label:has-text('Dark')").click()
    dark, light = (
        page.evaluate("getComputedStyle(document.querySelector('.look')).backgroundColor"),
        "rgb(255, 255, 255)",
    )
    assert dark != light
    page.locator("form.form .btn-primary").click()
    admin.sees("Survey added.")
    assert admin.complaints == []
