"""A member's own reminders of every kind: due, put off, and to come."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, ListPage
from interactions import services
from interactions.choices import ReminderState
from interactions.filters import ReminderPageFilter
from interactions.models import Reminder
from interactions.reminders.words import icon_of, label_of, words_of
from interactions.services.notifications import reminder_path

SHOWN = (ReminderState.DUE, ReminderState.SNOOZED, ReminderState.UPCOMING, ReminderState.DONE)
HOURS = {"1": 1, "4": 4, "24": 24, "168": 168}
SNOOZES = (
    ("1", gettext_lazy("For an hour")),
    ("4", gettext_lazy("For four hours")),
    ("24", gettext_lazy("For a day")),
    ("168", gettext_lazy("For a week")),
)


class ReminderListView(ListPage):
    permission = "interactions.view_reminder"
    queryset = Reminder.objects.select_related("task__client", "client", "member__user")
    filter_class = ReminderPageFilter
    orderings = {"due": "due_at"}
    template_name = "interactions/reminder_list.html"
    table_template_name = "interactions/_reminders.html"

    @property
    def state(self):
        asked = self.request.GET.get("state")
        return asked if asked in SHOWN else ReminderState.DUE

    @property
    def sort(self):
        """What was told last stands first; what comes next as well."""
        return "due" if self.state in (ReminderState.SNOOZED, ReminderState.UPCOMING) else "-due"

    def get_queryset(self):
        return super().get_queryset().in_state(self.state)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        home = reverse("my-day").rstrip("/")
        lines = [
            {
                "reminder": row,
                "client": row.client or (row.task and row.task.client),
                "words": words_of(row),
                "icon": icon_of(row.kind),
                "label": label_of(row.kind),
                "url": f"{home}{reminder_path(row)}",
            }
            for row in context["rows"]
        ]
        return context | {
            "lines": lines,
            "state": self.state,
            "tabs": self.tabs,
            "snoozes": SNOOZES,
            "may_act": self.member.can("interactions.snooze_reminder"),
            "is_narrowed": bool(self.request.GET.get("kind")),
        }

    @cached_property
    def tabs(self):
        url, waiting = reverse("interactions:reminder-list"), Reminder.objects.visible_to(self.member)
        due = waiting.in_state(ReminderState.DUE).count()
        return [
            {
                "url": f"{url}?state={state}",
                "label": state.label,
                "current": state == self.state,
                "count": due if state == ReminderState.DUE else None,
            }
            for state in SHOWN
        ]


class ReminderAction(ActionPage):
    queryset = Reminder.objects.select_related("task__client", "client")

    def get_success_url(self):
        task = self.object.task
        if task is None or not self.object.is_by_hand:
            return reverse("interactions:reminder-list")
        return f"{task.client.get_absolute_url()}?tab=tasks" if task.client else reverse("interactions:task-list")


class ReminderSnoozeView(ReminderAction):
    """An hour, or until tomorrow: ``for`` is posted in hours."""

    permission = "interactions.snooze_reminder"
    success_message = gettext_lazy("Snoozed.")

    def perform(self):
        until = timezone.now() + timedelta(hours=HOURS.get(self.request.POST.get("for", "1"), 1))
        services.snooze_reminder(actor=self.member, reminder=self.object, until=until, version=self.version)


class ReminderDismissView(ReminderAction):
    permission = "interactions.dismiss_reminder"
    success_message = gettext_lazy("Reminder dismissed.")

    def perform(self):
        services.dismiss_reminder(actor=self.member, reminder=self.object, version=self.version)


class ReminderDoneView(ReminderAction):
    """Of a task, the task is done; anything else is put down as taken care of."""

    permission = "interactions.complete_reminder"
    success_message = gettext_lazy("Done.")

    def check_permission(self, obj=None):
        super().check_permission(obj)
        if obj is not None and obj.task is not None:
            self.permission = "interactions.complete_task"
            super().check_permission(obj.task)

    def perform(self):
        services.complete_reminder(actor=self.member, reminder=self.object, version=self.version)

    def undo_url(self):
        task = self.object.task
        return reverse("interactions:task-reopen", args=[task.pk]) if task is not None else ""
