from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AbsenceState(TextChoices):
    """Follows from the days: nobody has to end an absence by hand."""

    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Away")
    ENDED = "ended", _("Over")
