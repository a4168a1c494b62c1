"""How lists of managers, teams and absences are narrowed, on the page and in the API."""

import uuid

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import ArchivableFilterSet, SearchFilter, StrictFilterSet, YesNoFilter, seen
from managers.choices import AbsenceState
from managers.models import Absence, AccountManager, Team
from managers.queries.reporting import subtree_ids

MANAGER_ORDERINGS = {"name": "search_text", "created_at": "created_at"}
TEAM_ORDERINGS = {"name": "search_text", "created_at": "created_at"}
ABSENCE_ORDERINGS = {"from_on": "from_on", "until_on": "until_on"}


class ManagerFilter(ArchivableFilterSet):
    first_filters = ("team",)

    q = SearchFilter(label=_("Name, title, e-mail or city"))
    team = django_filters.ModelChoiceFilter(
        label=_("Team"), queryset=seen(Team.objects.all()), empty_label=_("Any team")
    )
    reports_to = django_filters.ModelChoiceFilter(
        label=_("Reports to"), queryset=seen(AccountManager.objects.all()), empty_label=_("Anybody")
    )
    below = django_filters.ModelChoiceFilter(
        label=_("Anywhere below"), queryset=seen(AccountManager.objects.all()), method="anywhere_below"
    )
    has_member = YesNoFilter(label=_("Signs in"), method="with_member")

    class Meta:
        model = AccountManager
        fields = []

    def anywhere_below(self, queryset, name, value: uuid.UUID):
        return queryset.filter(pk__in=[pk for pk in subtree_ids(value.pk) if pk != value.pk])

    def with_member(self, queryset, name, value):
        return queryset.filter(member__isnull=not value)


class TeamFilter(ArchivableFilterSet):
    q = SearchFilter(label=_("Name"))

    class Meta:
        model = Team
        fields = []


class AbsenceFilter(StrictFilterSet):
    manager = django_filters.ModelChoiceFilter(
        label=_("Account manager"), queryset=seen(AccountManager.objects.all()), empty_label=_("Anybody")
    )
    substitute = django_filters.ModelChoiceFilter(
        label=_("Substitute"), queryset=seen(AccountManager.objects.all()), empty_label=_("Anybody")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=AbsenceState.choices, method="in_state")

    class Meta:
        model = Absence
        fields = []

    def in_state(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.filter(
            {
                AbsenceState.PLANNED: Q(from_on__gt=today),
                AbsenceState.ACTIVE: Q(from_on__lte=today, until_on__gte=today),
                AbsenceState.ENDED: Q(until_on__lt=today),
            }[AbsenceState(value)]
        )
