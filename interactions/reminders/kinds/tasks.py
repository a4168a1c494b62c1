"""Tasks that are due."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import inside_path
from accounts.wording import in_days, isolated
from interactions.choices import TaskStatus
from interactions.models import Reminder, Task
from interactions.reminders.registry import Audience, Fact, Moment, ReminderKind, Window


def facts(window: Window) -> Iterator[Fact]:
    """Open tasks of somebody. Who gives themselves a task on the very day need not be told of it."""
    gap = ExpressionWrapper(F("due_on") - TruncDate("created_at", tzinfo=window.calendar.zone), DurationField())
    first, last = TASK_DUE.days_about(window.calendar, window.first_on, window.last_on, window.lead)
    tasks = (
        Task.objects.current()
        .open()
        .filter(Q(assignee__isnull=False) | Q(client__isnull=False), due_on__range=(first, last))
        .annotate(gap=gap)
        .exclude(assignee=F("created_by"), gap__lte=timedelta(days=window.lead))
        .exclude(window.told("pk", about_on=OuterRef("due_on")))
        .order_by("due_on", "pk")
        .values_list("pk", "due_on", "title", "client_id")[: window.limit]
    )
    home = inside_path("interactions:task-list")
    for pk, due_on, title, client_id in tasks:
        yield Fact(pk, due_on, title, inside_path("client", client_id) if client_id else home, client_id, task_id=pk)


def still_true(at: Moment) -> Exists:
    tasks = Task.objects.current().filter(status=TaskStatus.OPEN, due_on=OuterRef("about_on"))
    return Exists(tasks.filter(pk=OuterRef("subject_id")))


def audience(subject_ids: Sequence[UUID]) -> dict[UUID, Audience]:
    tasks = Task.objects.filter(pk__in=subject_ids)
    named = tasks.values_list("pk", "assignee_id", "client_id")
    return {pk: Audience(member_id=member, client_id=client) for pk, member, client in named}


def words(reminder: Reminder) -> str:
    return _("“%(task)s” is due on %(day)s") % {
        "task": isolated(_title(reminder)),
        "day": in_days(reminder.about_on) if reminder.about_on else "",
    }


def _title(reminder: Reminder) -> str:
    """The task may have been renamed since."""
    return reminder.task.title if reminder.task else reminder.title


TASK_DUE = ReminderKind(
    name="task_due",
    label=gettext_lazy("Tasks that are due"),
    hint=gettext_lazy("To whoever the task is assigned to."),
    icon="list-checks",
    subject="interactions.task",
    leads=(1, 0),
    facts=facts,
    still_true=still_true,
    words=words,
    audience=audience,
    is_urgent=True,
)
