import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts import calendar
from accounts.calendar import NoWorkingDays, WorkingCalendar, working_calendar
from accounts.services import add_holiday

GULF = WorkingCalendar(weekend=frozenset({4, 5}), holidays=frozenset({datetime.date(2026, 9, 23)}))


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "is_working"),
    [("2026-09-20", True), ("2026-09-23", False), ("2026-09-24", True), ("2026-09-25", False), ("2026-09-26", False)],
)
def test_weekend_and_holidays_are_off(date, is_working):
    assert GULF.is_working_day(day(date)) is is_working


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-20", 1, "2026-09-21"),
        ("2026-09-22", 1, "2026-09-24"),  # over the holiday
        ("2026-09-24", 1, "2026-09-27"),  # over the weekend
        ("2026-09-25", 0, "2026-09-27"),
        ("2026-09-24", 0, "2026-09-24"),
        ("2026-09-24", -1, "2026-09-22"),
        ("2026-09-27", -2, "2026-09-22"),
        ("2026-09-20", 10, "2026-10-05"),
    ],
)
def test_add_working_days(start, count, end):
    assert GULF.add_working_days(day(start), count) == day(end)


@pytest.mark.parametrize("length", [0, 1, 5, 7, 8, 30, 366])
@pytest.mark.parametrize("start", ["2026-09-18", "2026-09-22", "2026-09-23", "2026-09-26"])
def test_days_between_are_counted_as_walking_them_would(start, length):
    first = day(start)
    last = first + datetime.timedelta(days=length)
    walked = sum(GULF.is_working_day(first + datetime.timedelta(days=n)) for n in range(1, length + 1))

    assert GULF.working_days_between(first, last) == walked
    assert GULF.working_days_between(last, first) == -walked


def test_a_week_without_working_days_is_refused():
    with pytest.raises(NoWorkingDays):
        WorkingCalendar(weekend=frozenset(range(7))).add_working_days(day("2026-01-01"), 1)


def test_today_is_the_organizations():
    riyadh = WorkingCalendar(weekend=frozenset(), zone=ZoneInfo("Asia/Riyadh"))
    with time_machine.travel("2026-01-01 22:00Z"):
        assert riyadh.today == day("2026-01-02")
        assert GULF.today == day("2026-01-01")
    assert riyadh.day_of(datetime.datetime(2026, 1, 1, 21, tzinfo=datetime.UTC)) == day("2026-01-02")


@pytest.mark.django_db
def test_the_calendar_comes_from_the_settings(inside):
    settings = inside.settings
    settings.weekend_days, settings.time_zone = [5, 6], "Asia/Tokyo"
    settings.save()
    add_holiday(actor=None, on=day("2026-01-01"), name="New year")

    with time_machine.travel("2025-12-31 20:00Z"):
        assert calendar.local_today() == day("2026-01-01")
        assert working_calendar().today == day("2026-01-01")
    assert not calendar.is_working_day(day("2026-01-01"))
    assert calendar.add_working_days(day("2025-12-31"), 1) == day("2026-01-02")
    assert calendar.working_days_between(day("2025-12-31"), day("2026-01-05")) == 2
