"""The client's page tells what came of an answer, and where its satisfaction figure comes from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions import services
from interactions.models import Task
from interactions.services.escalations import escalate_untouched
from tests.factories.clients import ClientFactory
from tests.factories.interactions import ScoreFactory, SurveyFactory, SurveyInvitationFactory
from tests.factories.managers import AccountManagerFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(organization, cast):
    """A client whose contact has just answered 2."""
    with tenant(organization.pk):
        lead = AccountManagerFactory(member=cast[Role.LEAD])
        manager = AccountManagerFactory(member=cast[Role.MANAGER], reports_to=lead)
        client = ClientFactory(name="Nile Foods", main_manager=manager)
        invitation = SurveyInvitationFactory(client=client, survey=SurveyFactory(name="Relationship", kind="ces"))
        services.answer_survey(invitation=invitation, value=2, comment="It took weeks")
        return client


def shown(page, client):
    return text_of(page.get(page.url("client", client.pk) + "?show=satisfaction"))


def test_an_untouched_answer_says_so(page, client):
    text = shown(page, client)

    assert "It took weeks" in text
    assert "Nobody has been in touch since." in text
    assert "about the CES answer 2" in text


def test_the_whole_story_stands_with_the_answer(page, organization, cast, client):
    with tenant(organization.pk):
        escalate_untouched(now=timezone.now() + timedelta(days=9))
        services.log_interaction(actor=cast[Role.MANAGER], client=client, kind="call", summary="Mended")
        services.complete_task(actor=cast[Role.MANAGER], task=Task.objects.get(source="detractor"))

    text = shown(page, client)

    assert "escalated on" in text
    assert "first contact since" in text
    assert f"done by {cast[Role.MANAGER].name}" in text
    assert "Nobody has been in touch" not in text


def test_the_task_in_the_timeline_leads_to_its_answer(page, organization, cast, client):
    with tenant(organization.pk):
        task = services.complete_task(actor=cast[Role.MANAGER], task=Task.objects.get())

    html = page.get(page.url("client", client.pk)).content.decode()

    assert f'href="?show=satisfaction#answer-{task.survey_response_id}"' in html
    assert f'id="answer-{task.survey_response_id}"' in html


def test_the_header_names_scale_day_and_source(page, organization, client):
    kpi = page.get(page.url("client", client.pk)).context["kpi"]

    assert kpi["satisfaction"] == "2/7"
    assert kpi["satisfaction_note"].startswith("CES · ")
    assert kpi["satisfaction_note"].endswith(" · Relationship")
    with tenant(organization.pk):
        ScoreFactory(client=client, scale="csat", value=5, source="ticket")
    kpi = page.get(page.url("client", client.pk)).context["kpi"]
    assert (kpi["satisfaction"], kpi["satisfaction_note"].rpartition(" · ")[2]) == ("5/5", "Ticket rating")


def test_a_survey_that_expired_is_on_its_way_no_more(page, organization, client):
    with tenant(organization.pk):
        past = timezone.now() - timedelta(days=1)
        SurveyInvitationFactory(client=client, survey=SurveyFactory(name="Forgotten"), expires_at=past)
        SurveyInvitationFactory(client=client, survey=SurveyFactory(name="Waiting"))

    text = text_of(page.get(page.url("client", client.pk)))

    assert "Waiting" in text
    assert "Forgotten" not in text
