"""How the rows behind a figure are narrowed."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import seen
from interactions.filters import ScoreFilter
from managers.models import AccountManager


class ScoreRowsFilter(ScoreFilter):
    """Scores as a report counts them: also by the main manager of their client."""

    first_filters = ("scale", "manager")

    manager = django_filters.ModelChoiceFilter(
        label=_("Main manager"), field_name="client__main_manager", queryset=seen(AccountManager.objects.all())
    )
    value = django_filters.NumberFilter(label=_("Answer"))
