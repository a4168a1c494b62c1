from datetime import date, timedelta

import pytest

from clients.choices import Lifecycle
from clients.lifecycle import Line, lifecycle_of, next_renewal, next_term_end, revenue, standing_of

START = date(2025, 1, 1)


def after(days):
    return START + timedelta(days=days)


def line(begin=0, end=None, **facts):
    return Line(after(begin), None if end is None else after(end), **facts)


@pytest.mark.parametrize(
    ("lines", "day", "expected"),
    [
        ([], 0, Lifecycle.ONBOARDING),
        ([line(10)], 0, Lifecycle.ONBOARDING),
        ([line()], 0, Lifecycle.ONBOARDING),
        ([line()], 89, Lifecycle.ONBOARDING),
        ([line()], 90, Lifecycle.ACTIVE),
        ([line(end=400)], 309, Lifecycle.ACTIVE),
        ([line(end=400)], 310, Lifecycle.RENEWING),
        ([line(end=400)], 399, Lifecycle.RENEWING),
        ([line(end=400)], 400, Lifecycle.CHURNED),
        ([line(contract_ends_on=after(400))], 320, Lifecycle.RENEWING),
        ([line(contract_ends_on=after(400))], 401, Lifecycle.ACTIVE),
        ([line(end=60)], 30, Lifecycle.ONBOARDING),
        ([line(end=200), line(150)], 250, Lifecycle.ACTIVE),
        ([line(end=200), line(230)], 210, Lifecycle.ACTIVE),
        ([line(end=200), line(230)], 240, Lifecycle.ACTIVE),
        ([line(end=200), line(231)], 210, Lifecycle.CHURNED),
        ([line(end=200), line(231)], 231, Lifecycle.WON_BACK),
        ([line(end=200), line(231)], 231 + 179, Lifecycle.WON_BACK),
        ([line(end=200), line(231)], 231 + 180, Lifecycle.ACTIVE),
        ([line(end=200), line(231, 300)], 300, Lifecycle.CHURNED),
        ([line(end=0)], 10, Lifecycle.ONBOARDING),
        ([line(), line(50, 50)], 100, Lifecycle.ACTIVE),
    ],
)
def test_lifecycle_follows_from_the_lines(lines, day, expected):
    assert lifecycle_of(lines, after(day)) == expected


@pytest.mark.parametrize(
    ("lines", "day", "since"),
    [
        ([], 0, None),
        ([line()], 10, 0),
        ([line()], 100, 90),
        ([line(end=400)], 390, 310),
        ([line(end=100)], 95, 90),
        ([line(end=400)], 500, 400),
        ([line(end=200), line(231)], 240, 231),
        ([line(end=200), line(231)], 600, 231 + 180),
    ],
)
def test_standing_says_since_when(lines, day, since):
    assert standing_of(lines, after(day)).since == (None if since is None else after(since))


def test_next_renewal_is_the_first_end_with_the_deadline_still_ahead():
    lines = [
        line(contract_ends_on=after(100), notice_days=30),
        line(end=110, notice_days=60),
        line(contract_ends_on=after(300), notice_days=30),
        line(200, 210),
    ]

    assert next_renewal(lines, after(0)) == (after(100), after(50))
    assert next_renewal(lines, after(60)) == (after(100), after(70))
    assert next_renewal(lines, after(80)) == (after(100), after(270))
    assert next_renewal(lines, after(301)) == (None, None)


def test_missed_deadlines_are_remembered_until_the_renewal():
    assert next_renewal([line(end=20, notice_days=30)], after(0)) == (after(20), after(-10))


def test_revenue_counts_running_lines_of_one_currency():
    lines = [
        line(mrr_minor=100, currency="USD"),
        line(end=10, mrr_minor=20, currency="USD"),
        line(20, mrr_minor=3, currency="USD"),
        line(mrr_minor=999, currency="KWD"),
    ]

    assert [revenue(lines, after(day), "USD") for day in (-1, 0, 9, 10, 20)] == [0, 120, 120, 100, 103]
    assert revenue(lines, after(0), "KWD") == 999


@pytest.mark.parametrize(
    ("begin", "end", "on", "expected"),
    [
        ("2025-01-01", "2026-01-01", "2026-01-01", "2027-01-01"),
        ("2025-01-01", "2025-12-31", "2026-03-01", "2026-12-31"),
        ("2020-01-01", "2021-01-01", "2026-03-01", "2027-01-01"),
        ("2025-01-31", "2025-02-28", "2025-02-28", "2025-03-28"),
        ("2023-02-28", "2024-02-29", "2024-03-01", "2025-02-28"),
        ("2025-01-01", "2025-01-08", "2025-01-08", "2025-02-08"),
        ("2025-01-01", "2025-01-01", "2025-01-01", "2025-02-01"),
    ],
)
def test_next_term_is_as_long_as_the_last(begin, end, on, expected):
    assert next_term_end(*map(date.fromisoformat, (begin, end, on))) == date.fromisoformat(expected)
