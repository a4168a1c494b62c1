"""Tasks and their reminders."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.pages import ActionPage, FormPage, ListPage, ObjectFormPage, RowAddPage, RowChangePage
from accounts.wording import in_days
from interactions import recurrence, services
from interactions.choices import DueBucket, TaskStatus
from interactions.filters import TaskPageFilter
from interactions.forms import REPEAT_FIELDS, ReminderForm, RepeatForm, TaskForm
from interactions.models import Reminder, Task
from interactions.views.interactions import visible_client

MINE, EVERYBODY = "mine", "all"
# The fields that the days to come depend on.
RELEVANT = [*sorted(REPEAT_FIELDS), "due_on"]


class TaskListView(ListPage):
    """One's own open tasks by due day; everybody's on request."""

    permission = "interactions.view_task"
    queryset = Task.objects.for_list()
    filter_class = TaskPageFilter
    orderings = {"due": "due_on", "created": "created_at"}
    template_name = "interactions/task_list.html"
    table_template_name = "interactions/_task_buckets.html"
    page_size = 100

    @property
    def whose(self):
        asked = self.request.GET
        return EVERYBODY if asked.get("whose") == EVERYBODY or asked.get("assignee") else MINE

    @property
    def status(self):
        asked = self.request.GET.get("status")
        return asked if asked in TaskStatus.values else TaskStatus.OPEN

    def get_queryset(self):
        rows = super().get_queryset().filter(status=self.status)
        return rows.assigned_to(self.member) if self.whose == MINE else rows

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        context |= {
            "today": today,
            "whose": self.whose,
            "status": self.status,
            "buckets": buckets(context["rows"], today) if self.status == TaskStatus.OPEN else [("", context["rows"])],
            "may_add": self.member.can("interactions.add_task"),
            "views": self.views(),
            "is_narrowed": any(value for name, value in self.request.GET.items() if name not in ("whose", "status")),
        }
        return context

    def views(self):
        url = reverse("interactions:task-list")
        choices = [
            (MINE, TaskStatus.OPEN, _("Mine")),
            (EVERYBODY, TaskStatus.OPEN, _("Everybody’s")),
            (MINE, TaskStatus.DONE, TaskStatus.DONE.label),
            (MINE, TaskStatus.DROPPED, TaskStatus.DROPPED.label),
        ]
        return [
            {
                "url": f"{url}?whose={whose}&status={status}",
                "label": label,
                "current": (whose, status) == (self.whose, self.status),
            }
            for whose, status, label in choices
        ]


def buckets(tasks, today):
    """``[(label, tasks)]`` by due day, empty ones left out."""
    found = {}
    for task in tasks:
        found.setdefault(bucket_of(task.due_on, today), []).append(task)
    return [(bucket.label, found[bucket]) for bucket in DueBucket if bucket in found]


def bucket_of(due_on, today):
    if due_on is None:
        return DueBucket.NONE
    days = (due_on - today).days
    if days < 0:
        return DueBucket.OVERDUE
    if days == 0:
        return DueBucket.TODAY
    return DueBucket.WEEK if days <= 7 else DueBucket.LATER


class RepeatPreview:
    """Without script, a button shows the next days instead of saving."""

    def post(self, request, *args, **kwargs):
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        return self.render_to_response(self.get_context_data(form=form, preview=preview_of(form)))


class RepeatPreviewView(FormPage):
    """The next days of a task's form while it is filled in; nothing is kept."""

    permission = "interactions.add_task"
    http_method_names = ["post"]
    form_class = RepeatForm
    template_name = "interactions/_repeat_preview.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "member": self.member}

    def post(self, request):
        return self.render_to_response({"preview": preview_of(self.get_form())})


def preview_of(form):
    """The rule in words and the three days after the first, or what is wrong with it."""
    if not form.is_valid() and form.errors.keys() & RELEVANT:
        return {"errors": [error for name in RELEVANT for error in form.errors.get(name, [])]}
    data = form.cleaned_data
    if not data.get("recurrence"):
        return None
    try:
        days = services.preview(data["recurrence"], data["working_days"], data["due_on"])
    except ValidationError as error:
        return {"errors": error.messages}
    words = recurrence.in_words(recurrence.parse(data["recurrence"]), data["working_days"])
    return {"words": words, "first": data["due_on"], "days": days}


class TaskAddView(RepeatPreview, RowAddPage):
    permission = "interactions.add_task"
    form_class = TaskForm
    template_name = "interactions/task_form.html"
    title = gettext_lazy("New task")
    success_message = gettext_lazy("Task added.")

    @cached_property
    def client(self):
        return visible_client(self.member, self.request.GET.get("client"))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "client": self.client}

    def get_initial(self):
        client = self.client
        initial = {"assignee": self.member.pk, "due_on": timezone.localdate()}
        return {**initial, "client": client.pk} if client else initial

    def get_cancel_url(self):
        client = self.client
        return f"{client.get_absolute_url()}?tab=tasks" if client else reverse("interactions:task-list")

    @transaction.atomic
    def perform(self, remind_at=None, **data):
        task = services.add_task(actor=self.member, **data)
        if remind_at is not None:
            services.set_reminder(actor=self.member, task=task, member=self.member, due_at=remind_at)
        return task_home(task)


class TaskChangeView(RepeatPreview, RowChangePage):
    permission = "interactions.change_task"
    queryset = Task.objects.select_related("client")
    form_class = TaskForm
    template_name = "interactions/task_form.html"
    title = gettext_lazy("Edit task")
    success_message = gettext_lazy("Saved.")

    def get_cancel_url(self):
        return task_home(self.object)

    def get_context_data(self, **kwargs):
        pending = Reminder.objects.visible_to(self.member).pending().filter(task=self.object).order_by("due_at")
        return super().get_context_data(reminders=pending, **kwargs)

    def perform(self, applies_to=TaskForm.SERIES, **data):
        only_this = applies_to == TaskForm.ONLY_THIS
        return task_home(services.change_task(actor=self.member, task=self.object, only_this=only_this, **data))


def task_home(task):
    return f"{task.client.get_absolute_url()}?tab=tasks" if task.client else reverse("interactions:task-list")


class TaskAction(ActionPage):
    queryset = Task.objects.select_related("client")

    def get_success_url(self):
        return task_home(self.object)


class TaskCompleteView(TaskAction):
    permission = "interactions.complete_task"

    def perform(self):
        done = services.complete_task(actor=self.member, task=self.object, version=self.version)
        self.success_message = closing_words(_("Done."), done)

    def undo_url(self):
        return reverse("interactions:task-reopen", args=[self.object.pk])


def closing_words(said, task):
    """What was done, when the next one is due, and how many had passed meanwhile."""
    following = services.next_occurrence(task) if task.repeats else None
    if following is None or not following.is_open:
        return said
    words = [said, _("The next one is due on %(day)s.") % {"day": in_days(following.due_on)}]
    skipped = services.skipped_between(task, following)
    if skipped:
        left_out = ngettext("%(n)d that had passed was left out.", "%(n)d that had passed were left out.", skipped)
        words.append(left_out % {"n": skipped})
    return " ".join(words)


class TaskReopenView(TaskAction):
    permission = "interactions.reopen_task"
    success_message = gettext_lazy("Open again.")

    def perform(self):
        services.reopen_task(actor=self.member, task=self.object)


class TaskDropView(TaskAction):
    """This one, or with ``series`` posted the ones that would follow, too."""

    permission = "interactions.drop_task"

    def perform(self):
        ends_series = "series" in self.request.POST
        dropped = services.drop_task(actor=self.member, task=self.object, version=self.version, ends_series=ends_series)
        self.success_message = closing_words(_("Dropped."), dropped)

    def undo_url(self):
        return reverse("interactions:task-reopen", args=[self.object.pk])


class ReminderAddView(ObjectFormPage):
    permission = "interactions.add_reminder"
    queryset = Task.objects.select_related("client")
    form_class = ReminderForm
    template_name = "row_form.html"
    success_message = gettext_lazy("Reminder set.")

    def get_context_data(self, **kwargs):
        title = _("Remind me of “%(task)s”") % {"task": self.object}
        return super().get_context_data(title=title, cancel_url=task_home(self.object), columns=1, **kwargs)

    def perform(self, due_at, channel):
        services.set_reminder(actor=self.member, task=self.object, member=self.member, due_at=due_at, channel=channel)
        return task_home(self.object)
