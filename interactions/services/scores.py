"""Scores: every measured satisfaction, wherever it comes from."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.calendar import working_calendar
from accounts.models import Membership
from accounts.services import changes
from clients.models import Client, Contact
from clients.services import rollups as client_rollups
from interactions.models import Interaction, Score, SurveyResponse


@transaction.atomic
def record_score(
    *,
    actor: Membership | None,
    client: Client,
    scale: str,
    value: int,
    at: datetime | None = None,
    contact: Contact | None = None,
    source: str = "",
    interaction: Interaction | None = None,
    survey_response: SurveyResponse | None = None,
) -> Score:
    """Write down one satisfaction and carry it to the client's latest figures. Raises ValidationError off the scale."""
    score = Score(
        client=client,
        contact=contact,
        scale=scale,
        value=value,
        at=at or timezone.now(),
        source=source,
        interaction=interaction,
        survey_response=survey_response,
    )
    changes.add(actor=actor, obj=score, verb="recorded")
    client_rollups.record_score(client, scale, value, working_calendar().day_of(score.at))
    return score
