"""Surveys on their pages: made, sent, and what came back; and the bell."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.dispatch.models import Message
from accounts.tenancy.context import tenant
from interactions import services
from interactions.models import Notification, Survey, SurveyInvitation
from interactions.survey_mail import render_test_survey
from tests.factories.clients import ContactFactory
from tests.factories.interactions import (
    NotificationFactory,
    SurveyFactory,
    SurveyInvitationFactory,
    SurveyResponseFactory,
)
from tests.pages import statements_of, text_of, undo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(organization):
    with tenant(organization.pk):
        return SurveyFactory(name="Autumn")


def test_a_survey_is_made_changed_archived_and_restored(page, organization):
    add = page.url("interactions:survey-add")
    questions = {"question_en": "Would you?", "question_ar": "هل توصي بنا؟"}

    assert "How likely are you to recommend us" in page.get(add).content.decode()
    page.post(add, {"name": "Autumn", "kind": "nps", **questions})
    with tenant(organization.pk):
        survey = Survey.objects.get()
    detail = page.url("interactions:survey-detail", survey.pk)
    assert "هل توصي بنا؟" in text_of(page.get(detail))
    change = page.url("interactions:survey-change", survey.pk)
    data = {"version": 1, "name": "Winter", "kind": "nps", **questions, "is_active": "on"}
    assert page.post(change, data)["Location"] == detail
    assert page.post(change, {**data, "name": "Spring"}).status_code == 409
    archived = page.post(page.url("interactions:survey-archive", survey.pk), {"version": 2}, follow=True)
    assert "Winter" not in [row.name for row in archived.context["rows"]]
    assert "Winter" in text_of(undo_of(archived))


def test_a_survey_is_sent_to_a_contact(page, organization, member, nile, mona, survey):
    url = page.url("interactions:survey-send", nile.pk)

    assert f'value="{mona.pk}" selected' in page.get(url).content.decode()
    response = page.post(url, {"survey": survey.pk, "contact": mona.pk}, follow=True)

    assert response.redirect_chain == [(page.url("client", nile.pk), 302)]
    assert "On its way" in text_of(response)
    with tenant(organization.pk):
        invitation = SurveyInvitation.objects.get()
        assert (invitation.contact, invitation.language, invitation.sent_by) == (mona, "ar", member)
        assert Message.objects.get().recipient == "mona@nile.example"
    again = page.post(url, {"survey": survey.pk, "contact": mona.pk})
    assert again.status_code == 422
    assert "was asked on" in text_of(again)


def test_who_cannot_be_asked_is_listed_with_the_reason(page, organization, nile, mona, survey):
    with tenant(organization.pk):
        ContactFactory(client=nile, name="Nomail", email="")
        ContactFactory(client=nile, name="Nothanks", survey_consent=False)
        ContactFactory(client=nile, name="Rested", last_surveyed_on=timezone.localdate() - timedelta(days=3))

    response = page.get(page.url("interactions:survey-send", nile.pk))

    refused = {contact.name: why for contact, why in response.context["refused"]}
    assert refused.keys() == {"Nomail", "Nothanks", "Rested"}
    assert "no e-mail address" in refused["Nomail"]


def test_without_survey_or_contact_the_page_says_what_to_do(page, nile, organization):
    url = page.url("interactions:survey-send", nile.pk)
    assert "No survey to send" in text_of(page.get(url))
    with tenant(organization.pk):
        SurveyFactory()
    said = page.get(url)
    assert "No contact to ask" in text_of(said)
    assert page.url("clients:contact-add", nile.pk) in said.content.decode()


def test_sending_costs_the_same_for_one_and_for_three_contacts(page, organization, nile, survey):
    costs = []
    for count in (1, 2):
        with tenant(organization.pk):
            ContactFactory.create_batch(count, client=nile, last_surveyed_on=timezone.localdate())
        costs.append(len(statements_of(page, page.url("interactions:survey-send", nile.pk))))

    assert costs[0] == costs[1] <= 16


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 302), (Role.LEAD, 404), (Role.MANAGER, 302), (Role.ASSOCIATE, 404), (Role.VIEWER, 403)],
)
def test_each_role_may_send_to_whom_it_sees(page, cast, nile, mona, survey, role, status):
    page.login_as(cast[role])

    answer = page.post(page.url("interactions:survey-send", nile.pk), {"survey": survey.pk, "contact": mona.pk})

    assert answer.status_code == status


def test_answers_and_counts_are_those_of_clients_one_sees(page, cast, organization, nile, hidden, survey):
    now = timezone.now()
    with tenant(organization.pk):
        for client, comment in ((nile, "Good"), (hidden, "Secret")):
            invitation = SurveyInvitationFactory(survey=survey, client=client, status="answered", answered_at=now)
            SurveyResponseFactory(invitation=invitation, comment=comment)
        SurveyInvitationFactory(survey=survey, client=nile, contact__name="Waiting")
    lists, detail = page.url("interactions:survey-list"), page.url("interactions:survey-detail", survey.pk)

    def counted():
        row = page.get(lists).context["rows"][0]
        return row.sent, row.answered

    assert counted() == (3, 2)
    assert "Secret" in text_of(page.get(detail))
    page.login_as(cast[Role.MANAGER])
    assert counted() == (2, 1)
    said = text_of(page.get(detail))
    assert "Secret" not in said
    assert "Good" in said
    assert "Waiting" in said
    assert page.get(detail).context["counts"] == {"sent": 2, "answered": 1}


def test_survey_pages_cost_the_same_for_one_and_for_three(page, organization, nile, survey):
    costs = []
    for count in (1, 2):
        with tenant(organization.pk):
            for _ in range(count):
                invitation = SurveyInvitationFactory(survey=survey, client=nile, answered_at=timezone.now())
                SurveyResponseFactory(invitation=invitation)
                SurveyInvitationFactory(survey=SurveyFactory(), client=nile)
                SurveyInvitationFactory(survey=survey, client=nile)
        urls = page.url("interactions:survey-list"), page.url("interactions:survey-detail", survey.pk)
        costs.append([len(statements_of(page, url)) for url in urls])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12


def test_only_leads_and_admins_write_questions(page, cast, survey):
    for role, status in ((Role.LEAD, 200), (Role.MANAGER, 403), (Role.VIEWER, 403)):
        page.login_as(cast[role])
        assert page.get(page.url("interactions:survey-add")).status_code == status
        assert page.get(page.url("interactions:survey-change", survey.pk)).status_code == status


def test_the_bell_tells_and_opening_a_line_reads_it(page, organization, member, nile):
    with tenant(organization.pk):
        path = services.notifications.client_path(nile.pk)
        line = NotificationFactory(member=member, title="Call Mona", url_path=path)
        bare = NotificationFactory(member=member)
        NotificationFactory(title="Not for her")
    lists = page.url("interactions:notification-list")

    said = text_of(page.get(lists))
    assert "Call Mona" in said
    assert "Not for her" not in said
    opened = page.post(page.url("interactions:notification-read", line.pk))
    assert opened["Location"] == page.url("client", nile.pk)
    assert page.post(page.url("interactions:notification-read", bare.pk))["Location"] == lists
    with tenant(organization.pk):
        assert services.unread_count(member) == 0


def test_all_lines_are_read_at_once_and_only_ones_own(page, organization, member, cast):
    with tenant(organization.pk):
        NotificationFactory.create_batch(2, member=member)
        theirs = NotificationFactory(member=cast[Role.LEAD])

    response = page.post(page.url("interactions:notification-read-all"))

    assert response["Location"] == page.url("interactions:notification-list")
    assert page.get(page.url("interactions:notification-read-all")).status_code == 405
    assert page.post(page.url("interactions:notification-read", theirs.pk)).status_code == 404
    with tenant(organization.pk):
        assert [line.pk for line in Notification.objects.unread()] == [theirs.pk]


def test_the_bell_costs_the_same_for_one_and_for_three(page, organization, member):
    costs = []
    for count in (1, 2):
        with tenant(organization.pk):
            NotificationFactory.create_batch(count, member=member)
        costs.append(len(statements_of(page, page.url("interactions:notification-list"))))

    assert costs[0] == costs[1] <= 8


# --- words in two languages, and how they look ---

WORDS = {"name": "Autumn", "kind": "nps", "question_en": "Would you?", "question_ar": "هل توصي بنا؟"}


@pytest.mark.parametrize("preset", ["nps", "csat", "ces"])
def test_presets_fill_in_both_languages(page, preset):
    response = page.get(f"{page.url('interactions:survey-add')}?preset={preset}")
    initial = response.context["form"].initial

    assert initial["kind"] == preset
    assert all(initial[f"question_{language}"] for language in ("en", "ar"))
    for name, words in initial.items():
        if name.endswith("_en"):
            assert bool(words) == bool(initial[f"{name[:-3]}_ar"]), name


def test_what_stands_in_one_language_stands_in_the_other(page):
    response = page.post(page.url("interactions:survey-add"), {**WORDS, "second_question_en": "Why?"})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"second_question_ar"}


def test_a_preview_shows_both_languages_and_saves_nothing(page, organization):
    typed = {**WORDS, "intro_en": "We would like to know.", "thanks_ar": "شكرًا جزيلًا"}
    whole = page.post(page.url("interactions:survey-add"), {**typed, "preview": "1"})
    part = page.post(page.url("interactions:survey-look"), typed)

    for response in (whole, part):
        assert response.status_code == 200
        for words in ("We would like to know.", "هل توصي بنا؟", "شكرًا جزيلًا", "0 – غير محتمل"):
            assert words in text_of(response), words
    with tenant(organization.pk):
        assert not Survey.objects.exists()


def test_a_preview_escapes_what_is_typed(page):
    response = page.post(page.url("interactions:survey-look"), {**WORDS, "intro_en": "<script>alert(1)</script>"})

    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "How likely are you"), ("ar", "ما مدى احتمال")])
def test_a_test_goes_to_oneself_alone_and_records_nothing(page, organization, member, survey, language, words):
    for _press in range(2):
        page.post(page.url("interactions:survey-test", survey.pk), {"language": language})

    with tenant(organization.pk):
        message = Message.objects.get()
        mail = render_test_survey(message)
        assert mail.to == [member.user.email]
        assert words in mail.body
        assert f"interactions/surveys/{survey.pk}/preview/?lang={language}" in mail.body
        assert "List-Unsubscribe" not in mail.extra_headers
        assert not SurveyInvitation.objects.exists()
    subject = "Test:" if language == "en" else "تجربة:"
    assert mail.subject.startswith(subject)


def test_the_preview_page_takes_no_answer(page, survey):
    url = page.url("interactions:survey-preview", survey.pk)

    shown = page.get(f"{url}?lang=ar&s=9").content.decode()
    assert '<html lang="ar" dir="rtl"' in shown
    assert re.search(r'value="9"[^>]*checked', shown)
    assert page.post(url, {"value": 9}).status_code == 405


def test_who_may_not_change_surveys_may_not_send_tests(page, cast, survey):
    page.login_as(cast[Role.MANAGER])

    assert page.post(page.url("interactions:survey-test", survey.pk), {"language": "en"}).status_code == 403
    assert page.post(page.url("interactions:survey-look"), WORDS).status_code == 403
