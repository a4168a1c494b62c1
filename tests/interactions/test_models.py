from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from interactions.models import Participant, Score
from tests.factories.clients import ContactFactory
from tests.factories.interactions import (
    ConcernFactory,
    InteractionFactory,
    NotificationFactory,
    ParticipantFactory,
    ReminderFactory,
    ScoreFactory,
    SurveyFactory,
    SurveyResponseFactory,
    TaskFactory,
)

pytestmark = pytest.mark.usefixtures("inside")


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_participant_is_exactly_one_person(member):
    interaction = InteractionFactory()
    contact = ContactFactory(client=interaction.client)

    refused(lambda: Participant.objects.create(interaction=interaction))
    refused(lambda: Participant.objects.create(interaction=interaction, contact=contact, member=member))
    ParticipantFactory(interaction=interaction, contact=contact)
    refused(lambda: ParticipantFactory(interaction=interaction, contact=contact))


def test_the_database_keeps_states_and_moments_together():
    refused(lambda: TaskFactory(status="done"))
    refused(lambda: TaskFactory(done_at=timezone.now()))
    refused(lambda: ConcernFactory(state="resolved"))
    refused(lambda: ConcernFactory(resolved_at=timezone.now()))
    refused(lambda: ConcernFactory(mrr_at_stake_minor=-1))


@pytest.mark.parametrize(
    ("scale", "value"), [("nps", 11), ("nps", -1), ("csat", 0), ("csat", 6), ("ces", 0), ("ces", 8)]
)
def test_no_score_leaves_its_scale(scale, value):
    refused(lambda: ScoreFactory(scale=scale, value=value))
    with pytest.raises(ValidationError, match="lies outside"):
        Score(scale=scale, value=value).clean()


def test_an_invitation_has_one_answer_and_an_answer_one_score():
    response = SurveyResponseFactory()
    refused(lambda: SurveyResponseFactory(invitation=response.invitation))
    ScoreFactory(survey_response=response)
    refused(lambda: ScoreFactory(survey_response=response))


def test_a_bell_line_is_written_once_per_member_and_key():
    note = NotificationFactory()
    refused(lambda: NotificationFactory(member=note.member, key=note.key))


def test_values_and_questions_follow_the_scale_and_the_language():
    survey = SurveyFactory(kind="csat")

    assert list(survey.values) == [1, 2, 3, 4, 5]
    assert survey.question("ar") == survey.question_ar
    assert survey.question("fr") == survey.question_en


@pytest.mark.parametrize(
    ("scale", "value", "group"),
    [
        ("nps", 6, "poor"),
        ("nps", 7, "middle"),
        ("nps", 9, "good"),
        ("csat", 2, "poor"),
        ("csat", 3, "middle"),
        ("csat", 4, "good"),
        ("ces", 3, "poor"),
        ("ces", 4, "middle"),
        ("ces", 5, "good"),
    ],
)
def test_what_an_answer_means(scale, value, group):
    score = Score(scale=scale, value=value)

    assert (score.group, score.is_poor) == (group, group == "poor")


def test_a_snoozed_reminder_has_another_send_key():
    reminder = ReminderFactory()
    before = reminder.send_key
    reminder.due_at += timedelta(hours=1)

    assert reminder.send_key != before


def test_rows_have_names_that_people_understand():
    assert str(InteractionFactory(summary="First line\nSecond line")) == "First line"
    assert str(TaskFactory(title="Call")) == "Call"
    assert str(ScoreFactory(value=9)) == "NPS 9"
    participant = ParticipantFactory()
    assert str(participant) == participant.contact.name
