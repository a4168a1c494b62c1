"""R11 of docs/reliability.md: every time zone, clocks going forward and back, quiet hours, days off."""

import datetime
import zoneinfo
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.quiet import QuietTime, is_quiet, local_wall, next_allowed

# Just after midnight, the hours in which clocks are moved, an ordinary morning, the evening, the last half hour.
WALLS = [datetime.time(h, m) for h, m in ((0, 15), (1, 30), (2, 30), (3, 5), (8, 0), (20, 0), (23, 30))]
FIRST, DAYS = date(2026, 1, 1), 732
NIGHT = (datetime.time(20), datetime.time(8))
BERLIN, NEW_YORK, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def zones():
    return sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=UTC)


def test_an_ordinary_day_has_the_wall_clocks_time():
    assert local_wall(date(2026, 7, 1), datetime.time(8), BERLIN) == utc(2026, 7, 1, 6)


def test_a_skipped_time_is_the_first_moment_after_the_gap():
    assert local_wall(date(2026, 3, 29), datetime.time(2, 30), BERLIN) == utc(2026, 3, 29, 1)


def test_a_repeated_time_is_its_first_occurrence():
    assert local_wall(date(2026, 10, 25), datetime.time(2, 30), BERLIN) == utc(2026, 10, 25, 0, 30)


def test_the_gap_may_lead_into_the_next_day():
    """Nuuk skips from 23:00 to midnight."""
    moment = local_wall(date(2026, 3, 28), datetime.time(23, 30), ZoneInfo("America/Nuuk"))
    assert moment.astimezone(ZoneInfo("America/Nuuk")).isoformat()[:16] == "2026-03-29T00:00"


def test_a_day_that_a_zone_left_out_becomes_the_start_of_the_next():
    """Samoa had no 30 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    moment = local_wall(date(2011, 12, 30), datetime.time(8), apia)
    assert moment.astimezone(apia).isoformat()[:16] == "2011-12-31T00:00"


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (utc(2026, 7, 1, 12), utc(2026, 7, 1, 12)),
        (utc(2026, 7, 1, 18), utc(2026, 7, 2, 6)),
        (utc(2026, 7, 1, 17, 59), utc(2026, 7, 1, 17, 59)),
        (utc(2026, 7, 1, 3), utc(2026, 7, 1, 6)),
        (utc(2026, 7, 1, 6), utc(2026, 7, 1, 6)),
    ],
)
def test_the_night_lasts_until_the_morning_of_the_recipients_zone(moment, allowed):
    assert next_allowed(moment, BERLIN, *NIGHT) == allowed


def test_quiet_hours_within_one_day():
    noon = (datetime.time(12), datetime.time(14))
    assert next_allowed(utc(2026, 7, 1, 13), UTC_ZONE, *noon) == utc(2026, 7, 1, 14)
    assert next_allowed(utc(2026, 7, 1, 11), UTC_ZONE, *noon) == utc(2026, 7, 1, 11)


def test_equal_hours_mean_none():
    assert next_allowed(utc(2026, 7, 1, 3), UTC_ZONE, NIGHT[0], NIGHT[0]) == utc(2026, 7, 1, 3)


def test_a_weekend_and_a_holiday_lead_to_the_next_working_morning():
    friday_evening = utc(2026, 7, 3, 21)
    days_off = {"weekend": {5, 6}, "holidays": {date(2026, 7, 6)}}
    assert next_allowed(friday_evening, UTC_ZONE, *NIGHT, **days_off) == utc(2026, 7, 7, 8)
    assert next_allowed(utc(2026, 7, 4, 12), UTC_ZONE, NIGHT[0], NIGHT[0], {5, 6}) == utc(2026, 7, 6)


def test_a_week_without_a_working_day_counts_the_hours_only():
    moment = next_allowed(utc(2026, 7, 1, 3), UTC_ZONE, *NIGHT, weekend=set(range(7)))
    assert moment > utc(2027, 1, 1)
    assert moment.time() == datetime.time(8)


def test_quiet_hours_that_end_in_a_repeated_hour_end_once_it_is_over():
    until = (datetime.time(20), datetime.time(1, 30))
    second_round = utc(2026, 11, 1, 6, 10)  # 01:10 for the second time
    assert next_allowed(second_round, NEW_YORK, *until) == utc(2026, 11, 1, 6, 30)


def test_a_quiet_time_answers_for_a_person():
    quiet = QuietTime(BERLIN, *NIGHT, weekend={5, 6}, holidays={date(2026, 7, 1)})
    assert quiet.next_allowed(utc(2026, 7, 1, 12)) == utc(2026, 7, 2, 6)
    assert quiet.is_day_off(date(2026, 7, 4))
    assert not quiet.is_day_off(date(2026, 7, 2))


def segments(zone):
    """``[(from, until, offset)]`` in UTC over the span, found without the code under test: by halving."""
    start, end = utc(2025, 12, 25), utc(2028, 1, 20)
    found, since, at = [], start, start
    offset = start.astimezone(zone).utcoffset()
    while at < end:
        later = at + DAY
        if later.astimezone(zone).utcoffset() != offset:
            low, high = at, later
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
            found.append((since, high, offset))
            since, offset = high, high.astimezone(zone).utcoffset()
        at = later
    return [*found, (since, end + DAY, offset)]


def expected(wall, parts):
    """The first moment at which the wall clock shows ``wall``, or the jump that skipped it."""
    for since, until, offset in parts:
        moment = wall - offset
        if since <= moment < until:
            return moment
        if moment < since:
            return since
    raise AssertionError(f"{wall} is not in the span.")


@pytest.mark.slow
def test_r11_every_zone_every_wall_time_every_day():
    conversions = violations = 0
    days = [FIRST + timedelta(days=count) for count in range(DAYS)]
    walls = [[datetime.datetime.combine(day, wall, UTC) for day in days] for wall in WALLS]
    for name in zones():
        zone = ZoneInfo(name)
        parts = segments(zone)
        for wall, moments in zip(WALLS, walls, strict=True):
            sent = None
            for day, naive in zip(days, moments, strict=True):
                moment = local_wall(day, wall, zone)
                conversions += 1
                if len(parts) == 1:
                    wanted = naive - parts[0][2]
                else:
                    wanted = expected(naive, parts)
                is_wrong = moment != wanted or (sent is not None and moment <= sent)
                if moment.astimezone(zone).replace(tzinfo=UTC) != naive:
                    late = moment.astimezone(zone).replace(tzinfo=UTC) - naive
                    is_wrong |= not timedelta(0) < late <= 2 * HOUR
                violations += is_wrong
                sent = moment
    print(f"R11 zones={len(zones())} conversions={conversions} violations={violations}")
    assert conversions == len(zones()) * len(WALLS) * DAYS > 3_000_000
    assert violations == 0


@pytest.mark.slow
def test_r11_never_in_quiet_hours():
    decisions = violations = 0
    weekend, holidays = frozenset({4, 5}), frozenset({date(2026, 3, 29), date(2026, 12, 31)})
    moments = [utc(2026, 1, 1) + 3 * HOUR * count for count in range(366 * 8)]
    for name in zones():
        zone = ZoneInfo(name)
        latest = moments[0]
        for moment in moments:
            decisions += 1
            if decisions % 2:
                allowed, longest = next_allowed(moment, zone, *NIGHT), 14 * HOUR
                is_off = False
            else:
                allowed, longest = next_allowed(moment, zone, *NIGHT, weekend, holidays), 6 * DAY
                is_off = allowed.astimezone(zone).weekday() in weekend or allowed.astimezone(zone).date() in holidays
            clock = allowed.astimezone(zone).time()
            is_moved_without_cause = allowed != moment and clock != NIGHT[1]
            violations += (
                is_off
                or clock >= NIGHT[0]
                or clock < NIGHT[1]
                or is_moved_without_cause
                or not timedelta(0) <= allowed - moment <= longest
            )
            latest = max(latest, allowed)
        assert not is_quiet(latest.astimezone(zone).time(), *NIGHT)
    print(f"R11 zones={len(zones())} decisions={decisions} violations={violations}")
    assert decisions > 1_750_000 - 10_000
    assert violations == 0
