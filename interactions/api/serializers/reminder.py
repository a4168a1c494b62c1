from datetime import UTC

from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from interactions.models import DeliveryChoice, Reminder, ReminderChoice, ReminderRule, Task
from interactions.reminders.registry import kinds
from interactions.services.reminder_settings import LONGEST_LEAD, MOST_LEADS


class ReminderSerializer(StrictModelSerializer):
    """A notice for yourself: set by hand for a task, or come by itself.

    ``kind`` is ``task`` for those set by hand. ``subject`` and ``subject_id`` name what it is about, ``about_on`` its
    day, ``lead_days`` how many working days before (or after) it is told; ``path`` is where one works on it.
    """

    task = TenantRelatedField(read_only=True, allow_null=True)
    subject = serializers.CharField(source="subject_label", read_only=True)
    path = serializers.CharField(source="url_path", read_only=True)

    class Meta:
        model = Reminder
        fields = [
            "id",
            "version",
            "kind",
            "task",
            "client",
            "member",
            "title",
            "subject",
            "subject_id",
            "about_on",
            "lead_days",
            "is_urgent",
            "path",
            "due_at",
            "channel",
            "sent_at",
            "seen_at",
            "done_at",
            "snoozed_until",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = [
            "kind",
            "client",
            "member",
            "title",
            "subject_id",
            "about_on",
            "lead_days",
            "is_urgent",
            "done_at",
        ]


class SnoozeInput(StrictSerializer):
    until = serializers.DateTimeField(default_timezone=UTC)


class NewReminderSerializer(ReminderSerializer):
    """What you want to be reminded of, and when."""

    task = TenantRelatedField(queryset=Task.objects.all())


class ReminderRuleSerializer(StrictModelSerializer):
    """``lead_days``: working days before the day, or after it for what is late; 0 is the day itself."""

    lead_days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=LONGEST_LEAD), min_length=1, max_length=MOST_LEADS
    )

    class Meta:
        model = ReminderRule
        fields = ["id", "version", "kind", "is_on", "lead_days", "channel", "is_urgent", "created_at", "updated_at"]
        read_only_fields = ["kind"]


class ReminderChoiceSerializer(StrictModelSerializer):
    """What you want of one kind; an empty ``channel`` is the organization's."""

    class Meta:
        model = ReminderChoice
        fields = ["id", "version", "member", "kind", "is_on", "channel", "created_at", "updated_at"]
        read_only_fields = ["member", "kind"]


class NewReminderChoiceSerializer(ReminderChoiceSerializer):
    kind = serializers.ChoiceField(choices=[(kind.name, kind.label) for kind in kinds()])

    class Meta(ReminderChoiceSerializer.Meta):
        read_only_fields = ["member"]


class DeliveryChoiceSerializer(StrictModelSerializer):
    """When you want mail. An empty zone, and no quiet hours, are the organization's."""

    class Meta:
        model = DeliveryChoice
        fields = [
            "id",
            "version",
            "member",
            "is_digest_on",
            "digest_at",
            "time_zone",
            "quiet_from",
            "quiet_until",
            "is_quiet_on_weekends",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["member"]
