"""What the clock would have found and told by this morning."""

from datetime import timedelta

from django.utils import timezone

from accounts.calendar import WorkingCalendar
from interactions.models import Reminder, ReminderRule
from interactions.reminders.generator import generate_reminders
from interactions.reminders.preferences import rules_in_force

# The firm has been watching for silence long enough to have missed somebody.
WATCHED = timedelta(days=45)


def remind(calendar: WorkingCalendar) -> int:
    """Reminders of every kind: those that are due were told in the product already, without mails or a full bell."""
    now = timezone.now()
    rules_in_force(calendar.today)
    ReminderRule.objects.filter(kind="silence").update(started_on=calendar.today - WATCHED)
    found = generate_reminders(now)
    Reminder.objects.due(now).exclude(key="").update(queued_at=now, sent_at=now)
    return found
