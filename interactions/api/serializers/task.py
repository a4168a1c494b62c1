from datetime import UTC

from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from accounts.models import Membership
from interactions.models import Reminder, Task


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
            "status",
            "done_at",
            "done_by",
            "created_by",
            "source",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["status", "done_at", "done_by"]


class NewTaskSerializer(TaskSerializer):
    """The assignee is whoever adds it unless somebody else is named, and is reminded at ``remind_at``."""

    remind_at = serializers.DateTimeField(required=False, default_timezone=UTC)

    class Meta(TaskSerializer.Meta):
        fields = [*TaskSerializer.Meta.fields, "remind_at"]


class ReassignTaskInput(StrictSerializer):
    """Who takes the task over; null leaves it to nobody."""

    assignee = TenantRelatedField(queryset=Membership.objects.all(), allow_null=True)


class ReminderSerializer(StrictModelSerializer):
    """A notice for whoever sets it: ``member`` is yourself."""

    class Meta:
        model = Reminder
        fields = [
            "id",
            "version",
            "task",
            "member",
            "due_at",
            "channel",
            "sent_at",
            "seen_at",
            "snoozed_until",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["member"]


class SnoozeInput(StrictSerializer):
    until = serializers.DateTimeField(default_timezone=UTC)
