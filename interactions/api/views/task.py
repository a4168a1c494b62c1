from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.base import (
    ArchiveMixin,
    ChangeMixin,
    CreateMixin,
    ListMixin,
    MemberViewSet,
    RetrieveMixin,
    VersionGuard,
)
from interactions import services
from interactions.api.serializers import (
    ChangeTaskSerializer,
    DropTaskInput,
    NewTaskSerializer,
    ReassignTaskInput,
    ReminderSerializer,
    SnoozeInput,
    TaskSerializer,
)
from interactions.filters import REMINDER_ORDERINGS, TASK_ORDERINGS, ReminderFilter, TaskFilter
from interactions.models import Reminder, Task


class TaskViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Work to be done, usually for a client."""

    queryset = Task.objects.select_related("client__main_manager")
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    inputs = {
        "create": NewTaskSerializer,
        "partial_update": ChangeTaskSerializer,
        "drop": DropTaskInput,
        "reassign": ReassignTaskInput,
    }
    ordering_fields = TASK_ORDERINGS
    ordering = ("due_on",)
    row_fields = {
        **{name: name for name in TaskSerializer.Meta.fields if name != "notes"},
        "client": "client_id",
        "contact": "contact_id",
        "opportunity": "opportunity_id",
        "assignee": "assignee_id",
        "done_by": "done_by_id",
        "created_by": "created_by_id",
    }

    def perform_create(self, serializer):
        return services.add_task(actor=self.member, **serializer.validated_data)

    def perform_change(self, task, version, data):
        if "assignee" in data:
            self.require("interactions.reassign_task", task)
        return services.change_task(actor=self.member, task=task, version=version, **data)

    def perform_archive(self, task, version):
        services.archive_task(actor=self.member, task=task, version=version)

    def perform_restore(self, task):
        return services.restore_task(actor=self.member, task=task)

    @action(detail=True, methods=["post"])
    def complete(self, request, pk):
        """The task is done; reminders that wait are cancelled. One that repeats opens the next of its series."""
        task = self.get_object()
        self.input()
        return self.answer(services.complete_task(actor=self.member, task=task))

    @action(detail=True, methods=["post"])
    def drop(self, request, pk):
        """Nobody will do this task. The next of its series opens, unless ``ends_series``."""
        task = self.get_object()
        return self.answer(services.drop_task(actor=self.member, task=task, **self.input()))

    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        """Take up a done or dropped task again."""
        task = self.get_object()
        self.input()
        return self.answer(services.reopen_task(actor=self.member, task=task))

    @action(detail=True, methods=["post"])
    def reassign(self, request, pk):
        """Give the task, and the reminders that wait, to somebody else or to nobody."""
        task = self.get_object()
        return self.answer(services.reassign_task(actor=self.member, task=task, **self.input()))


class ReminderViewSet(ListMixin, RetrieveMixin, CreateMixin, VersionGuard, MemberViewSet):
    """Your own reminders of tasks. DELETE cancels one."""

    queryset = Reminder.objects.select_related("task__client", "member__user")
    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter
    inputs = {"snooze": SnoozeInput}
    ordering_fields = REMINDER_ORDERINGS
    ordering = ("due_at",)
    row_fields = {
        **{name: name for name in ReminderSerializer.Meta.fields},
        "task": "task_id",
        "member": "member_id",
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
    def dismiss(self, request, pk):
        """Seen, thank you: it does not come back."""
        reminder = self.get_object()
        self.input()
        return self.answer(services.dismiss_reminder(actor=self.member, reminder=reminder))
