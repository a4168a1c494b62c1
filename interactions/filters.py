"""What lists can be narrowed to; page and API use the same."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interactions.choices import (
    ConcernKind,
    ConcernState,
    Direction,
    DueBucket,
    Hat,
    InteractionKind,
    InvitationStatus,
    Priority,
    Sentiment,
    Severity,
    TaskStatus,
)
from interactions.models import Concern, Interaction, Reminder, Survey, SurveyInvitation, Task


class SearchFilter(django_filters.CharFilter):
    """Words anywhere in the row's folded text."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.search(value) if value else queryset


class InteractionFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Search"))
    client = django_filters.UUIDFilter(field_name="client_id")
    contact = django_filters.UUIDFilter(field_name="participants__contact_id")
    logged_by = django_filters.UUIDFilter(field_name="logged_by_id")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=InteractionKind.choices)
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    hat = django_filters.MultipleChoiceFilter(label=_("Hat"), choices=Hat.choices)
    sentiment = django_filters.ChoiceFilter(label=_("Sentiment"), choices=Sentiment.choices)
    since = django_filters.IsoDateTimeFilter(label=_("From"), field_name="happened_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(label=_("Until"), field_name="happened_at", lookup_expr="lt")
    archived = django_filters.BooleanFilter(method="filter_archived")

    class Meta:
        model = Interaction
        fields: list[str] = []

    def filter_archived(self, queryset, name, value):
        return queryset.filter(archived_at__isnull=not value)


class TaskFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Search"))
    client = django_filters.UUIDFilter(field_name="client_id")
    opportunity = django_filters.UUIDFilter(field_name="opportunity_id")
    assignee = django_filters.UUIDFilter(field_name="assignee_id")
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=TaskStatus.choices)
    priority = django_filters.MultipleChoiceFilter(label=_("Priority"), choices=Priority.choices)
    due = django_filters.ChoiceFilter(label=_("Due"), choices=DueBucket.choices, method="filter_due")
    due_from = django_filters.DateFilter(label=_("From"), field_name="due_on", lookup_expr="gte")
    due_until = django_filters.DateFilter(label=_("Until"), field_name="due_on", lookup_expr="lte")
    source = django_filters.CharFilter(field_name="source")
    archived = django_filters.BooleanFilter(method="filter_archived")

    class Meta:
        model = Task
        fields: list[str] = []

    def filter_due(self, queryset, name, value):
        return queryset.in_bucket(value, timezone.localdate())

    def filter_archived(self, queryset, name, value):
        return queryset.filter(archived_at__isnull=not value)


class ReminderFilter(django_filters.FilterSet):
    task = django_filters.UUIDFilter(field_name="task_id")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    pending = django_filters.BooleanFilter(field_name="queued_at", lookup_expr="isnull")

    class Meta:
        model = Reminder
        fields: list[str] = []


class ConcernFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Search"))
    client = django_filters.UUIDFilter(field_name="client_id")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ConcernKind.choices)
    severity = django_filters.MultipleChoiceFilter(label=_("Severity"), choices=Severity.choices)
    state = django_filters.MultipleChoiceFilter(label=pgettext_lazy("concern", "State"), choices=ConcernState.choices)

    class Meta:
        model = Concern
        fields: list[str] = []


class SurveyFilter(django_filters.FilterSet):
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = Survey
        fields: list[str] = []


class SurveyInvitationFilter(django_filters.FilterSet):
    survey = django_filters.UUIDFilter(field_name="survey_id")
    client = django_filters.UUIDFilter(field_name="client_id")
    contact = django_filters.UUIDFilter(field_name="contact_id")
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=InvitationStatus.choices)

    class Meta:
        model = SurveyInvitation
        fields: list[str] = []
