import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.brand import look
from accounts.dispatch.models import Message
from interactions import services, tokens
from interactions.mail import render_reminder
from interactions.services.telling import fire_due_reminders
from interactions.survey_mail import render_survey
from tests.factories.clients import ContactFactory
from tests.factories.interactions import ReminderFactory, SurveyFactory

pytestmark = pytest.mark.usefixtures("inside")


def html(mail):
    return mail.alternatives[0].content


def survey_mail(member, language="en", **contact):
    contact = ContactFactory(language=language, **contact)
    invitation = services.send_survey(actor=member, survey=SurveyFactory(), contact=contact)
    return invitation, render_survey(Message.objects.get(payload__invitation=str(invitation.pk)))


def test_the_survey_mail_carries_the_link_and_a_way_out(member, organization):
    invitation, mail = survey_mail(member)
    token = tokens.link_token(organization.pk, invitation.pk, invitation.token_digest)
    link = f"http://testserver/s/{token}/"

    assert link in mail.body
    assert f'href="{link}?s=0"' in html(mail)
    assert f'href="{link}?s=10"' in html(mail)
    assert mail.extra_headers["List-Unsubscribe"] == f"<{link}unsubscribe/>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.to == [invitation.contact.email]
    assert mail.reply_to == [member.user.email]
    assert mail.from_email.startswith(organization.name)
    assert "How likely are you to recommend us?" in mail.body


def test_the_survey_mail_is_in_the_contacts_language(member):
    _invitation, mail = survey_mail(member, language="ar")

    assert '<html lang="ar" dir="rtl">' in html(mail)
    assert "ما مدى احتمال أن توصي بنا؟" in html(mail)
    assert "ما مدى احتمال أن توصي بنا؟" in mail.body
    assert mail.extra_headers["Content-Language"] == "ar"
    # Whatever is left in Latin letters is a name, an address or markup, not a sentence of ours.
    assert "Unsubscribe" not in html(mail)
    assert "Hello" not in mail.body


def test_mails_fetch_nothing(member):
    _invitation, mail = survey_mail(member)

    assert not re.search(r"<(img|link|script|iframe)\b|url\(|@import|\sstyle=", html(mail))


def test_names_cannot_carry_markup_or_headers(member, organization):
    organization.name = "Ours <b>\nBcc: x@example.com"
    organization.save()

    _invitation, mail = survey_mail(member, name='<script>alert("x")</script>')

    assert "<script>" not in html(mail)
    assert "\n" not in mail.subject
    assert mail.message()["Bcc"] is None


def test_the_mail_wears_the_organizations_colour_and_the_surveys_words(member, organization):
    organization.settings.brand_hue = 145
    organization.settings.save()
    words = {"subject_en": "Two minutes?", "intro_en": "We would like to know.", "reply_to": "care@example.com"}
    survey = SurveyFactory(**words)
    services.send_survey(actor=member, survey=survey, contact=ContactFactory(language="en"))

    mail = render_survey(Message.objects.get())

    assert (mail.subject, mail.reply_to) == ("Two minutes?", ["care@example.com"])
    assert "We would like to know." in mail.body
    assert look(145).accent in html(mail)
    assert look(145, dark=True).accent in html(mail)


def test_a_reminder_of_a_survey_says_so(member):
    _invitation, _mail = survey_mail(member)
    message = Message.objects.get()
    message.kind = "survey_reminder"

    again = render_survey(message)

    assert again.subject.startswith("Reminder: ")
    assert "would still like to know" in again.body


def test_retries_render_the_same_link(member):
    invitation, first = survey_mail(member)

    second = render_survey(Message.objects.get())

    assert first.body == second.body


def test_an_answered_survey_is_not_sent_again(member):
    invitation, _mail = survey_mail(member)
    services.answer_survey(invitation=invitation, value=9)

    assert render_survey(Message.objects.get()) is None


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_reminder_speaks_the_members_language(member, organization, language, direction):
    member.user.language = language
    member.user.save()
    reminder = ReminderFactory(member=member, task__title="Call Ada", task__due_on=timezone.localdate())
    fire_due_reminders()

    mail = render_reminder(Message.objects.get())

    assert f'dir="{direction}"' in html(mail)
    assert "Call Ada" in mail.subject
    assert f"http://testserver/o/{organization.slug}/clients/{reminder.task.client_id}/" in mail.body
    assert reminder.task.client.name in mail.body


def test_a_reminder_of_a_task_without_client_leads_to_the_tasks(member, organization):
    ReminderFactory(member=member, task__client=None)
    fire_due_reminders()

    assert f"http://testserver/o/{organization.slug}/interactions/tasks/" in render_reminder(Message.objects.get()).body


def test_a_reminder_that_was_closed_snoozed_or_dismissed_is_not_sent(member):
    reminders = [ReminderFactory(member=member) for _number in range(3)]
    fire_due_reminders()
    messages = list(Message.objects.all())

    services.complete_task(actor=member, task=reminders[0].task)
    services.snooze_reminder(actor=member, reminder=reminders[1], until=timezone.now() + timedelta(days=1))
    services.dismiss_reminder(actor=member, reminder=reminders[2])

    assert [render_reminder(message) for message in messages] == [None, None, None]
