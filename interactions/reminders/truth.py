"""Whether what a reminder says still holds, and taking back what does not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.calendar import WorkingCalendar
from accounts.dispatch import queue
from interactions.models import Notification, Reminder
from interactions.reminders.registry import Moment, find_kind, kinds

# So many are asked about in one statement.
PORTION = 500


def still_true(reminder: Reminder, now: datetime, calendar: WorkingCalendar) -> bool:
    """Asked once more when it is about to be sent."""
    return not untrue([reminder], now, calendar)


def untrue(reminders: Sequence[Reminder], now: datetime, calendar: WorkingCalendar) -> set:
    """The keys of those whose fact no longer holds: one statement for each kind among them."""
    at, gone = Moment(now, calendar), set()
    for kind in kinds():
        mine = {reminder.pk for reminder in reminders if reminder.kind == kind.name}
        if mine:
            holds = Reminder.objects.filter(kind.still_true(at), pk__in=mine)
            gone |= mine - set(holds.values_list("pk", flat=True))
    # A kind that is no longer installed says nothing any more.
    return gone | {row.pk for row in reminders if not row.is_by_hand and find_kind(row.kind) is None}


@transaction.atomic
def withdraw_untrue(now: datetime, calendar: WorkingCalendar) -> int:
    """Take back the reminders of the current organization whose fact has changed.

    Asked in portions by key: one large anti-join leaves the database to guess, and it guessed wrong at 20,000 clients.
    """
    at, withdrawn = Moment(now, calendar), 0
    for kind in kinds():
        live = Reminder.objects.current().filter(kind=kind.name, seen_at=None, done_at=None)
        keys = list(live.values_list("pk", flat=True))
        for start in range(0, len(keys), PORTION):
            portion = keys[start : start + PORTION]
            holds = set(Reminder.objects.filter(kind.still_true(at), pk__in=portion).values_list("pk", flat=True))
            gone = [key for key in portion if key not in holds]
            if gone:
                rows = list(live.filter(pk__in=gone).select_for_update(of=("self",), skip_locked=True))
                withdraw(rows, now)
                withdrawn += len(rows)
    return withdrawn


def withdraw(reminders: Sequence[Reminder], now: datetime) -> None:
    """Cancel locked rows: their queued mail, their line behind the bell, and what is still to come."""
    call_back(reminders, now)
    rows = Reminder.objects.filter(pk__in=[reminder.pk for reminder in reminders])
    if reminders:
        rows.update(archived_at=now, mail_at=None, updated_at=now, version=F("version") + 1)


def call_back(reminders: Sequence[Reminder], now: datetime) -> None:
    """Cancel mails that wait and mark the lines behind the bell as read: two statements however many."""
    keys = [reminder.send_key for reminder in reminders if reminder.queued_at is not None]
    if keys:
        queue.cancel_many(keys)
        Notification.objects.unread().filter(key__in=keys).update(read_at=now)
