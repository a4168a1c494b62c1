"""Scores: every measured satisfaction, wherever it comes from."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import working_calendar
from accounts.models import Membership
from accounts.services import changes
from clients.models import Client, Contact
from clients.services import rollups as client_rollups
from interactions.models import Interaction, Score, SurveyResponse

# Clocks differ a little.
_CLOCK_TOLERANCE = timedelta(minutes=5)


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
    for name, row in (("contact", contact), ("interaction", interaction)):
        if row is not None and row.client_id != client.pk:
            raise ValidationError({name: _("“%(name)s” belongs to another client.") % {"name": row}})
    if at is not None and at > timezone.now() + _CLOCK_TOLERANCE:
        raise ValidationError({"at": _("A score is of today or earlier. Choose a time that is past.")})
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
