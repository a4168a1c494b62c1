"""Reminders: set, snoozed, dismissed, cancelled, handed over. Telling them is in ``telling``."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import local_today
from accounts.models import Membership
from accounts.services import changes
from clients.models import Client
from interactions.choices import ReminderChannel
from interactions.exceptions import ReminderClosed
from interactions.models import Reminder, Task
from interactions.reminders.audience import Recipients
from interactions.reminders.registry import Audience, find_kind
from interactions.reminders.truth import call_back, withdraw

REMINDER_MAIL = "task_reminder"


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
    reminder = Reminder(
        task=task, client=task.client, title=task.title, member=recipient, due_at=due_at, channel=channel
    )
    return changes.add(actor=actor, obj=reminder)


@transaction.atomic
def snooze_reminder(
    *, actor: Membership | None, reminder: Reminder, until: datetime, version: int | None = None
) -> Reminder:
    """Be reminded again at ``until``; a mail that still waits is called back."""
    _refuse_past(until)
    row = changes.lock(reminder, version=version)
    if row.is_archived:
        raise ReminderClosed(_("This reminder was cancelled. Set a new one."))
    if row.done_at is not None or (row.task is not None and not row.task.is_open):
        raise ReminderClosed(_("“%(task)s” is closed, so there is nothing to be reminded of.") % {"task": row})
    call_back([row], timezone.now())
    return changes.change(
        actor=actor,
        obj=row,
        verb="snoozed",
        due_at=until,
        planned_at=row.planned_at or row.due_at,
        snoozed_until=until,
        queued_at=None,
        mail_at=None,
        digest_on=None,
        sent_at=None,
        seen_at=None,
    )


@transaction.atomic
def dismiss_reminder(*, actor: Membership | None, reminder: Reminder, version: int | None = None) -> Reminder:
    """Seen, thank you: it does not come back. Dismissing twice is once."""
    row = changes.lock(reminder, version=version)
    if row.is_closed:
        return row
    now = timezone.now()
    call_back([row], now)
    return changes.change(
        actor=actor, obj=row, verb="dismissed", seen_at=now, queued_at=row.queued_at or now, mail_at=None
    )


@transaction.atomic
def archive_reminder(*, actor: Membership | None, reminder: Reminder, version: int | None = None) -> Reminder:
    """Cancel a reminder."""
    row = changes.lock(reminder, version=version)
    call_back([row], timezone.now())
    return changes.archive(actor=actor, obj=row)


def cancel_reminders(task: Task) -> None:
    """The task is closed: nobody needs to hear of it, in the product or by mail."""
    now = timezone.now()
    rows = list(task.reminders.current().select_for_update(of=("self",)))
    call_back(rows, now)
    withdraw([row for row in rows if row.queued_at is None], now)


def hand_over_reminders(task: Task, *, previous_id: object) -> None:
    """A reassigned task's waiting reminders go to its new assignee; without one they are cancelled.

    What the one before was told already stays theirs when they had set it by hand.
    """
    if task.assignee is None:
        cancel_reminders(task)
        return
    theirs = task.reminders.live().filter(member=previous_id).select_for_update(of=("self",))
    hand_over([row for row in theirs if row.queued_at is None or not row.is_by_hand], task.assignee)


@transaction.atomic
def hand_over_client_reminders(client: Client) -> None:
    """The client has another manager: what is for its manager goes there, also what the one before was told."""
    rows = list(Reminder.objects.live().exclude(key="").filter(client=client).select_for_update(of=("self",)))
    rows = [row for row in rows if (kind := find_kind(row.kind)) is not None and kind.audience is None]
    if not rows:
        return
    member_id = Recipients(local_today(), [client.pk]).find(Audience(client_id=client.pk))
    elsewhere = [row for row in rows if row.member_id != member_id]
    if member_id is None:
        withdraw(elsewhere, timezone.now())
    elif elsewhere:
        hand_over(elsewhere, Membership.objects.get(pk=member_id))


def hand_over(reminders: Sequence[Reminder], member: Membership) -> None:
    """Those of them that came by themselves go to ``member``, who is told anew; who has one already gets no second."""
    now = timezone.now()
    call_back([row for row in reminders if row.queued_at], now)
    keys = [row.key for row in reminders if row.key]
    taken = set(Reminder.objects.filter(member=member, key__in=keys).values_list("key", flat=True))
    withdraw([row for row in reminders if row.key in taken], now)
    moved = [row for row in reminders if row.key not in taken]
    for row in moved:
        row.member, row.updated_at, row.version = member, now, row.version + 1
        if row.queued_at is not None:
            row.due_at, row.queued_at, row.sent_at, row.mail_at, row.digest_on = now, None, None, None, None
    Reminder.objects.bulk_update(
        moved, ["member", "updated_at", "version", "due_at", "queued_at", "sent_at", "mail_at", "digest_on"]
    )


def _refuse_past(moment: datetime) -> None:
    if moment <= timezone.now():
        raise ValidationError({"due_at": _("This time has passed. Choose a later one.")})
