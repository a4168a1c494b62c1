"""The demo's clock: everything is told in days before or after the day on which it is made."""

from datetime import date, datetime, time, timedelta
from random import Random

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

    def moment(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        return datetime.combine(self.day(offset), time(hour, minute), tzinfo=self.working.zone)

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
