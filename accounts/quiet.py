"""When a person may be written to: wall-clock times of their zone, quiet hours, days off. Pure functions, no tables.

An intent ("every day at 8", "quiet from 20 until 8") is kept as local time and zone, and becomes a moment only here.
"""

import datetime
from collections.abc import Container
from dataclasses import dataclass, field

_MIDNIGHT = datetime.time()
_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)
# Whoever is never at work is not kept waiting for ever: after a year only the hours count.
_FAR = 366


@dataclass(frozen=True, slots=True)
class QuietTime:
    """When one person is left in peace: hours that may span midnight, weekdays (Monday is 0), single days.

    Equal hours mean none. ``zone`` is the person's.
    """

    zone: datetime.tzinfo
    quiet_from: datetime.time = _MIDNIGHT
    quiet_until: datetime.time = _MIDNIGHT
    weekend: Container[int] = frozenset()
    holidays: Container[datetime.date] = field(default=frozenset())

    def next_allowed(self, moment: datetime.datetime) -> datetime.datetime:
        return next_allowed(moment, self.zone, self.quiet_from, self.quiet_until, self.weekend, self.holidays)

    def is_day_off(self, day: datetime.date) -> bool:
        return is_day_off(day, self.weekend, self.holidays)


def local_wall(day: datetime.date, wall: datetime.time, zone: datetime.tzinfo) -> datetime.datetime:
    """The moment, in UTC, at which clocks in ``zone`` show ``wall`` on ``day``.

    A time that is skipped when clocks go forward becomes the first moment after the gap; one that comes twice when they
    go back is the first of the two.
    """
    first = datetime.datetime.combine(day, wall, zone).replace(fold=0)
    earlier, later = first.utcoffset(), first.replace(fold=1).utcoffset()
    if earlier is None or later is None or earlier >= later:
        return first.astimezone(datetime.UTC)
    return _end_of_gap(first.replace(tzinfo=datetime.UTC) - later, first.replace(tzinfo=datetime.UTC) - earlier, zone)


def next_allowed(
    moment: datetime.datetime,
    zone: datetime.tzinfo,
    quiet_from: datetime.time,
    quiet_until: datetime.time,
    weekend: Container[int] = frozenset(),
    holidays: Container[datetime.date] = frozenset(),
) -> datetime.datetime:
    """``moment`` itself when it is allowed, else the first moment after it that is: the morning of a day at work.

    The hours may span midnight; equal ones mean that there are none. Days off are quiet as a whole.
    """
    now, days = moment, 0
    while True:
        local = now.astimezone(zone)
        day, clock = local.date(), local.time()
        if is_day_off(day, weekend, holidays) and days < _FAR:
            days += 1
            now = _after(now, day + _DAY, _MIDNIGHT, zone)
        elif is_quiet(clock, quiet_from, quiet_until):
            over = day + _DAY if quiet_from > quiet_until and clock >= quiet_from else day
            now = _after(now, over, quiet_until, zone)
        else:
            return now


def is_quiet(clock: datetime.time, quiet_from: datetime.time, quiet_until: datetime.time) -> bool:
    """Whether a wall-clock time lies in the quiet hours; at their end it no longer does."""
    if quiet_from <= quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def is_day_off(day: datetime.date, weekend: Container[int], holidays: Container[datetime.date]) -> bool:
    return day.weekday() in weekend or day in holidays


def _after(
    moment: datetime.datetime, day: datetime.date, wall: datetime.time, zone: datetime.tzinfo
) -> datetime.datetime:
    """When, after ``moment``, clocks first show ``wall`` on ``day``; of a repeated hour that may be the second."""
    first = local_wall(day, wall, zone)
    if first > moment:
        return first
    return datetime.datetime.combine(day, wall, zone).replace(fold=1).astimezone(datetime.UTC)


def _end_of_gap(low: datetime.datetime, high: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """The moment in ``(low, high]`` at which clocks jumped: offsets are whole seconds, so halving finds it."""
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + ((high - low) // 2 // _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
