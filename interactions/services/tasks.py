"""Tasks, from added to done or dropped."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.models import Client, Contact, Opportunity
from clients.services import writing
from interactions.choices import Priority, ReminderChannel, TaskStatus, WorkingDays
from interactions.exceptions import TaskClosed
from interactions.models import Task
from interactions.services.reminders import cancel_reminders, hand_over_reminders, set_reminder
from interactions.services.series import begin, kept_for_series, open_next, reminders_to_repeat, rescheduled
from interactions.signals import task_done
from managers.models import AccountManager


@transaction.atomic
def add_task(
    *,
    actor: Membership | None,
    title: str,
    client: Client | None = None,
    contact: Contact | None = None,
    opportunity: Opportunity | None = None,
    assignee: Membership | None = None,
    due_on: date | None = None,
    priority: str = Priority.NORMAL,
    notes: str = "",
    source: str = "",
    remind_at: datetime | None = None,
    remind_by: str = ReminderChannel.BOTH,
    recurrence: str = "",
    working_days: str = WorkingDays.ANY,
) -> Task:
    """Add a task, for the actor unless ``assignee`` says otherwise; the client follows from contact or opportunity.

    With ``recurrence`` it is the first of a series (``interactions.recurrence``).
    """
    source_of_client = opportunity or contact
    if client is None and source_of_client is not None:
        client = source_of_client.client
    _refuse_strangers(client, contact, opportunity)
    task = Task(
        client=client,
        contact=contact,
        opportunity=opportunity,
        assignee=assignee or actor,
        created_by=actor,
        title=title.strip(),
        notes=notes,
        due_on=due_on,
        priority=priority,
        source=source,
    )
    _refuse_inactive(task.assignee)
    begin(task, recurrence, working_days)
    changes.add(actor=actor, obj=task, on_behalf_of=_covered(actor, task))
    if remind_at is not None:
        set_reminder(actor=actor, task=task, due_at=remind_at, channel=remind_by)
    return task


@transaction.atomic
def change_task(
    *, actor: Membership | None, task: Task, version: int | None = None, only_this: bool = False, **fields: Any
) -> Task:
    """Change an open or closed task's text, day, priority, assignee or links; its status has verbs of its own.

    Those that follow in its series are as it is by then, unless ``only_this``. Its day is always its own: the series
    keeps to its rule, and ``recurrence`` is always the series'; an empty one ends it with this task.
    """
    if fields.keys() & {"status", "done_at", "done_by"}:
        raise TypeError("The status changes through complete_task, reopen_task and drop_task.")
    if fields.keys() & {"client", "contact", "opportunity"}:
        client = fields.get("client", task.client)
        _refuse_strangers(client, fields.get("contact", task.contact), fields.get("opportunity", task.opportunity))
    if "assignee" in fields and fields["assignee"] != task.assignee:
        _refuse_inactive(fields["assignee"])
    before = task.assignee_id
    if fields.keys() & {"recurrence", "working_days"} or (task.recurrence and "due_on" in fields):
        fields |= rescheduled(task, fields)
    if task.recurrence:
        fields["series_fields"] = kept_for_series(task, fields, only_this=only_this)
    changed = changes.change(actor=actor, obj=task, version=version, on_behalf_of=_covered(actor, task), **fields)
    if changed.assignee_id != before:
        hand_over_reminders(changed, previous_id=before)
    return changed


def reassign_task(
    *, actor: Membership | None, task: Task, assignee: Membership | None, version: int | None = None
) -> Task:
    """Give a task to somebody else, or to nobody; the reminders of the one before go along."""
    return change_task(actor=actor, task=task, version=version, assignee=assignee)


@transaction.atomic
def complete_task(*, actor: Membership | None, task: Task, version: int | None = None) -> Task:
    """Mark an open task as done; its waiting reminders are cancelled. One that repeats opens the next."""
    row = changes.lock(task, version=version)
    _refuse_closed(row)
    reminders = reminders_to_repeat(row)
    done = changes.change(
        actor=actor,
        obj=row,
        verb="completed",
        on_behalf_of=_covered(actor, row),
        status=TaskStatus.DONE,
        done_at=timezone.now(),
        done_by=actor,
    )
    cancel_reminders(done)
    open_next(actor=actor, task=done, reminders=reminders)
    task_done.send(Task, task=done, actor=actor)
    return done


@transaction.atomic
def drop_task(*, actor: Membership | None, task: Task, version: int | None = None, ends_series: bool = False) -> Task:
    """Close an open task that nobody will do; the next of its series opens unless that ends, too."""
    row = changes.lock(task, version=version)
    _refuse_closed(row)
    reminders = reminders_to_repeat(row)
    ended: dict[str, Any] = {"recurrence": "", "working_days": WorkingDays.ANY} if ends_series else {}
    dropped = changes.change(
        actor=actor, obj=row, verb="dropped", on_behalf_of=_covered(actor, row), status=TaskStatus.DROPPED, **ended
    )
    cancel_reminders(dropped)
    open_next(actor=actor, task=dropped, reminders=reminders)
    return dropped


@transaction.atomic
def reopen_task(*, actor: Membership | None, task: Task, version: int | None = None) -> Task:
    """Take up a task again. Reminders that were cancelled stay so."""
    row = changes.lock(task, version=version)
    if row.is_open:
        raise TaskClosed(_("“%(task)s” is open already.") % {"task": row})
    return changes.change(
        actor=actor,
        obj=row,
        verb="reopened",
        on_behalf_of=_covered(actor, row),
        status=TaskStatus.OPEN,
        done_at=None,
        done_by=None,
    )


@transaction.atomic
def archive_task(*, actor: Membership | None, task: Task, version: int | None = None) -> Task:
    """Take a task off every list; nobody is reminded of it any more."""
    archived = changes.archive(actor=actor, obj=task, version=version)
    cancel_reminders(archived)
    return archived


def restore_task(*, actor: Membership | None, task: Task, version: int | None = None) -> Task:
    return changes.restore(actor=actor, obj=task, version=version)


@transaction.atomic
def release_tasks(*, actor: Membership | None, member: Membership) -> int:
    """Take a departing member's open tasks off them; a client's main manager gets those of the client."""
    tasks = Task.objects.current().open().assigned_to(member).select_related("client__main_manager__member")
    for task in tasks:
        manager = task.client and task.client.main_manager
        heir = manager and manager.member
        is_fit = heir is not None and heir != member and heir.is_active
        reassign_task(actor=actor, task=task, assignee=heir if is_fit else None)
    return len(tasks)


def _covered(actor: Membership | None, task: Task) -> AccountManager | None:
    """On whose behalf the actor works on a task: the absent main manager of its client."""
    return writing.acts_for(actor, task.client) if task.client else None


def _refuse_closed(task: Task) -> None:
    if not task.is_open:
        raise TaskClosed(
            _("“%(task)s” is closed already (%(status)s). Reopen it first.")
            % {"task": task, "status": task.get_status_display()}
        )


def _refuse_inactive(assignee: Membership | None) -> None:
    if assignee is not None and not assignee.is_active:
        raise ValidationError(
            {"assignee": _("%(member)s is no longer active. Choose another member.") % {"member": assignee}}
        )


def _refuse_strangers(client: Client | None, contact: Contact | None, opportunity: Opportunity | None) -> None:
    if client is not None:
        writing.refuse_archived(client)
    for name, row in (("contact", contact), ("opportunity", opportunity)):
        if row is not None and (client is None or row.client_id != client.pk):
            raise ValidationError({name: _("“%(name)s” belongs to another client.") % {"name": row}})
