"""What a link in a reminder's mail does, in the name of its reader."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.calendar import NoWorkingDays, working_calendar
from accounts.quiet import local_wall
from accounts.services import changes
from accounts.services.audit import through_mail
from interactions.act_links import Act
from interactions.models import Reminder
from interactions.queries.act_links import ActState, FoundAct, state_of
from interactions.services.reminder_acts import complete_reminder
from interactions.services.reminders import snooze_reminder
from interactions.services.tasks import complete_task


@transaction.atomic
def act_by_mail(found: FoundAct) -> ActState:
    """Do what the link is for, once: READY means that it was done now, anything else that nothing was changed."""
    reminder, is_done = found.reminder, found.link.act == Act.DONE
    # The row that the act will change is locked first, as its service does: of two presses one waits, and then sees.
    if is_done and reminder.task is not None:
        reminder.task = changes.lock(reminder.task)
    else:
        task, member, organization = reminder.task, reminder.member, reminder.organization
        reminder = changes.lock(reminder)
        reminder.task, reminder.member, reminder.organization = task, member, organization
    state = state_of(found.link, reminder)
    if state != ActState.READY:
        return state
    with through_mail():
        if not is_done:
            snooze_reminder(actor=reminder.member, reminder=reminder, until=snoozed_until(found.link.act, reminder))
        elif reminder.task is not None:
            complete_task(actor=reminder.member, task=reminder.task)
        else:
            complete_reminder(actor=reminder.member, reminder=reminder)
    return state


def snoozed_until(act: str, reminder: Reminder, now: datetime | None = None) -> datetime:
    """The next working day, or the working day in a week, at the reminder's own time of the day."""
    calendar = working_calendar(reminder.organization.settings)
    today = calendar.day_of(now or timezone.now())
    day = today + timedelta(days=7 if act == Act.SNOOZE_WEEK else 1)
    with suppress(NoWorkingDays):
        day = calendar.add_working_days(day, 0)
    return local_wall(day, reminder.due_at.astimezone(calendar.zone).time(), calendar.zone)
