"""How lists of what happens with clients are narrowed and sorted, on the page and in the API alike.

Rows that other pages link to (a client, a task) are hidden fields: nobody picks them from a list of thousands.
"""

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filter_sets import (
    ArchivableFilterSet,
    LinkedRowFilter,
    SearchFilter,
    StrictFilterSet,
    YesNoFilter,
    seen,
)
from accounts.form_fields import DateInput
from accounts.models import Membership
from clients.models import Client, Contact, Opportunity
from interactions.choices import (
    OPEN_CONCERN_STATES,
    AnswerGroup,
    ConcernKind,
    ConcernState,
    Direction,
    DueBucket,
    Hat,
    InteractionKind,
    InvitationStatus,
    Priority,
    ReminderState,
    Scale,
    Sentiment,
    Severity,
    TaskStatus,
)
from interactions.models import (
    Campaign,
    Concern,
    Interaction,
    Reminder,
    Score,
    Survey,
    SurveyInvitation,
    SurveyResponse,
    Task,
)
from interactions.reminders.words import kind_choices

# Names in the address and the columns they mean.
INTERACTION_ORDERINGS = {"happened_at": "happened_at", "created_at": "created_at"}
TASK_ORDERINGS = {"due_on": "due_on", "created_at": "created_at", "done_at": "done_at"}
REMINDER_ORDERINGS = {"due_at": "due_at"}
CONCERN_ORDERINGS = {"opened_at": "opened_at", "resolved_at": "resolved_at"}
SURVEY_ORDERINGS = {"name": "name"}
RESPONSE_ORDERINGS = {"answered_at": "answered_at"}
INVITATION_ORDERINGS = {"created_at": "created_at", "answered_at": "answered_at"}
SCORE_ORDERINGS = {"at": "at"}


class InteractionFilter(ArchivableFilterSet):
    first_filters = ("kind", "hat")

    q = SearchFilter(label=_("Summary"))
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    contact = LinkedRowFilter(label=_("Contact"), field_name="participants__contact", queryset=Contact.objects.all())
    logged_by = django_filters.ModelChoiceFilter(
        label=_("Logged by"), queryset=seen(Membership.objects.for_list()), empty_label=_("Anybody")
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=InteractionKind.choices)
    direction = django_filters.ChoiceFilter(
        label=_("Direction"), choices=Direction.choices, empty_label=_("Any direction")
    )
    hat = django_filters.MultipleChoiceFilter(label=_("In the role of"), choices=Hat.choices)
    sentiment = django_filters.ChoiceFilter(label=_("Mood"), choices=Sentiment.choices, empty_label=_("Any mood"))
    since = django_filters.IsoDateTimeFilter(label=_("From"), field_name="happened_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(label=_("Before"), field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = Interaction
        fields = []


class TaskFilter(ArchivableFilterSet):
    first_filters = ("due", "priority")

    q = SearchFilter(label=_("Title or notes"))
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    contact = LinkedRowFilter(label=_("Contact"), queryset=Contact.objects.all())
    opportunity = LinkedRowFilter(label=_("Opportunity"), queryset=Opportunity.objects.all())
    assignee = django_filters.ModelChoiceFilter(
        label=_("Assignee"), queryset=seen(Membership.objects.for_list()), empty_label=_("Anybody")
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=TaskStatus.choices)
    priority = django_filters.MultipleChoiceFilter(label=_("Priority"), choices=Priority.choices)
    due = django_filters.ChoiceFilter(
        label=_("Due"), choices=DueBucket.choices, method="in_bucket", empty_label=_("Any day")
    )
    due_from = django_filters.DateFilter(
        label=_("Due from"), widget=DateInput(), field_name="due_on", lookup_expr="gte"
    )
    due_until = django_filters.DateFilter(
        label=_("Due until"), widget=DateInput(), field_name="due_on", lookup_expr="lte"
    )
    source = django_filters.CharFilter(label=_("Opened by"), widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields = []

    def in_bucket(self, queryset, name, value):
        return queryset.in_bucket(value, timezone.localdate())


class TaskPageFilter(TaskFilter):
    """On the page, whose tasks and in which status are tabs."""

    WHOSE = [("mine", _("Mine")), ("all", _("Everybody’s"))]

    whose = django_filters.ChoiceFilter(label=_("Whose"), choices=WHOSE, method="keep", widget=forms.HiddenInput)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=TaskStatus.choices, widget=forms.HiddenInput)


class ReminderFilter(ArchivableFilterSet):
    first_filters = ("kind",)

    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=kind_choices)
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("reminder", "State"),
        # What was withdrawn is archived, and asked for as such.
        choices=[pair for pair in ReminderState.choices if pair[0] != ReminderState.WITHDRAWN],
        method="by_state",
    )
    task = LinkedRowFilter(label=_("Task"), queryset=Task.objects.all())
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    due_after = django_filters.IsoDateTimeFilter(label=_("Due after"), field_name="due_at", lookup_expr="gt")
    due_before = django_filters.IsoDateTimeFilter(label=_("Due before"), field_name="due_at", lookup_expr="lt")
    pending = YesNoFilter(label=_("Still to come"), field_name="queued_at", lookup_expr="isnull")

    class Meta:
        model = Reminder
        fields = []

    def by_state(self, queryset, name, value):
        return queryset.in_state(value)


class ReminderPageFilter(StrictFilterSet):
    """On the page, the state is a tab."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("Any kind"))
    state = django_filters.ChoiceFilter(
        choices=ReminderState.choices, method="keep", widget=forms.HiddenInput, label=pgettext_lazy("reminder", "State")
    )

    class Meta:
        model = Reminder
        fields = []

    def keep(self, queryset, name, value):
        return queryset


class ConcernFilter(ArchivableFilterSet):
    first_filters = ("severity", "kind")

    q = SearchFilter(label=_("Title or details"))
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ConcernKind.choices)
    severity = django_filters.MultipleChoiceFilter(label=_("Severity"), choices=Severity.choices)
    state = django_filters.MultipleChoiceFilter(label=pgettext_lazy("concern", "State"), choices=ConcernState.choices)
    open = YesNoFilter(label=pgettext_lazy("concerns", "Open"), method="by_open")

    class Meta:
        model = Concern
        fields = []

    def by_open(self, queryset, name, value):
        is_open = {"state__in": OPEN_CONCERN_STATES}
        return queryset.filter(**is_open) if value else queryset.exclude(**is_open)


class ConcernPageFilter(ConcernFilter):
    """On the page, open and closed are tabs."""

    open = YesNoFilter(label=pgettext_lazy("concerns", "Open"), method="by_open", widget=forms.HiddenInput)


class SurveyFilter(ArchivableFilterSet):
    first_filters = ("is_active",)

    is_active = YesNoFilter(label=_("Can be sent"))

    class Meta:
        model = Survey
        fields = []


class SurveyInvitationFilter(StrictFilterSet):
    survey = django_filters.ModelChoiceFilter(
        label=_("Survey"), queryset=seen(Survey.objects.all()), empty_label=_("Any survey")
    )
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    contact = LinkedRowFilter(label=_("Contact"), queryset=Contact.objects.all())
    campaign = LinkedRowFilter(label=_("Campaign"), queryset=Campaign.objects.all())
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=InvitationStatus.choices)
    answered = YesNoFilter(label=_("Answered"), field_name="answered_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = SurveyInvitation
        fields = []


class SurveyResponseFilter(StrictFilterSet):
    """By what was asked, of whom, and by words of the comment and the second answer."""

    q = SearchFilter(label=_("Words of comments"))
    survey = LinkedRowFilter(label=_("Survey"), field_name="invitation__survey", queryset=Survey.objects.all())
    campaign = LinkedRowFilter(label=_("Campaign"), field_name="invitation__campaign", queryset=Campaign.objects.all())
    client = LinkedRowFilter(label=_("Client"), field_name="invitation__client", queryset=Client.objects.all())
    contact = LinkedRowFilter(label=_("Contact"), field_name="invitation__contact", queryset=Contact.objects.all())
    scale = django_filters.MultipleChoiceFilter(
        label=pgettext_lazy("survey", "Scale"), field_name="invitation__survey__kind", choices=Scale.choices
    )
    group = django_filters.ChoiceFilter(
        label=_("Meaning"), choices=AnswerGroup.choices, method="in_group", empty_label=_("Any answer")
    )
    commented = YesNoFilter(label=_("With a comment"), method="with_comment")
    since = django_filters.IsoDateTimeFilter(label=_("From"), field_name="answered_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(label=_("Before"), field_name="answered_at", lookup_expr="lt")

    class Meta:
        model = SurveyResponse
        fields = []

    def in_group(self, queryset, name, value):
        return queryset.in_group(value)

    def with_comment(self, queryset, name, value):
        return queryset.filter(search_text__gt="") if value else queryset.filter(search_text="")


class ScoreFilter(StrictFilterSet):
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    contact = LinkedRowFilter(label=_("Contact"), queryset=Contact.objects.all())
    scale = django_filters.MultipleChoiceFilter(label=pgettext_lazy("survey", "Scale"), choices=Scale.choices)
    source = django_filters.CharFilter(label=_("Source"))
    since = django_filters.IsoDateTimeFilter(label=_("From"), field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(label=_("Before"), field_name="at", lookup_expr="lt")

    class Meta:
        model = Score
        fields = []
