"""The demo's clock: everything is told in days before or after the day on which it is made."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.calendar import WorkingCalendar

HISTORY = 548  # eighteen months


class Calendar:
    """Days and working moments relative to today, in the organization's zone."""

    def __init__(self, working: WorkingCalendar, rng: Random) -> None:
        self.working = working
        self.rng = rng
        self.today = working.today

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def working_day(self, offset: int) -> date:
        """A day ahead is moved to the next working day; today and what is past stay where they are."""
        day = self.day(offset)
        return self.working.add_working_days(day, 0) if offset > 0 else day

    def moment(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """An hour of a day; today's never lies ahead, for the demo may be built before breakfast."""
        at = datetime.combine(self.day(offset), time(hour, minute), tzinfo=self.working.zone)
        return min(at, timezone.now()) if offset == 0 else at

    def working_moment(self, offset: int) -> datetime:
        """Some time in office hours ``offset`` days from today, a little earlier where that is no working day."""
        day = self.day(offset)
        while not self.working.is_working_day(day):
            day -= timedelta(days=1)
        return datetime.combine(
            day, time(self.rng.randint(8, 16), self.rng.choice((0, 10, 15, 30, 40, 45))), tzinfo=self.working.zone
        )

    def month_start(self, months_ago: int) -> date:
        index = self.today.year * 12 + self.today.month - 1 - months_ago
        return date(index // 12, index % 12 + 1, 1)
