"""Working days as the organization counts them: its weekend, its holidays, its own "today"."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Holiday, OrganizationSettings

DAY = datetime.timedelta(days=1)


class NoWorkingDays(ValueError):
    """Seven weekend days: there is no next working day."""


@dataclass(frozen=True)
class WorkingCalendar:
    """One organization's calendar, read once. ``weekend`` holds weekdays, Monday is 0."""

    weekend: frozenset[int]
    holidays: frozenset[datetime.date] = frozenset()
    zone: datetime.tzinfo = field(default=datetime.UTC)

    @property
    def today(self) -> datetime.date:
        return timezone.now().astimezone(self.zone).date()

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The organization's date at ``moment``."""
        return moment.astimezone(self.zone).date()

    def is_working_day(self, day: datetime.date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_working_days(self, day: datetime.date, count: int) -> datetime.date:
        """The ``count``-th working day after ``day``, before it when negative; for 0 ``day`` itself or the next."""
        if count == 0:
            return next(self._working_days(day - DAY, DAY))
        steps = self._working_days(day, DAY if count > 0 else -DAY)
        for _ in range(abs(count) - 1):
            next(steps)
        return next(steps)

    def working_days_between(self, start: datetime.date, end: datetime.date) -> int:
        """Working days after ``start``, up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        weeks, rest = divmod((end - start).days, 7)
        remaining = (start + DAY * (weeks * 7 + offset) for offset in range(1, rest + 1))
        days = weeks * (7 - len(self.weekend)) + sum(day.weekday() not in self.weekend for day in remaining)
        off = sum(start < day <= end and day.weekday() not in self.weekend for day in self.holidays)
        return days - off

    def _working_days(self, day: datetime.date, step: datetime.timedelta) -> Iterator[datetime.date]:
        if len(self.weekend) == 7:
            raise NoWorkingDays("Every day of the week is a weekend day.")
        while True:
            day += step
            if self.is_working_day(day):
                yield day


def working_calendar(settings: OrganizationSettings | None = None) -> WorkingCalendar:
    """The current organization's: two queries, one when its ``settings`` are at hand. Keep it for a loop."""
    settings = settings or OrganizationSettings.objects.get()
    return WorkingCalendar(
        weekend=frozenset(settings.weekend_days),
        holidays=frozenset(Holiday.objects.values_list("on", flat=True)),
        zone=ZoneInfo(settings.time_zone),
    )


def local_today() -> datetime.date:
    """Today where the current organization is, without its holidays."""
    zone = OrganizationSettings.objects.values_list("time_zone", flat=True).get()
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def is_working_day(day: datetime.date) -> bool:
    return working_calendar().is_working_day(day)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    return working_calendar().add_working_days(day, count)


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    return working_calendar().working_days_between(start, end)
