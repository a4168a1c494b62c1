"""What time it is for an organization, read once for a turn of the clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.calendar import WorkingCalendar, working_calendar
from accounts.models import OrganizationSettings
from accounts.quiet import QuietTime


@dataclass(frozen=True)
class Clock:
    now: datetime
    settings: OrganizationSettings
    calendar: WorkingCalendar

    @cached_property
    def today(self) -> date:
        return self.calendar.day_of(self.now)

    def allowed(self, moment: datetime, zone: str) -> datetime:
        """``moment``, or the first one after it at which people in ``zone`` may be written to.

        Quiet hours are counted where the recipient is; days off are the organization's.
        """
        quiet = QuietTime(
            zone=ZoneInfo(zone or self.settings.time_zone),
            quiet_from=self.settings.quiet_from,
            quiet_until=self.settings.quiet_until,
            weekend=self.calendar.weekend,
            holidays=self.calendar.holidays,
        )
        return quiet.next_allowed(moment)

    def later(self, moment: datetime, days: int, *, in_working_days: bool) -> datetime:
        """The same time of day so many days after ``moment``."""
        if not in_working_days:
            return moment + timedelta(days=days)
        day = self.calendar.day_of(moment)
        return moment + (self.calendar.add_working_days(day, days) - day)


def read_clock(now: datetime | None = None) -> Clock:
    settings = OrganizationSettings.objects.get()
    return Clock(now or timezone.now(), settings, working_calendar(settings))
