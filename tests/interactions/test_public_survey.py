"""The public page of a survey's link: nobody signs in, nothing follows from looking, one answer counts."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.tenancy.context import tenant
from clients.models import Contact
from interactions import services, tokens
from interactions.models import Score, SurveyAnswerVersion, SurveyInvitation, SurveyResponse, Task
from tests.factories.accounts import OrganizationFactory
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_readers(settings):
    """Nobody here needs two seconds to read the page."""
    settings.SURVEY_SHORTEST_READING = 0


@pytest.fixture
def invitation(organization, member, mona):
    with tenant(organization.pk):
        return services.send_survey(actor=member, survey=SurveyFactory(), contact=mona)


@pytest.fixture
def browser():
    """A stranger's browser that checks CSRF as ours in production would."""
    return Client(enforce_csrf_checks=True)


def address(invitation, rest=""):
    token = tokens.link_token(invitation.organization_id, invitation.pk, invitation.token_digest)
    return f"/s/{token}/{rest}"


def drawn(browser, url):
    """The stamp in the form, as the page that was looked at carries it."""
    found = re.search(r'name="drawn" value="([^"]+)"', browser.get(url).content.decode())
    assert found, "no form"
    return found[1]


def answer(browser, invitation, value, **data):
    url = address(invitation)
    headers = {"Origin": "null"}
    return browser.post(url, {"drawn": drawn(browser, f"{url}?change=1"), "value": value, **data}, headers=headers)


def recorded(invitation):
    with tenant(invitation.organization_id):
        return list(SurveyResponse.objects.values_list("value", "comment", "language"))


def state(invitation):
    with tenant(invitation.organization_id):
        row = SurveyInvitation.objects.get(pk=invitation.pk)
        return row.status, row.opened_at, row.answered_at, row.version


def test_looking_records_nothing(browser, invitation):
    before = state(invitation)
    url = address(invitation)

    for _ in range(3):
        for path in (url, f"{url}?s=9", f"{url}?s=0&lang=en", f"{url}?s=%C3%A9", f"{url}?change=1"):
            assert browser.get(path).status_code == 200
            assert browser.head(path).status_code == 200
        assert browser.get(f"{url}unsubscribe/").status_code == 200
        assert browser.head(f"{url}unsubscribe/").status_code == 200

    assert recorded(invitation) == []
    assert state(invitation) == before
    with tenant(invitation.organization_id):
        assert Contact.objects.get(pk=invitation.contact_id).survey_consent


def test_a_number_in_the_mail_is_chosen_beforehand_and_only_that(browser, invitation):
    shown = browser.get(f"{address(invitation)}?s=9").content.decode()

    chosen = re.findall(r"<input[^>]*\bchecked\b[^>]*>", shown)
    assert len(chosen) == 1
    assert 'value="9"' in chosen[0]
    for strange in ("11", "-1", "99999999999", "nine", "٩"):
        assert "checked" not in browser.get(address(invitation), {"s": strange}).content.decode()


def test_the_page_speaks_the_contacts_language_and_switches(browser, invitation):
    arabic = browser.get(f"{address(invitation)}?s=7").content.decode()

    assert 'lang="ar" dir="rtl"' in arabic
    assert "ما مدى احتمال أن توصي بنا؟" in arabic
    assert re.search(r'<button[^>]*name="switch" value="en"', arabic)
    english = browser.get(f"{address(invitation)}?s=7&lang=en").content.decode()
    assert 'lang="en" dir="ltr"' in english
    assert "How likely are you to recommend us?" in english
    assert re.search(r'<input[^>]*value="7"[^>]*\bchecked\b', english)
    assert re.search(r'<button[^>]*name="switch" value="ar"', english)


@pytest.mark.parametrize(("language", "thanks"), [("ar", "شكرًا"), ("en", "Thank you")])
def test_an_answer_is_recorded_once_and_thanked_for(browser, invitation, nile, language, thanks):
    response = answer(browser, invitation, 10, comment="ممتاز", lang=language)

    assert (response.status_code, response["Location"]) == (302, f"{address(invitation)}?lang={language}")
    page = browser.get(response["Location"])
    assert thanks in text_of(page)
    assert "ممتاز" in text_of(page)
    assert recorded(invitation) == [(10, "ممتاز", language)]
    with tenant(invitation.organization_id):
        score = Score.objects.get()
        nile.refresh_from_db()
        assert not Task.objects.exists()
    assert (score.client_id, score.contact_id, score.value) == (nile.pk, invitation.contact_id, 10)
    assert nile.last_nps == 10
    assert state(invitation)[0] == "answered"


def test_the_answer_stands_in_the_clients_timeline(browser, page, invitation, nile):
    answer(browser, invitation, 3, comment="Too slow")

    assert "Too slow" in text_of(page.get(page.url("client", nile.pk)))


def test_a_detractor_opens_a_task(browser, invitation, cast, nile):
    answer(browser, invitation, 2, comment="Too slow")

    with tenant(invitation.organization_id):
        task = Task.objects.select_related("assignee__user").get()
        assert (task.client, task.contact_id, task.source) == (nile, invitation.contact_id, "detractor")
        assert task.assignee == nile.main_manager.member
        assert task.notes.endswith("Too slow")
        assert services.unread_count(task.assignee) == 1


@pytest.mark.parametrize("stamp", [None, "", "nonsense", "a:b:c"])
def test_without_the_stamp_of_a_drawn_form_the_answer_is_asked_again(browser, invitation, stamp):
    data = {"value": 9, "comment": "Fine", "lang": "en", **({} if stamp is None else {"drawn": stamp})}

    response = browser.post(address(invitation), data)

    shown = response.content.decode()
    assert response.status_code == 422
    assert "send it once more" in shown
    assert "Fine" in shown
    assert re.search(r'<input[^>]*value="9"[^>]*\bchecked\b', shown)
    assert recorded(invitation) == []
    again = re.search(r'name="drawn" value="([^"]+)"', shown)[1]
    assert browser.post(address(invitation), {**data, "drawn": again}).status_code == 302


def test_a_stamp_that_is_too_fresh_too_old_or_anothers_is_asked_again(
    browser, invitation, settings, organization, member, nile
):
    url = address(invitation)
    with tenant(organization.pk):
        other = services.send_survey(
            actor=member, survey=SurveyFactory(), contact=ContactFactory(client=nile, email="o@nile.example")
        )
    others = drawn(browser, address(other))
    assert browser.post(url, {"drawn": others, "value": 9}).status_code == 422
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        old = drawn(browser, url)
    assert browser.post(url, {"drawn": old, "value": 9}).status_code == 422
    settings.SURVEY_SHORTEST_READING = 2
    fresh = drawn(browser, url)
    assert browser.post(url, {"drawn": fresh, "value": 9}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=4)):
        assert browser.post(url, {"drawn": fresh, "value": 9}).status_code == 302


@pytest.mark.parametrize("value", ["", "11", "-1", "nine", "9.5"])
def test_what_is_no_answer_is_said(browser, invitation, value):
    response = answer(browser, invitation, value, lang="en", comment="Still here")

    assert response.status_code == 422
    assert "Still here" in response.content.decode()
    assert recorded(invitation) == []


def test_an_answer_may_be_changed_for_a_day_and_every_wording_is_kept(browser, invitation, nile):
    answer(browser, invitation, 9)
    answer(browser, invitation, 9)
    changed = answer(browser, invitation, 4, comment="On second thoughts", lang="en")

    assert changed.status_code == 302
    assert recorded(invitation) == [(4, "On second thoughts", "en")]
    with tenant(invitation.organization_id):
        assert list(SurveyAnswerVersion.objects.order_by("version").values_list("value", flat=True)) == [9, 4]
        assert Score.objects.get().value == 4
    stamp = drawn(browser, f"{address(invitation)}?change=1")
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        assert browser.get(f"{address(invitation)}?change=1").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        late = browser.post(address(invitation), {"drawn": stamp, "value": 0})
        assert late.status_code in (410, 422)
        closed = browser.get(f"{address(invitation)}?lang=en")
        assert closed.status_code == 410
        assert "can no longer be changed" in text_of(closed)
    assert recorded(invitation)[0][0] == 4


def test_an_expired_link_is_gone(browser, invitation):
    stamp = drawn(browser, address(invitation))
    with tenant(invitation.organization_id):
        SurveyInvitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())

    gone = browser.get(f"{address(invitation)}?lang=en")

    assert gone.status_code == 410
    assert "This survey has closed" in text_of(gone)
    assert browser.post(address(invitation), {"drawn": stamp, "value": 9}).status_code == 410
    assert recorded(invitation) == []


def test_garbage_is_not_found(browser, invitation, other_organization):
    own = address(invitation)
    claimed, secret = own.removeprefix("/s/").rstrip("/").split(".")
    foreign = tokens.link_token(other_organization.pk, invitation.pk, invitation.token_digest)
    strange = [
        "x",
        "x.y",
        f"{claimed}.",
        f".{secret}",
        f"{claimed}.{secret[:-1]}",
        f"{claimed}.{secret}A",
        f"{claimed}.{'A' * len(secret)}",
        foreign,
        "A" * 3000,
        "%00.%00",
        "🙂.🙂",
    ]

    for token in strange:
        for path in (f"/s/{token}/", f"/s/{token}/unsubscribe/"):
            unknown = browser.get(path)
            assert unknown.status_code == 404, token
            assert "We do not know this link" in text_of(unknown)
            assert browser.post(path, {"value": 9}).status_code == 404, token


def test_the_link_is_kept_to_itself(browser, invitation):
    answered = answer(browser, invitation, 9)
    unsubscribed = browser.get(address(invitation, "unsubscribe/"))
    for response in (browser.get(address(invitation)), answered, unsubscribed):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="referrer" content="no-referrer">' in unsubscribed.content.decode()
    for personal in ("Mona", "mona@nile.example", "Nile Foods"):
        assert personal not in browser.get(f"{address(invitation)}?change=1").content.decode()
        assert personal not in address(invitation)


def test_unsubscribing_needs_one_press_and_no_cookie(browser, invitation):
    url = address(invitation, "unsubscribe/")
    assert "?" in text_of(browser.get(f"{url}?lang=en"))

    for _ in range(2):
        response = browser.post(url, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    with tenant(invitation.organization_id):
        assert not Contact.objects.get(pk=invitation.contact_id).survey_consent
        assert SurveyInvitation.objects.get(pk=invitation.pk).status == "suppressed"
    assert "will not send you surveys any more" in text_of(browser.post(f"{url}?lang=en"))


def test_unsubscribing_works_from_an_old_mail(browser, invitation):
    with tenant(invitation.organization_id):
        SurveyInvitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(days=300))

    assert browser.post(address(invitation, "unsubscribe/")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_leave_one(settings):
    organization = OrganizationFactory()
    with tenant(organization.pk):
        contact = ContactFactory(client=ClientFactory(), language="en")
        invitation = services.send_survey(actor=None, survey=SurveyFactory(), contact=contact)
    url = address(invitation)
    stamp = drawn(Client(), url)
    answers, statuses = threading.Barrier(20), []

    def send(value):
        answers.wait()
        try:
            statuses.append(Client().post(url, {"drawn": stamp, "value": value, "comment": ""}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[number % 2 + 1]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302] * 20
    with tenant(organization.pk):
        assert SurveyResponse.objects.count() == Score.objects.count() == Task.objects.count() == 1


# --- what stands round the question ---


@pytest.fixture
def worded(organization, member, mona):
    with tenant(organization.pk):
        survey = SurveyFactory(
            second_question_en="What is the one thing?",
            second_question_ar="ما الأمر الوحيد؟",
            thanks_en="We read every answer.",
            thanks_ar="نقرأ كل إجابة.",
        )
        return services.send_survey(actor=member, survey=survey, contact=mona)


def test_the_second_question_is_asked_in_words_and_kept(browser, worded):
    page = browser.get(address(worded))
    assert "ما الأمر الوحيد؟" in text_of(page)

    answer(browser, worded, 9, comment="Good", second_answer="Faster invoices")
    thanks = text_of(browser.get(f"{address(worded)}?lang=en"))

    assert "We read every answer." in thanks
    assert "Faster invoices" in thanks
    with tenant(worded.organization_id):
        response = SurveyResponse.objects.get()
        assert (response.comment, response.second_answer) == ("Good", "Faster invoices")
        assert SurveyAnswerVersion.objects.get().second_answer == "Faster invoices"


def test_a_survey_may_do_without_words(browser, organization, member, mona):
    with tenant(organization.pk):
        plain = services.send_survey(actor=member, survey=SurveyFactory(asks_comment=False), contact=mona)

    assert "<textarea" not in browser.get(address(plain)).content.decode()
    answer(browser, plain, 9, comment="Slipped in")
    assert recorded(plain) == [(9, "", "ar")]


def test_the_language_switch_keeps_what_was_entered_and_records_nothing(browser, worded):
    url = address(worded)
    data = {"drawn": drawn(browser, url), "lang": "ar", "value": "8", "comment": "Half a sent", "second_answer": "x"}

    page = browser.post(url, {**data, "switch": "en"})

    assert page.status_code == 200
    html = page.content.decode()
    assert '<html lang="en" dir="ltr"' in html
    assert "Half a sent" in html
    assert re.search(r'value="8"[^>]*checked', html)
    assert recorded(worded) == []


def test_an_unfinished_form_may_change_its_language(browser, worded):
    page = browser.post(address(worded), {"switch": "en"})

    assert page.status_code == 200
    assert "Choose a number first" not in text_of(page)


def test_the_page_wears_the_organizations_colour(browser, organization, worded):
    with tenant(organization.pk):
        organization.settings.brand_hue = 145
        organization.settings.save()

    assert "/accounts/brand/145.css" in browser.get(address(worded)).content.decode()


def test_what_was_answered_long_ago_says_so(browser, worded):
    answer(browser, worded, 9)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        page = browser.get(f"{address(worded)}?lang=en")

    assert page.status_code == 410
    assert "Already answered" in text_of(page)
