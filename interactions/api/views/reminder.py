from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.base import ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin, VersionGuard
from accounts.calendar import working_calendar
from accounts.choices import Scope
from interactions import services
from interactions.api.serializers import (
    DeliveryChoiceSerializer,
    NewReminderChoiceSerializer,
    NewReminderSerializer,
    ReminderChoiceSerializer,
    ReminderRuleSerializer,
    ReminderSerializer,
    SnoozeInput,
)
from interactions.filters import REMINDER_ORDERINGS, ReminderFilter
from interactions.models import DeliveryChoice, Reminder, ReminderChoice, ReminderRule
from interactions.reminders.preferences import rules_in_force
from interactions.reminders.registry import kinds


class ReminderViewSet(ListMixin, RetrieveMixin, CreateMixin, VersionGuard, MemberViewSet):
    """Your own reminders, of every kind. POST sets one for a task; DELETE cancels one."""

    queryset = Reminder.objects.select_related("task__client", "client", "member__user")
    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter
    inputs = {"create": NewReminderSerializer, "snooze": SnoozeInput}
    permissions = {"done": "interactions.complete_reminder"}
    ordering_fields = REMINDER_ORDERINGS
    ordering = ("due_at",)
    row_fields = {
        **{name: name for name in ReminderSerializer.Meta.fields},
        "task": "task_id",
        "client": "client_id",
        "member": "member_id",
        "subject": "subject_label",
        "path": "url_path",
    }

    def perform_create(self, serializer):
        return services.set_reminder(actor=self.member, member=self.member, **serializer.validated_data)

    def destroy(self, request, **kwargs):
        reminder = self.get_object()
        version = self.expected_version(reminder)
        services.archive_reminder(actor=self.member, reminder=reminder, version=version)
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def snooze(self, request, pk):
        """Be reminded again, later."""
        reminder = self.get_object()
        return self.answer(services.snooze_reminder(actor=self.member, reminder=reminder, **self.input()))

    @action(detail=True, methods=["post"])
    def done(self, request, pk):
        """It is taken care of: a task is completed, anything else is put down as done."""
        reminder = self.get_object()
        if reminder.task is not None:
            self.require("interactions.complete_task", reminder.task)
        self.input()
        return self.answer(services.complete_reminder(actor=self.member, reminder=reminder))

    @action(detail=True, methods=["post"])
    def dismiss(self, request, pk):
        """Seen, thank you: it does not come back."""
        reminder = self.get_object()
        self.input()
        return self.answer(services.dismiss_reminder(actor=self.member, reminder=reminder))


class ReminderRuleViewSet(ListMixin, RetrieveMixin, ChangeMixin, MemberViewSet):
    """What the organization says about each kind of reminder. Admins change it."""

    queryset = ReminderRule.objects.all()
    serializer_class = ReminderRuleSerializer
    write_scope = Scope.ADMIN
    hides_archived = False
    ordering_fields = {"kind": "kind"}
    ordering = ("kind",)
    row_fields = {name: name for name in ReminderRuleSerializer.Meta.fields}

    def list(self, request):
        if ReminderRule.objects.count() < len(kinds()):
            rules_in_force(working_calendar().today)
        return super().list(request)

    def perform_change(self, rule, version, data):
        return services.change_rule(actor=self.member, rule=rule, version=version, **data)


class ReminderChoiceViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, MemberViewSet):
    """What you want of each kind. POST says it, whether you had said something before or not."""

    queryset = ReminderChoice.objects.all()
    serializer_class = ReminderChoiceSerializer
    inputs = {"create": NewReminderChoiceSerializer}
    hides_archived = False
    ordering_fields = {"kind": "kind"}
    ordering = ("kind",)
    row_fields = {**{name: name for name in ReminderChoiceSerializer.Meta.fields}, "member": "member_id"}

    def perform_create(self, serializer):
        return services.choose_reminder(member=self.member, **serializer.validated_data)

    def perform_change(self, choice, version, data):
        said = {"is_on": choice.is_on, "channel": choice.channel, **data}
        return services.choose_reminder(member=self.member, kind=choice.kind, version=version, **said)


class DeliveryChoiceViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, MemberViewSet):
    """When you want mail: one row, yours. POST says it, whether you had said something before or not."""

    queryset = DeliveryChoice.objects.all()
    serializer_class = DeliveryChoiceSerializer
    hides_archived = False
    ordering_fields = {"created_at": "created_at"}
    ordering = ("created_at",)
    row_fields = {**{name: name for name in DeliveryChoiceSerializer.Meta.fields}, "member": "member_id"}

    def perform_create(self, serializer):
        return services.choose_delivery(member=self.member, **serializer.validated_data)

    def perform_change(self, choice, version, data):
        return services.choose_delivery(member=self.member, version=version, **data)
