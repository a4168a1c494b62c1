"""Where a client stands, worked out from its contract lines. Pure: no database, no clock of its own.

No line has started: onboarding. A client's first 90 days: onboarding. Then active; renewing while a contract or line
ends within 90 days; churned from the day on which nothing runs any more; won back for 180 days after something runs
again. Onboarding and won back hide renewing: the renewal's day is stored beside it and shown anyway. A break of at
most 30 days is late paperwork and not a loss, so it neither churns a client whose next line is signed nor wins it back.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from clients.choices import Lifecycle

ONBOARDING = timedelta(days=90)
RENEWING = timedelta(days=90)
WON_BACK = timedelta(days=180)
PAUSE = timedelta(days=30)
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Line:
    """What revenue and lifecycle need of a contract line. On the day it ends it no longer runs."""

    starts_on: date
    ends_on: date | None = None
    mrr_minor: int = 0
    currency: str = ""
    contract_ends_on: date | None = None
    notice_days: int = 0

    def runs(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on > on)

    def due_on(self, on: date) -> date | None:
        """The next day after ``on`` on which the line or its contract ends."""
        return min((day for day in (self.ends_on, self.contract_ends_on) if day and day > on), default=None)


@dataclass(frozen=True)
class Standing:
    """A lifecycle and the day it began; None when no line tells it."""

    lifecycle: Lifecycle
    since: date | None


def lifecycle_of(lines: Iterable[Line], on: date) -> Lifecycle:
    return standing_of(lines, on).lifecycle


def standing_of(lines: Iterable[Line], on: date) -> Standing:
    lines = list(lines)
    begun = [run for run in _runs(lines) if run[0] <= on]
    if not begun:
        return Standing(Lifecycle.ONBOARDING, None)
    start, end = begun[-1]
    if end is not None and end <= on:
        return Standing(Lifecycle.CHURNED, end)
    is_first = len(begun) == 1
    settled = start + (ONBOARDING if is_first else WON_BACK)
    if on < settled:
        return Standing(Lifecycle.ONBOARDING if is_first else Lifecycle.WON_BACK, start)
    due_on = next_renewal(lines, on)[0]
    if due_on is not None and due_on - on <= RENEWING:
        return Standing(Lifecycle.RENEWING, max(due_on - RENEWING, settled))
    return Standing(Lifecycle.ACTIVE, settled)


def next_renewal(lines: Iterable[Line], on: date) -> tuple[date | None, date | None]:
    """The next day something ends, and the notice deadline to keep in mind: the next one, or else the last missed."""
    ends = [(line.due_on(on), line.notice_days) for line in lines if line.runs(on)]
    due = [(day, day - timedelta(days=notice)) for day, notice in ends if day]
    if not due:
        return None, None
    deadlines = [notice for _day, notice in due]
    ahead = [notice for notice in deadlines if notice >= on]
    return min(day for day, _notice in due), min(ahead) if ahead else max(deadlines)


def revenue(lines: Iterable[Line], on: date, currency: str) -> int:
    """MRR on a day in one currency; other currencies are left out, never added."""
    return sum(line.mrr_minor for line in lines if line.runs(on) and line.currency == currency)


def next_term_end(starts_on: date, ends_on: date, on: date) -> date:
    """Where a contract that renews by itself ends next: whole terms, in months, until that lies after ``on``."""
    term = max(round((ends_on - starts_on).days / DAYS_A_MONTH), 1)
    months = term
    while _months_later(ends_on, months) <= on:
        months += term
    return _months_later(ends_on, months)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _runs(lines: list[Line]) -> list[tuple[date, date | None]]:
    """Stretches in which at least one line runs, short breaks bridged, in order."""
    runs: list[tuple[date, date | None]] = []
    for line in sorted(lines, key=lambda line: line.starts_on):
        if line.ends_on == line.starts_on:
            continue
        if runs and (runs[-1][1] is None or line.starts_on <= runs[-1][1] + PAUSE):
            start, end = runs[-1]
            runs[-1] = (start, None if end is None or line.ends_on is None else max(end, line.ends_on))
        else:
            runs.append((line.starts_on, line.ends_on))
    return runs
