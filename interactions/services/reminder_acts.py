"""What a reminder is about, done from the reminder itself."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from interactions.exceptions import ReminderClosed
from interactions.models import Reminder
from interactions.reminders.truth import call_back
from interactions.services.tasks import complete_task


@transaction.atomic
def complete_reminder(*, actor: Membership | None, reminder: Reminder, version: int | None = None) -> Reminder:
    """It is taken care of: a task is completed, anything else is only put down as done. Doing it twice is once."""
    row = changes.lock(reminder, version=version)
    if row.done_at is not None:
        return row
    if row.is_archived:
        raise ReminderClosed(_("This reminder was cancelled. Set a new one."))
    now = timezone.now()
    call_back([row], now)
    done = changes.change(
        actor=actor, obj=row, verb="completed", done_at=now, queued_at=row.queued_at or now, mail_at=None
    )
    if done.task is not None and done.task.is_open:
        complete_task(actor=actor, task=done.task)
    return done
