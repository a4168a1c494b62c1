"""Answers to surveys, given by people who never sign in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import working_calendar
from accounts.services import changes
from clients.services import rollups as client_rollups
from interactions.choices import InvitationStatus, ScoreSource
from interactions.exceptions import SurveyClosed
from interactions.models import Score, SurveyAnswerVersion, SurveyInvitation, SurveyResponse
from interactions.services.scores import record_score
from interactions.signals import survey_answered


def open_invitation(*, invitation: SurveyInvitation) -> SurveyResponse | None:
    """What the page of a link shows: the answer given so far, if any. Raises ``SurveyClosed`` when it takes none.

    Writes nothing. Mail scanners open every link, so neither an answer nor "opened" may follow from a GET.
    """
    response = invitation.responses.first()
    _refuse_closed(invitation, response)
    return response


@transaction.atomic
def answer_survey(
    *, invitation: SurveyInvitation, value: int, comment: str = "", second_answer: str = "", language: str = ""
) -> SurveyResponse:
    """Record the one answer of an invitation; for a day it may be changed, and every wording is kept.

    The invitation's row is locked first, so any number of copies of the mail and of the form leave one answer.
    """
    row = SurveyInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    response = row.responses.first()
    _refuse_closed(row, response)
    if value not in row.survey.values:
        raise ValidationError(
            {
                "value": _("Choose a number from %(lowest)d to %(highest)d.")
                % {"lowest": row.survey.values[0], "highest": row.survey.values[-1]}
            }
        )
    said = {"value": value, "comment": comment.strip(), "second_answer": second_answer.strip()}
    language = language or row.language
    if response is None:
        return _answer(row, said, language)
    if said == {name: getattr(response, name) for name in said}:
        return response
    return _change_answer(row, response, said, language)


def _answer(invitation: SurveyInvitation, said: dict[str, Any], language: str) -> SurveyResponse:
    now = timezone.now()
    response = SurveyResponse(invitation=invitation, language=language, answered_at=now, **said)
    changes.add(actor=None, obj=response, verb="answered")
    _keep_version(response)
    SurveyInvitation.objects.filter(pk=invitation.pk).update(
        status=InvitationStatus.ANSWERED,
        opened_at=now,
        answered_at=now,
        updated_at=now,
        version=F("version") + 1,
    )
    invitation.refresh_from_db(fields=["status", "opened_at", "answered_at", "version"])
    score = record_score(
        actor=None,
        client=invitation.client,
        contact=invitation.contact,
        scale=invitation.survey.kind,
        value=response.value,
        at=now,
        source=ScoreSource.SURVEY,
        survey_response=response,
    )
    survey_answered.send(SurveyResponse, invitation=invitation, response=response, score=score, is_first=True)
    return response


def _change_answer(
    invitation: SurveyInvitation, response: SurveyResponse, said: dict[str, Any], language: str
) -> SurveyResponse:
    before = {name: getattr(response, name) for name in said}
    for name, value in said.items():
        setattr(response, name, value)
    response.language = language
    response.version += 1
    response.full_clean(exclude=["organization"], validate_constraints=False)
    response.save()
    _keep_version(response)
    changes.record(actor=None, verb="changed", obj=response, before=before, after=said)
    score = Score.objects.get(survey_response=response)
    score.value = response.value
    score.save(update_fields=["value"])
    client_rollups.record_score(invitation.client, score.scale, score.value, working_calendar().day_of(score.at))
    survey_answered.send(SurveyResponse, invitation=invitation, response=response, score=score, is_first=False)
    return response


def _keep_version(response: SurveyResponse) -> None:
    SurveyAnswerVersion.objects.create(
        response=response,
        version=response.version,
        value=response.value,
        comment=response.comment,
        second_answer=response.second_answer,
    )


def _refuse_closed(invitation: SurveyInvitation, response: SurveyResponse | None) -> None:
    if response is not None and not response.is_editable:
        raise SurveyClosed(_("This survey has been answered. Thank you; your answer can no longer be changed."))
    if response is None and (invitation.is_expired or invitation.is_archived):
        raise SurveyClosed(_("This survey has closed. Thank you for your time."))
