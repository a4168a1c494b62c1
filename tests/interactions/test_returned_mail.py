"""What a returned mail or a suppressed address means for surveys, and that unsubscribing is done by POST alone."""

import pytest
from django.core import mail
from django.db.models.functions import Now

from accounts.dispatch import suppression
from accounts.dispatch.choices import Lane, MailEventKind
from accounts.dispatch.engine import drain
from accounts.dispatch.events import record_event
from accounts.dispatch.message_ids import message_id
from accounts.dispatch.models import Message, Suppression
from accounts.tenancy.context import tenant
from interactions import services
from interactions.exceptions import SurveyRefused
from interactions.models import SurveyInvitation
from interactions.services.returned_mail import record_survey_ended, record_survey_waits_again
from tests.conftest import as_owner
from tests.factories.clients import ContactFactory
from tests.factories.interactions import SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(organization, member):
    """A contact with a survey waiting to be sent to them."""
    with tenant(organization.pk):
        contact = ContactFactory(email="Ada@Client.example")
        invitation = services.send_survey(actor=member, survey=SurveyFactory(), contact=contact)
        return contact, invitation, Message.objects.get()


def refreshed(organization, *rows):
    with tenant(organization.pk):
        for row in rows:
            row.refresh_from_db()
    return rows


@pytest.mark.parametrize(
    ("reason", "consents"),
    [("hard_bounce", True), ("soft_bounces", True), ("manual", True), ("complaint", False), ("unsubscribed", False)],
)
def test_what_waits_for_a_suppressed_address_will_not_go_out(organization, asked, reason, consents):
    contact, invitation, _message = asked

    with tenant(organization.pk):
        suppression.suppress(address="ada@client.example", reason=reason)

    refreshed(organization, contact, invitation)
    assert (invitation.status, contact.survey_consent) == ("suppressed", consents)


def test_a_complaint_is_everyones_of_that_address(organization, asked, member):
    with tenant(organization.pk):
        twin = ContactFactory(email="ada@client.EXAMPLE")
        other = ContactFactory(email="bo@client.example")
        suppression.suppress(address="ada@client.example", reason="complaint")

    refreshed(organization, twin, other)
    assert (twin.survey_consent, other.survey_consent) == (False, True)


def test_a_survey_to_a_suppressed_address_is_refused_in_a_sentence(inside, member):
    contact = ContactFactory()
    suppression.suppress(address=contact.email, reason="manual")

    with pytest.raises(SurveyRefused, match="is suppressed"):
        services.send_survey(actor=member, survey=SurveyFactory(), contact=contact)


@pytest.mark.parametrize(
    ("kind", "status", "consents", "reason"),
    [
        (MailEventKind.BOUNCED, "bounced", True, "hard_bounce"),
        (MailEventKind.SOFT_BOUNCED, "bounced", True, None),
        (MailEventKind.COMPLAINED, "sent", False, "complaint"),
        (MailEventKind.UNSUBSCRIBED, "sent", False, "unsubscribed"),
        (MailEventKind.DELIVERED, "sent", True, None),
        (MailEventKind.DEFERRED, "sent", True, None),
        (MailEventKind.OPENED, "sent", True, None),
    ],
)
def test_what_the_provider_tells_reaches_the_invitation_and_the_contact(
    organization, asked, kind, status, consents, reason
):
    contact, invitation, message = asked
    with tenant(organization.pk):
        Message.objects.update(status="sent", sent_at=Now())
        SurveyInvitation.objects.update(status="sent")

    assert record_event(
        provider="test", event_id="1", kind=kind, recipient="ada@client.example", message_id=message_id(message)
    )

    refreshed(organization, contact, invitation)
    assert (invitation.status, contact.survey_consent) == (status, consents)
    with tenant(organization.pk):
        assert list(Suppression.objects.values_list("reason", flat=True)) == ([reason] if reason else [])


def test_a_question_that_was_never_asked_is_no_question(organization, asked):
    contact, invitation, message = asked
    with tenant(organization.pk):
        message.status = "cancelled"
        record_survey_ended(message)
    refreshed(organization, contact, invitation)
    assert (invitation.status, contact.last_surveyed_on) == ("suppressed", None)

    with tenant(organization.pk):
        record_survey_waits_again(message)
    refreshed(organization, contact, invitation)
    assert (invitation.status, contact.last_surveyed_on) == ("queued", invitation.asked_on)
    with tenant(organization.pk):
        record_survey_waits_again(message)
        SurveyInvitation.objects.update(status="answered")
        record_survey_ended(message)
    refreshed(organization, invitation)
    assert invitation.status == "answered"


@pytest.mark.django_db(transaction=True)
def test_every_survey_says_how_to_unsubscribe_with_one_click(organization, asked, client):
    contact, invitation, _message = asked
    with as_owner("worker"):
        drain(Lane.BULK)
    [sent] = mail.outbox
    headers = sent.message()
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link.removeprefix("http://testserver")
    assert path != link

    for _visit in range(20):  # a thousand of them: test_link_attacks
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    refreshed(organization, contact, invitation)
    assert (contact.survey_consent, contact.version, invitation.status) == (True, 1, "sent")

    # As a mail program does it: no cookie, no token, no session.
    for _again in range(2):
        response = client.post(
            path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded", secure=False
        )
        assert response.status_code == 200
    refreshed(organization, contact)
    assert (contact.survey_consent, contact.version) == (False, 2)
    with tenant(organization.pk):
        # The "no" is the contact's, and is taken back there; mail about the own tasks has nothing to do with it.
        assert not Suppression.objects.exists()
