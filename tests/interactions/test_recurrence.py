"""Which days a rule names, how it reads, and what we refuse. Days are days: no zone, no clock."""

from datetime import date, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendar import WorkingCalendar
from interactions.choices import WorkingDays
from interactions.recurrence import InvalidRule, first_open, in_words, occurrences, parse

GULF = WorkingCalendar(weekend=frozenset({4, 5}), holidays=frozenset({date(2026, 11, 29), date(2026, 11, 30)}))
EVERY_DAY = WorkingCalendar(weekend=frozenset())
NO_WORK = WorkingCalendar(weekend=frozenset(range(7)))


def days(text, first, n=5, mode=WorkingDays.ANY, calendar=EVERY_DAY):
    found = occurrences(parse(text, first), after=first, number=1, calendar=calendar, working_days=mode)
    return [f"{each.due_on:%Y-%m-%d}" for each in islice(found, n)]


@pytest.mark.parametrize(
    "text, first, expected",
    [
        ("FREQ=DAILY", date(2026, 12, 30), ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ("FREQ=DAILY;INTERVAL=10", date(2026, 2, 20), ["2026-03-02", "2026-03-12", "2026-03-22"]),
        # Every 2 weeks on Sunday and Tuesday: where weeks begin on Sunday the two belong together.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
            date(2026, 11, 22),
            ["2026-11-24", "2026-12-06", "2026-12-08"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=MO",
            date(2026, 11, 22),
            ["2026-12-01", "2026-12-06", "2026-12-15"],
        ),
        ("FREQ=WEEKLY", date(2026, 11, 25), ["2026-12-02", "2026-12-09", "2026-12-16"]),
        # The first day may lie beside the rule.
        ("FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 25), ["2026-11-30", "2026-12-07", "2026-12-14"]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 11, 10), ["2026-11-15", "2026-12-15", "2027-01-15"]),
        # The 31st, the 30th and the 29th become the last day of shorter months, and come back.
        ("FREQ=MONTHLY;BYMONTHDAY=31", date(2027, 1, 31), ["2027-02-28", "2027-03-31", "2027-04-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30", date(2027, 1, 30), ["2027-02-28", "2027-03-30", "2027-04-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=29", date(2028, 1, 29), ["2028-02-29", "2028-03-29", "2028-04-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=3", date(2026, 11, 30), ["2027-02-28", "2027-05-31", "2027-08-31"]),
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 11, 10), ["2026-12-08", "2027-01-12", "2027-02-09"]),
        # The last Friday is the fifth in some months.
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 11, 27), ["2026-12-25", "2027-01-29", "2027-02-26"]),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=4", date(2026, 11, 24), ["2026-12-22", "2027-01-26", "2027-02-23"]),
        # 29 February: the last day of February in other years.
        ("FREQ=YEARLY", date(2028, 2, 29), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=-1TH", date(2026, 11, 26), ["2027-11-25", "2028-11-30"]),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=4;BYMONTHDAY=30", date(2026, 4, 30), ["2030-04-30", "2034-04-30"]),
    ],
)
def test_the_days_that_follow(text, first, expected):
    assert days(text, first, len(expected)) == expected


def test_the_series_ends_on_a_day_or_after_a_number_of_times():
    assert days("FREQ=DAILY;UNTIL=20261125", date(2026, 11, 23)) == ["2026-11-24", "2026-11-25"]
    assert days("FREQ=DAILY;COUNT=3", date(2026, 11, 23)) == ["2026-11-24", "2026-11-25"]
    assert days("FREQ=DAILY;COUNT=1", date(2026, 11, 23)) == []
    assert days("FREQ=WEEKLY;UNTIL=20200101", date(2026, 11, 23)) == []


def test_days_off_move_to_working_days():
    # Friday and Saturday are off; so are Sunday 29 and Monday 30 November.
    weekly = "FREQ=WEEKLY;BYDAY=FR"
    assert days(weekly, date(2026, 11, 19), 3, WorkingDays.NEXT, GULF) == ["2026-11-22", "2026-12-01", "2026-12-06"]
    assert days(weekly, date(2026, 11, 19), 2, WorkingDays.PREVIOUS, GULF) == ["2026-11-26", "2026-12-03"]
    assert days(weekly, date(2026, 11, 19), 1, WorkingDays.ANY, GULF) == ["2026-11-20"]
    # The rule goes on from its own day, not from where it was moved to.
    monthly = "FREQ=MONTHLY;BYMONTHDAY=28"
    assert days(monthly, date(2026, 10, 28), 2, WorkingDays.NEXT, GULF) == ["2026-12-01", "2026-12-28"]


def test_days_that_move_to_the_same_day_are_one_time():
    found = days("FREQ=DAILY;COUNT=5", date(2026, 11, 25), 9, WorkingDays.NEXT, GULF)
    assert found == ["2026-11-26", "2026-12-01", "2026-12-02", "2026-12-03"]
    assert days("FREQ=DAILY", date(2026, 11, 26), 2, WorkingDays.PREVIOUS, GULF) == ["2026-12-01", "2026-12-02"]


def test_working_days_are_counted():
    assert days("FREQ=DAILY;INTERVAL=3", date(2026, 11, 25), 3, WorkingDays.ONLY, GULF) == [
        "2026-12-02",
        "2026-12-07",
        "2026-12-10",
    ]


def test_an_organization_that_never_works_is_not_waited_for():
    assert days("FREQ=DAILY", date(2026, 11, 25), 3, WorkingDays.ONLY, NO_WORK) == []
    assert days("FREQ=DAILY", date(2026, 11, 25), 1, WorkingDays.NEXT, NO_WORK) == ["2026-11-26"]


def test_what_has_passed_is_left_out_and_counted():
    found = occurrences(parse("FREQ=WEEKLY", date(2026, 9, 1)), after=date(2026, 9, 1), number=4, calendar=EVERY_DAY)
    following = first_open(found, today=date(2026, 9, 30))
    assert (following.on, following.number) == (date(2026, 10, 6), 9)
    ended = occurrences(parse("FREQ=DAILY;UNTIL=20260903"), after=date(2026, 9, 1), number=1, calendar=EVERY_DAY)
    assert first_open(ended, today=date(2026, 9, 30)) is None


def test_the_end_of_time_is_an_end():
    assert days("FREQ=YEARLY", date(9998, 5, 5)) == ["9999-05-05"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every tuesday",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=101",
        "FREQ=DAILY;INTERVAL=٣",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20271231",
        "FREQ=DAILY;UNTIL=20271331",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;X=1",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;WKST=XX",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYDAY=-2TU",
        "FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=2TU,3TU",
        "FREQ=MONTHLY;BYDAY=2TU;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYMONTHDAY=15;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTH=2",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
    ],
)
def test_what_we_do_not_offer_is_refused_in_a_sentence(text):
    with pytest.raises(InvalidRule) as refusal:
        parse(text, date(2026, 11, 23))
    assert len(str(refusal.value)) > 10


def test_what_a_rule_leaves_open_must_be_known_from_the_first_day():
    for text in ("FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"):
        with pytest.raises(InvalidRule):
            parse(text)


def test_one_rule_has_one_spelling():
    first = date(2026, 11, 30)
    assert str(parse("rrule:freq=weekly;byday=TU,SU,TU;interval=1", first)) == "FREQ=WEEKLY;BYDAY=TU,SU"
    assert str(parse("FREQ=MONTHLY", first)) == "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"
    assert str(parse("FREQ=MONTHLY;BYMONTHDAY=31", first)) == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert str(parse("FREQ=YEARLY", first)) == "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=-1"
    assert str(parse("FREQ=DAILY;UNTIL=20271231T225959Z", first)) == "FREQ=DAILY;UNTIL=20271231"
    assert str(parse("FREQ=MONTHLY;BYDAY=SU;BYSETPOS=-1", first)) == "FREQ=MONTHLY;BYDAY=-1SU"


TEXTS = st.one_of(
    st.builds(lambda n: f"FREQ=DAILY;INTERVAL={n}", st.integers(1, 100)),
    st.builds(
        lambda n, days, start: f"FREQ=WEEKLY;INTERVAL={n};BYDAY={','.join(days)};WKST={start}",
        st.integers(1, 100),
        st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1),
        st.sampled_from(["MO", "SA", "SU"]),
    ),
    st.builds(lambda n, day: f"FREQ=MONTHLY;INTERVAL={n};BYMONTHDAY={day}", st.integers(1, 24), st.integers(1, 31)),
    st.builds(lambda m, day: f"FREQ=YEARLY;BYMONTH={m};BYMONTHDAY={day}", st.integers(1, 12), st.integers(1, 28)),
    st.builds(
        lambda nth, day: f"FREQ=MONTHLY;BYDAY={nth}{day}",
        st.sampled_from([1, 2, 3, 4, -1]),
        st.sampled_from(["MO", "FR", "SU"]),
    ),
)
FIRST_DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(TEXTS, FIRST_DAYS)
def test_our_text_is_read_by_others_as_by_us(text, first):
    rule = parse(text, first)
    assert parse(str(rule)) == (rule if "WKST" in str(rule) else parse(str(rule), week_start=0))
    start = first - timedelta(days=1)
    ours = [each.on for each in islice(occurrences(rule, after=start, number=1, calendar=EVERY_DAY), 8)]
    theirs = rrulestr(f"DTSTART:{start:%Y%m%d}T000000\nRRULE:{rule}")
    assert ours == [moment.date() for moment in islice((m for m in theirs if m.date() > start), 8)]


@given(TEXTS, FIRST_DAYS, st.sampled_from(["next", "previous"]))
def test_whatever_moves_lands_on_a_working_day_and_in_order(text, first, mode):
    rule = parse(text, first)
    found = list(islice(occurrences(rule, after=first, number=1, calendar=GULF, working_days=mode), 8))
    assert all(GULF.is_working_day(each.due_on) for each in found)
    assert [each.due_on for each in found] == sorted({each.due_on for each in found})
    assert [each.number for each in found] == list(range(2, 2 + len(found)))


@pytest.mark.parametrize(
    "text, mode, english, arabic",
    [
        ("FREQ=DAILY", "", "every day", "كل يوم"),
        ("FREQ=DAILY;INTERVAL=3", "only", "every 3 working days", "كل 3 أيام عمل"),
        ("FREQ=DAILY;INTERVAL=11", "", "every 11 days", "كل 11 يومًا"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
            "",
            "every 2 weeks on Sunday and Tuesday",
            "كل أسبوعين يوم الأحد ويوم الثلاثاء",
        ),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=10", "", "every week on Monday, 10 times", "كل أسبوع يوم الاثنين، 10 مرات"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20271005",
            "next",
            "every month on the last day, until 5 Oct 2027, moved to the next working day",
            "كل شهر في اليوم الأخير، حتى 5 أكتوبر 2027، مع الترحيل إلى يوم العمل التالي",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=30",
            "",
            "every month on day 30, or the last day of shorter months",
            "كل شهر في اليوم 30، أو اليوم الأخير من الشهور الأقصر",
        ),
        ("FREQ=MONTHLY;BYDAY=2TU", "", "every month on the second Tuesday", "كل شهر في يوم الثلاثاء الثاني"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "", "every year on the last day of February", None),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=-1TH", "", "every year on the last Thursday of November", None),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30", "", "every year on June 30", "كل سنة في 30 يونيو"),
    ],
)
def test_a_rule_in_words(text, mode, english, arabic):
    assert in_words(parse(text), mode) == english
    if arabic:
        with translation.override("ar"):
            assert in_words(parse(text), mode) == arabic
