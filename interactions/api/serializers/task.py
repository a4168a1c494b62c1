from datetime import UTC

from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from accounts.models import Membership
from interactions.models import Task

RECURRENCE = """How it repeats: an RFC 5545 `RRULE`, empty for a task that is done once. Completing or dropping the task
opens the next. It needs `due_on`, from which parts that are left out follow.

Offered: `FREQ=DAILY|WEEKLY|MONTHLY|YEARLY`, `INTERVAL` (1 to 100), `COUNT` or `UNTIL` (a day); weekly `BYDAY=SU,TU`;
monthly and yearly `BYMONTHDAY=1…31` or `-1`, or `BYDAY=2TU`, `BYDAY=-1FR` (first to fourth, or last); yearly `BYMONTH`.
A day that a month does not have is its last one. It is answered in one spelling: `FREQ=MONTHLY;BYMONTHDAY=31` becomes
`FREQ=MONTHLY;BYMONTHDAY=-1`."""
WORKING_DAYS = """What happens on days off (weekends and holidays of the organization): nothing (empty), `next` or
`previous` working day, or `only`: a daily rule counts working days."""


class TaskSerializer(StrictModelSerializer):
    """Only ``title`` is needed. ``status`` moves by the verbs ``complete``, ``drop`` and ``reopen``."""

    class Meta:
        model = Task
        fields = [
            "id",
            "version",
            "client",
            "contact",
            "opportunity",
            "assignee",
            "title",
            "notes",
            "due_on",
            "priority",
            "recurrence",
            "working_days",
            "series",
            "occurrence_on",
            "status",
            "done_at",
            "done_by",
            "created_by",
            "source",
            "survey_response",
            "escalated_at",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = [
            "status",
            "done_at",
            "done_by",
            "series",
            "occurrence_on",
            "survey_response",
            "escalated_at",
        ]
        extra_kwargs = {
            "recurrence": {"help_text": RECURRENCE},
            "working_days": {"help_text": WORKING_DAYS},
            "survey_response": {"help_text": "The poor answer that opened it."},
            "escalated_at": {"help_text": "When somebody above was told that nothing had happened."},
            "series": {"help_text": "Shared by the tasks that followed one another."},
            "occurrence_on": {"help_text": "The day by the rule, which stays when `due_on` is moved."},
        }


class ChangeTaskSerializer(TaskSerializer):
    """The tasks that follow in a series are as this one is by then, unless `only_this`."""

    only_this = serializers.BooleanField(
        required=False,
        help_text="Change this task and not its series. Its day is always its own, `recurrence` always the series’.",
    )

    class Meta(TaskSerializer.Meta):
        fields = [*TaskSerializer.Meta.fields, "only_this"]


class DropTaskInput(StrictSerializer):
    ends_series = serializers.BooleanField(default=False, help_text="Open no further task of its series.")


class NewTaskSerializer(TaskSerializer):
    """The assignee is whoever adds it unless somebody else is named, and is reminded at ``remind_at``."""

    remind_at = serializers.DateTimeField(required=False, default_timezone=UTC)

    class Meta(TaskSerializer.Meta):
        fields = [*TaskSerializer.Meta.fields, "remind_at"]


class ReassignTaskInput(StrictSerializer):
    """Who takes the task over; null leaves it to nobody."""

    assignee = TenantRelatedField(queryset=Membership.objects.all(), allow_null=True)
