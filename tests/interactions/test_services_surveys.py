import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.dispatch.models import Message
from accounts.models import AuditEntry
from accounts.tenancy.context import tenant
from interactions import services
from interactions.exceptions import SurveyClosed, SurveyRefused
from interactions.models import Score, SurveyAnswerVersion, SurveyInvitation, SurveyResponse, Task
from interactions.outbox import render_survey
from interactions.services.returned_mail import record_survey_ended
from interactions.services.surveys import expire_invitations, record_survey_mailed
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory, SurveyInvitationFactory


@pytest.fixture
def contact(inside):
    return ContactFactory(language="ar")


@pytest.fixture
def survey(inside):
    return SurveyFactory()


def test_send_survey_makes_one_invitation_and_one_message(member, survey, contact):
    invitation = services.send_survey(actor=member, survey=survey, contact=contact)

    message = Message.objects.get()
    assert (message.kind, message.lane, message.recipient) == ("survey", 1, contact.email)
    assert message.send_key == f"survey:{survey.pk}:{contact.pk}:{invitation.asked_on.isoformat()}"
    assert (invitation.status, invitation.language, invitation.sent_by) == ("queued", "ar", member)
    contact.refresh_from_db()
    assert contact.last_surveyed_on == invitation.asked_on
    entry = AuditEntry.objects.get(object_id=invitation.pk)
    assert entry.verb == "sent"
    assert "token_digest" not in entry.after


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": ""}, "has no e-mail address"),
        ({"survey_consent": False}, "does not want to be surveyed"),
        ({"left_on": timezone.localdate()}, "is no longer at"),
        ({"archived_at": timezone.now()}, "is no longer at"),
        ({"client__archived_at": timezone.now()}, "is archived"),
        ({"last_surveyed_on": timezone.localdate() - timedelta(days=89)}, "was asked on"),
    ],
)
def test_send_survey_refuses_with_a_sentence(inside, member, survey, change, sentence):
    contact = ContactFactory(**change)

    with pytest.raises(SurveyRefused, match=sentence):
        services.send_survey(actor=member, survey=survey, contact=contact)

    assert sentence in services.why_not(survey, contact)
    assert not Message.objects.exists()
    assert not SurveyInvitation.objects.exists()


def test_send_survey_refuses_an_inactive_survey(member, contact):
    with pytest.raises(SurveyRefused, match="is not active"):
        services.send_survey(actor=member, survey=SurveyFactory(is_active=False), contact=contact)


def test_a_contact_who_has_rested_ninety_days_may_be_asked(inside, member, survey):
    contact = ContactFactory(last_surveyed_on=timezone.localdate() - timedelta(days=91))

    assert services.why_not(survey, contact) == ""
    assert services.send_survey(actor=member, survey=survey, contact=contact).pk


def test_the_scale_is_fixed_once_somebody_was_asked(member, survey, contact):
    services.send_survey(actor=member, survey=survey, contact=contact)

    with pytest.raises(SurveyRefused, match="its scale is fixed"):
        services.change_survey(actor=member, survey=survey, kind="csat")
    assert services.change_survey(actor=member, survey=survey, name="Yearly").name == "Yearly"


def test_an_answer_is_recorded_once_as_a_score_and_on_the_client(survey, contact):
    invitation = SurveyInvitationFactory(survey=survey, client=contact.client, contact=contact, status="sent")

    response = services.answer_survey(invitation=invitation, value=9, comment=" Good. ", language="ar")

    assert (response.value, response.comment, response.language, response.version) == (9, "Good.", "ar", 1)
    score = Score.objects.get()
    assert (score.scale, score.value, score.source, score.contact) == ("nps", 9, "survey", contact)
    contact.client.refresh_from_db()
    assert (contact.client.last_nps, contact.client.last_nps_on) == (9, timezone.localdate())
    invitation.refresh_from_db()
    assert (invitation.status, invitation.answered_at) == ("answered", response.answered_at)
    assert not Task.objects.exists()


def test_the_same_answer_twice_is_one_and_a_change_keeps_both_wordings(inside):
    invitation = SurveyInvitationFactory()
    services.answer_survey(invitation=invitation, value=4)
    services.answer_survey(invitation=invitation, value=4)
    changed = services.answer_survey(invitation=invitation, value=8, comment="It was solved.")

    assert (SurveyResponse.objects.count(), changed.version, changed.value) == (1, 2, 8)
    assert list(SurveyAnswerVersion.objects.order_by("version").values_list("value", flat=True)) == [4, 8]
    assert Score.objects.get().value == 8
    invitation.client.refresh_from_db()
    assert invitation.client.last_nps == 8


def test_an_answer_can_be_changed_for_a_day_and_then_no_more(inside):
    invitation = SurveyInvitationFactory()
    services.answer_survey(invitation=invitation, value=4)

    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        services.answer_survey(invitation=invitation, value=5)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        with pytest.raises(SurveyClosed, match="no longer be changed"):
            services.answer_survey(invitation=invitation, value=6)
        with pytest.raises(SurveyClosed):
            services.open_invitation(invitation=invitation)

    assert Score.objects.get().value == 5


@pytest.mark.parametrize(("kind", "value"), [("nps", 11), ("nps", -1), ("csat", 0), ("csat", 6), ("ces", 8)])
def test_an_answer_off_the_scale_is_refused(inside, kind, value):
    with pytest.raises(ValidationError, match="Choose a number from"):
        services.answer_survey(invitation=SurveyInvitationFactory(survey__kind=kind), value=value)


def test_an_expired_link_takes_no_answer(inside):
    invitation = SurveyInvitationFactory(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(SurveyClosed, match="has closed"):
        services.answer_survey(invitation=invitation, value=9)
    assert expire_invitations() == 1
    invitation.refresh_from_db()
    assert invitation.status == "expired"


def test_opening_a_link_writes_nothing(inside):
    invitation = SurveyInvitationFactory(status="sent")
    before = SurveyInvitation.objects.values().get()

    assert services.open_invitation(invitation=invitation) is None

    assert SurveyInvitation.objects.values().get() == before


def test_unsubscribing_calls_back_what_waits_and_is_harmless_when_repeated(member, survey, contact):
    services.send_survey(actor=member, survey=survey, contact=contact)

    assert services.unsubscribe(contact=contact) is True
    assert services.unsubscribe(contact=contact) is False

    contact.refresh_from_db()
    assert contact.survey_consent is False
    assert Message.objects.get().status == "cancelled"
    assert SurveyInvitation.objects.get().status == "suppressed"
    assert AuditEntry.objects.filter(verb="unsubscribed").count() == 1


def test_the_invitation_follows_its_message(member, survey, contact):
    invitation = services.send_survey(actor=member, survey=survey, contact=contact)
    message = Message.objects.get()
    message.sent_at = timezone.now()

    record_survey_mailed(message)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.sent_at) == ("sent", message.sent_at)

    services.answer_survey(invitation=invitation, value=10)
    record_survey_mailed(message)
    record_survey_ended(message)
    invitation.refresh_from_db()
    assert invitation.status == "answered"


def test_what_never_arrived_does_not_count_as_asked(member, survey, contact):
    invitation = services.send_survey(actor=member, survey=survey, contact=contact)

    record_survey_ended(Message.objects.get())

    invitation.refresh_from_db()
    contact.refresh_from_db()
    assert (invitation.status, contact.last_surveyed_on) == ("bounced", None)


def test_a_contact_who_left_before_the_mail_went_out_is_not_written_to(member, survey, contact):
    services.send_survey(actor=member, survey=survey, contact=contact)
    type(contact).objects.filter(pk=contact.pk).update(left_on=timezone.localdate())

    assert render_survey(Message.objects.get()) is None
    assert SurveyInvitation.objects.get().status == "suppressed"


def test_record_score_moves_the_latest_figure_only_forward(member, inside):
    client = ClientFactory()
    now = timezone.now()

    services.record_score(actor=member, client=client, scale="csat", value=4, at=now)
    services.record_score(actor=member, client=client, scale="csat", value=1, at=now - timedelta(days=40))

    client.refresh_from_db()
    assert client.last_csat == 4
    with pytest.raises(ValidationError, match="CSAT goes from 1 to 5"):
        services.record_score(actor=member, client=client, scale="csat", value=9)


@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_leave_one(organization):
    with tenant(organization.pk):
        invitation = SurveyInvitationFactory()
    errors = []

    def answer(value):
        try:
            with tenant(organization.pk):
                services.answer_survey(invitation=invitation, value=value)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(number % 11,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with tenant(organization.pk):
        response = SurveyResponse.objects.get()
        assert Score.objects.get().value == response.value
        assert SurveyAnswerVersion.objects.count() == response.version
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_ask_once(organization):
    with tenant(organization.pk):
        contact, survey = ContactFactory(), SurveyFactory()
    outcomes = []

    def send():
        try:
            with tenant(organization.pk):
                services.send_survey(actor=None, survey=survey, contact=contact)
            outcomes.append("sent")
        except SurveyRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 5 + ["sent"]
    with tenant(organization.pk):
        assert Message.objects.count() == 1
