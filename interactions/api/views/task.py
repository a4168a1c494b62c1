from rest_framework.decorators import action

from accounts.api.base import (
    ArchiveMixin,
    ChangeMixin,
    CreateMixin,
    ListMixin,
    MemberViewSet,
    RetrieveMixin,
)
from interactions import services
from interactions.api.serializers import (
    ChangeTaskSerializer,
    DropTaskInput,
    NewTaskSerializer,
    ReassignTaskInput,
    TaskSerializer,
)
from interactions.filters import TASK_ORDERINGS, TaskFilter
from interactions.models import Task


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
        "survey_response": "survey_response_id",
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
