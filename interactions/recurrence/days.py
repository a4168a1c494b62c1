"""The days on which a rule falls, and where they move to when an organization does not work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.calendar import NoWorkingDays, WorkingCalendar
from interactions.choices import WorkingDays
from interactions.recurrence.rule import Rule


@dataclass(frozen=True)
class Occurrence:
    """One time: its day by the rule, the day that it is due after moving, and its number in the series."""

    on: date
    due_on: date
    number: int


def occurrences(
    rule: Rule, *, after: date, number: int, calendar: WorkingCalendar, working_days: str = WorkingDays.ANY
) -> Iterator[Occurrence]:
    """The times that follow the ``number``-th, which by the rule was on ``after``, until the series ends.

    Two days that move to the same one are one time.
    """
    latest = moved(after, working_days, calendar)
    for day in _days(rule, after, working_days, calendar):
        if rule.until is not None and day > rule.until:
            return
        due_on = moved(day, working_days, calendar)
        if due_on <= latest:
            continue
        number, latest = number + 1, due_on
        if rule.count is not None and number > rule.count:
            return
        yield Occurrence(day, due_on, number)


def first_open(found: Iterator[Occurrence], today: date) -> Occurrence | None:
    """The first one that has not passed; those before it are left out."""
    return next((each for each in found if each.due_on >= today), None)


def moved(day: date, working_days: str, calendar: WorkingCalendar) -> date:
    """Where a day of the rule goes when it is a day off."""
    if working_days in (WorkingDays.ANY, WorkingDays.ONLY) or calendar.is_working_day(day):
        return day
    try:
        return calendar.add_working_days(day, 1 if working_days == WorkingDays.NEXT else -1)
    except NoWorkingDays:
        return day


def _days(rule: Rule, after: date, working_days: str, calendar: WorkingCalendar) -> Iterator[date]:
    if working_days != WorkingDays.ONLY:
        for moment in rule.starting(after):
            if moment.date() > after:
                yield moment.date()
        return
    day = after
    while True:
        try:
            day = calendar.add_working_days(day, rule.interval)
        except (NoWorkingDays, OverflowError):
            return
        yield day
