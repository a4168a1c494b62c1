"""Reminders: set, snoozed, dismissed, and told when they are due."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from accounts.models import Membership
from accounts.services import changes
from interactions.choices import NotificationKind, ReminderChannel
from interactions.exceptions import ReminderClosed
from interactions.models import Notification, Reminder, Task
from interactions.services.notifications import notify, task_path
from interactions.signals import task_due

REMINDER_MAIL = "task_reminder"

# One turn of the clock takes so many of one organization, so that a crowd of reminders never holds a long transaction.
_BATCH = 500


@transaction.atomic
def set_reminder(
    *,
    actor: Membership | None,
    task: Task,
    due_at: datetime,
    member: Membership | None = None,
    channel: str = ReminderChannel.BOTH,
) -> Reminder:
    """Remind ``member`` of a task, else its assignee, else the actor."""
    if not task.is_open:
        raise ReminderClosed(_("“%(task)s” is closed, so there is nothing to be reminded of.") % {"task": task})
    _refuse_past(due_at)
    recipient = member or task.assignee or actor
    if recipient is None:
        raise ValidationError({"member": _("Say who is to be reminded.")})
    return changes.add(actor=actor, obj=Reminder(task=task, member=recipient, due_at=due_at, channel=channel))


@transaction.atomic
def snooze_reminder(
    *, actor: Membership | None, reminder: Reminder, until: datetime, version: int | None = None
) -> Reminder:
    """Be reminded again at ``until``; a mail that still waits is called back."""
    _refuse_past(until)
    row = changes.lock(reminder, version=version)
    if row.is_archived:
        raise ReminderClosed(_("This reminder was cancelled. Set a new one."))
    if not row.task.is_open:
        raise ReminderClosed(_("“%(task)s” is closed, so there is nothing to be reminded of.") % {"task": row.task})
    _call_back(row)
    return changes.change(
        actor=actor,
        obj=row,
        verb="snoozed",
        due_at=until,
        planned_at=row.planned_at or row.due_at,
        snoozed_until=until,
        queued_at=None,
        sent_at=None,
        seen_at=None,
    )


@transaction.atomic
def dismiss_reminder(*, actor: Membership | None, reminder: Reminder, version: int | None = None) -> Reminder:
    """Seen, thank you: it does not come back. Dismissing twice is once."""
    row = changes.lock(reminder, version=version)
    if row.seen_at is not None or row.is_archived:
        return row
    _call_back(row)
    return changes.change(
        actor=actor, obj=row, verb="dismissed", seen_at=timezone.now(), queued_at=row.queued_at or timezone.now()
    )


@transaction.atomic
def archive_reminder(*, actor: Membership | None, reminder: Reminder, version: int | None = None) -> Reminder:
    """Cancel a reminder."""
    row = changes.lock(reminder, version=version)
    _call_back(row)
    return changes.archive(actor=actor, obj=row)


def cancel_reminders(task: Task) -> None:
    """The task is closed: nobody needs to hear of it, in the product or by mail."""
    for reminder in task.reminders.current().select_for_update(of=("self",)):
        _call_back(reminder)
    now = timezone.now()
    task.reminders.current().filter(queued_at__isnull=True).update(
        archived_at=now, updated_at=now, version=F("version") + 1
    )


def hand_over_reminders(task: Task, *, previous_id: object) -> None:
    """A reassigned task's waiting reminders go to its new assignee; without one they are cancelled."""
    if task.assignee_id is None:
        cancel_reminders(task)
        return
    task.reminders.pending().filter(member=previous_id).update(
        member=task.assignee_id, updated_at=timezone.now(), version=F("version") + 1
    )


@transaction.atomic
def fire_due_reminders(now: datetime | None = None) -> int:
    """Tell what is due in the current organization: a line behind the bell, a row of mail, or both.

    Two clocks may run at once: the rows are locked, and what they write carries keys made of the reminder and its
    time, so nothing is told twice.
    """
    now = now or timezone.now()
    due = (
        Reminder.objects.due(now)
        .select_related("task__client", "member__user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_at", "pk")[:_BATCH]
    )
    reminders = list(due)
    for reminder in reminders:
        if reminder.wants_bell:
            notify(
                member=reminder.member,
                kind=NotificationKind.REMINDER,
                title=reminder.task.title,
                url_path=task_path(reminder.task),
                object_id=reminder.task_id,
                key=reminder.send_key,
            )
        task_due.send(Reminder, reminder=reminder)
    queue.enqueue_many(
        kind=REMINDER_MAIL,
        lane=Lane.URGENT,
        drafts=[
            queue.Draft(reminder.send_key, reminder.member.user.email, {"reminder": str(reminder.pk)})
            for reminder in reminders
            if reminder.wants_email and reminder.member.is_active
        ],
    )
    told = [reminder.pk for reminder in reminders]
    Reminder.objects.filter(pk__in=told).update(queued_at=now)
    # What also goes behind the bell has been told by now; mail alone has when the server takes it.
    Reminder.objects.filter(pk__in=told).exclude(channel=ReminderChannel.EMAIL).update(sent_at=now)
    return len(told)


def record_reminder_mailed(*, reminder_id: str, sent_at: datetime) -> None:
    Reminder.objects.filter(pk=reminder_id, sent_at__isnull=True).update(sent_at=sent_at)


def _call_back(reminder: Reminder) -> None:
    """Cancel the mail that waits and mark the bell's line as read."""
    if reminder.queued_at is None:
        return
    queue.cancel(reminder.send_key)
    Notification.objects.unread().filter(member=reminder.member_id, key=reminder.send_key).update(
        read_at=timezone.now()
    )


def _refuse_past(moment: datetime) -> None:
    if moment <= timezone.now():
        raise ValidationError({"due_at": _("This time has passed. Choose a later one.")})
