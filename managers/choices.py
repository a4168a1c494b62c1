from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class AbsenceState(TextChoices):
    """Follows from the days: nobody has to end an absence by hand."""

    PLANNED = "planned", pgettext_lazy("absence", "Planned")
    ACTIVE = "active", pgettext_lazy("absence", "Away")
    ENDED = "ended", pgettext_lazy("absence", "Over")
