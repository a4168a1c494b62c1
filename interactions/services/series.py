"""Tasks that repeat: each opens the next when it is closed, by the schedule and not by the day of closing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import WorkingCalendar, working_calendar
from accounts.models import Membership
from accounts.quiet import local_wall
from accounts.services import changes
from accounts.services.audit import plain
from accounts.tenancy.ids import uuid7
from interactions.choices import WorkingDays
from interactions.exceptions import TaskClosed
from interactions.models import Reminder, Task
from interactions.models.reminder import SET_BY_HAND
from interactions.recurrence import Frequency, InvalidRule, Occurrence, Rule, first_day, first_open, occurrences, parse
from interactions.services.reminders import set_reminder

# What the next task takes over from the one before; its day comes from the rule.
SERIES_FIELDS = ("title", "notes", "client", "contact", "opportunity", "assignee", "priority")


def read_rule(text: str, working_days: str, first: date | None, calendar: WorkingCalendar) -> Rule:
    """The rule that is meant for a task due ``first``. Raises ValidationError by field."""
    if first is None:
        raise ValidationError({"due_on": _("Say when it is due first: it repeats from there.")})
    try:
        rule = parse(text, first, first_day(calendar.weekend))
    except InvalidRule as error:
        raise ValidationError({"recurrence": str(error)}) from None
    if working_days == WorkingDays.ONLY and rule.frequency != Frequency.DAILY:
        raise ValidationError(
            {"working_days": _("Working days are counted in daily rules. In others, a day off can be moved.")}
        )
    if working_days == WorkingDays.ONLY and len(calendar.weekend) == 7:
        raise ValidationError({"working_days": _("The organization’s week has no working days.")})
    if rule.until is not None and rule.until < first:
        raise ValidationError({"recurrence": _("It would end before it is due first. Choose a later end.")})
    return rule


def begin(task: Task, recurrence: str, working_days: str = WorkingDays.ANY) -> None:
    """Make a new task the first of a series; nothing for one that is done once."""
    if not recurrence:
        return
    rule = read_rule(recurrence, working_days, task.due_on, working_calendar())
    task.recurrence, task.working_days = str(rule), working_days
    task.series, task.occurrence_on, task.occurrence_number = uuid7(), task.due_on, 1


def rescheduled(task: Task, fields: dict[str, Any]) -> dict[str, Any]:
    """What else changes on a task when ``fields`` are: its place in the series, when the rule becomes another one.

    The schedule goes on from the day that the task is due by then. An empty rule ends the series with this task.
    """
    due_on = fields.get("due_on", task.due_on)
    text = fields.get("recurrence", task.recurrence)
    working_days = fields.get("working_days", task.working_days) if text else WorkingDays.ANY
    if not text:
        return {"recurrence": "", "working_days": working_days} if task.recurrence else {}
    if (text, working_days) == (task.recurrence, task.working_days) and due_on is not None:
        return {}
    rule = read_rule(text, working_days, due_on, working_calendar())
    if (str(rule), working_days) == (task.recurrence, task.working_days):
        return {"recurrence": str(rule), "working_days": working_days}
    if not task.is_open:
        raise TaskClosed(_("“%(task)s” is closed. Change how it repeats on the one that is open.") % {"task": task})
    found: dict[str, Any] = {"recurrence": str(rule), "working_days": working_days}
    if task.series is None:
        return found | {"series": uuid7(), "occurrence_on": due_on, "occurrence_number": 1}
    taken = Task.objects.filter(series=task.series, occurrence_on=due_on).exclude(pk=task.pk)
    return found if taken.exists() else found | {"occurrence_on": due_on}


def kept_for_series(task: Task, fields: dict[str, Any], *, only_this: bool) -> dict[str, Any]:
    """``series_fields`` after a change of ``fields``: what the series has where this task alone differs."""
    kept = dict(task.series_fields)
    for name in SERIES_FIELDS:
        if name not in fields or fields[name] == getattr(task, name):
            continue
        if only_this:
            kept.setdefault(name, plain(getattr(task, name)))
        else:
            kept.pop(name, None)
    return kept


def next_occurrence(task: Task) -> Task | None:
    """The task that follows in the series, open or closed."""
    if task.series is None:
        return None
    later = Task.objects.filter(series=task.series, occurrence_on__gt=task.occurrence_on)
    return later.order_by("occurrence_on").first()


def skipped_between(task: Task, following: Task) -> int:
    """How many times had passed already when ``following`` was opened."""
    return max(0, (following.occurrence_number or 0) - (task.occurrence_number or 0) - 1)


def preview(recurrence: str, working_days: str, first: date, count: int = 3) -> list[date]:
    """The days on which a task that is due ``first`` would be due next."""
    calendar = working_calendar()
    rule = read_rule(recurrence, working_days, first, calendar)
    found = occurrences(rule, after=first, number=1, calendar=calendar, working_days=working_days)
    return [each.due_on for each in islice(found, count)]


def open_next(*, actor: Membership | None, task: Task, reminders: list[Reminder]) -> Task | None:
    """Open the one after a task that was just closed, unless the series ended or has gone on already.

    The caller holds the closed task's row, so two people who close it at once open one; the database's uniqueness of
    series and day is the net below.
    """
    if not task.recurrence or task.is_archived or next_occurrence(task) is not None:
        return None
    if task.client is not None and task.client.is_archived:
        return None
    calendar = working_calendar()
    found = first_open(_following(task, calendar), calendar.today)
    if found is None:
        return None
    following = Task(
        **_fields_of_series(task),
        created_by=task.created_by,
        source=task.source,
        due_on=found.due_on,
        recurrence=task.recurrence,
        working_days=task.working_days,
        series=task.series,
        occurrence_on=found.on,
        occurrence_number=found.number,
    )
    try:
        with transaction.atomic():
            changes.add(actor=actor, obj=following, verb="repeated")
    except IntegrityError:
        return None
    for reminder in reminders:
        _repeat_reminder(actor, reminder, task, following, calendar)
    return following


def reminders_to_repeat(task: Task) -> list[Reminder]:
    """Those that people set on a task of a series and did not cancel."""
    if not task.recurrence:
        return []
    return list(task.reminders.current().filter(kind=SET_BY_HAND).select_related("member"))


def _following(task: Task, calendar: WorkingCalendar) -> Iterator[Occurrence]:
    return occurrences(
        parse(task.recurrence),
        after=task.occurrence_on or calendar.today,
        number=task.occurrence_number or 1,
        calendar=calendar,
        working_days=task.working_days,
    )


def _fields_of_series(task: Task) -> dict[str, Any]:
    """The task's own fields, but the series' where this one alone was changed."""
    fields = {name: getattr(task, name) for name in SERIES_FIELDS}
    for name, kept in task.series_fields.items():
        field = Task._meta.get_field(name)
        fields[name] = _row(field.related_model, kept) if field.is_relation else kept
    if fields["client"] != task.client:
        # The contact and the opportunity belong to a client.
        fields |= {name: None for name in ("contact", "opportunity") if name not in task.series_fields}
    assignee = fields["assignee"]
    if assignee is not None and not assignee.is_active:
        fields["assignee"] = task.assignee if task.assignee and task.assignee.is_active else None
    return fields


def _row(model: Any, key: Any) -> Model | None:
    return model.objects.filter(pk=key).first() if key else None


def _repeat_reminder(
    actor: Membership | None, reminder: Reminder, task: Task, following: Task, calendar: WorkingCalendar
) -> None:
    """The same reminder at the same distance from the new day: so many days before, at the same time of the day."""
    member = following.assignee if reminder.member_id == task.assignee_id else reminder.member
    if member is None or not member.is_active or task.due_on is None or following.due_on is None:
        return
    due_at = _moment(reminder, task.due_on, following.due_on, calendar)
    if due_at is not None:
        set_reminder(actor=actor, task=following, member=member, due_at=due_at, channel=reminder.channel)


def _moment(reminder: Reminder, old: date, new: date, calendar: WorkingCalendar) -> datetime | None:
    """When to remind; on the day itself when the usual day has passed, None when that has passed, too."""
    set_for = (reminder.planned_at or reminder.due_at).astimezone(calendar.zone)
    distance: timedelta = old - set_for.date()
    moments = [local_wall(day, set_for.time(), calendar.zone) for day in (new - distance, new)]
    return next((moment for moment in moments if moment > timezone.now()), None)
