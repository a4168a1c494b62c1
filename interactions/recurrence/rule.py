"""The rules that we offer, read from and written as the text of an RFC 5545 ``RRULE``.

Any calendar program reads the text as we do. "The 31st, or the last day of shorter months" is therefore spelled out:
``BYMONTHDAY=-1``, and for the 30th ``BYMONTHDAY=28,29,30;BYSETPOS=-1``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from dateutil.rrule import weekday as Weekday
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_INTERVAL = 100
MOST_TIMES = 999
# A day that some months do not have becomes their last one.
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
LAST = -1
NTH = (1, 2, 3, 4, LAST)
DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "COUNT", "UNTIL", "WKST"}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")


class Frequency(TextChoices):
    DAILY = "daily", gettext_lazy("Daily")
    WEEKLY = "weekly", gettext_lazy("Weekly")
    MONTHLY = "monthly", gettext_lazy("Monthly")
    YEARLY = "yearly", gettext_lazy("Yearly")


_DATEUTIL = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
    Frequency.YEARLY: YEARLY,
}


class InvalidRule(ValueError):
    """What is wrong with a rule, in the reader's language."""


@dataclass(frozen=True)
class Rule:
    """One of the rules that we offer.

    Weekly ones name ``weekdays`` (Monday is 0). Monthly and yearly ones name either ``month_day`` (1 to 30, or -1 for
    the last) or one weekday with ``nth`` (1 to 4, or -1 for the last); yearly ones also ``month``.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    month: int | None = None
    until: date | None = None
    count: int | None = None
    # The weekday on which weeks begin: tells which days belong together in "every 2 weeks".
    week_start: int = 0

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency.upper()}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.month is not None:
            parts.append(f"BYMONTH={self.month}")
        if self.nth is not None:
            parts.append(f"BYDAY={self.nth}{CODES[self.weekdays[0]]}")
        elif self.weekdays:
            parts.append("BYDAY=" + ",".join(CODES[day] for day in self.weekdays))
        if self.month_day is not None:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self._month_days))
        if len(self._month_days) > 1:
            parts.append("BYSETPOS=-1")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self._needs_week_start:
            parts.append(f"WKST={CODES[self.week_start]}")
        return ";".join(parts)

    def starting(self, on: date) -> rrule:
        """The endless rule from ``on``; how it ends is counted by whoever asks (``recurrence.days``)."""
        found = [Weekday(day, self.nth) for day in self.weekdays]
        return rrule(
            _DATEUTIL[Frequency(self.frequency)],
            dtstart=datetime.combine(on, time.min),
            interval=self.interval,
            wkst=self.week_start,
            byweekday=found or None,
            bymonth=self.month,
            bymonthday=self._month_days or None,
            bysetpos=-1 if len(self._month_days) > 1 else None,
        )

    @property
    def _month_days(self) -> tuple[int, ...]:
        if self.month_day is None:
            return ()
        if self.month_day > SHORTEST_MONTH and self.month in (None, 2):
            return tuple(range(SHORTEST_MONTH, self.month_day + 1))
        return (self.month_day,)

    @property
    def _needs_week_start(self) -> bool:
        return self.frequency == Frequency.WEEKLY and self.interval > 1


def first_day(weekend: Collection[int]) -> int:
    """The weekday on which weeks begin: after the weekend, Monday where there is none."""
    ends = (day for day in sorted(weekend) if (day + 1) % 7 not in weekend)
    return (next(ends, 6) + 1) % 7


def parse(text: str, first: date | None = None, week_start: int = 0) -> Rule:
    """The rule that a text means. What it leaves open (on which weekday?) is taken from the ``first`` day.

    Raises InvalidRule for what is not RFC 5545 and for what we do not offer.
    """
    parts = _split(text)
    frequency = parts.get("FREQ", "").lower()
    if frequency not in Frequency.values:
        raise InvalidRule(_("Say how often: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidRule(_("A rule ends on a day or after a number of times, not both."))
    named = {
        "frequency": frequency,
        "interval": _number(parts, "INTERVAL", 1, LONGEST_INTERVAL) or 1,
        "count": _number(parts, "COUNT", 1, MOST_TIMES),
        "until": _until(parts),
        "week_start": _week_start(parts, week_start),
    }
    if frequency == Frequency.DAILY:
        _refuse(parts, "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS")
        return Rule(**named)
    if frequency == Frequency.WEEKLY:
        _refuse(parts, "BYMONTH", "BYMONTHDAY", "BYSETPOS")
        return Rule(**named, weekdays=_weekdays(parts, first))
    return _within_month(parts, named, first)


def _within_month(parts: dict[str, str], named: dict, first: date | None) -> Rule:
    if named["frequency"] == Frequency.YEARLY:
        month = _number(parts, "BYMONTH", 1, 12) or (first and first.month)
        if month is None:
            raise InvalidRule(_("Say in which month: BYMONTH is 1 to 12."))
        named |= {"month": month}
    else:
        _refuse(parts, "BYMONTH")
    if "BYDAY" in parts:
        _refuse(parts, "BYMONTHDAY")
        nth, weekday = _nth_weekday(parts)
        return Rule(**named, nth=nth, weekdays=(weekday,))
    return Rule(**named, month_day=_month_day(parts, named.get("month"), first))


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in _PARTS or name in parts:
            raise InvalidRule(_("“%(part)s” is not a part of a rule that Rafiq knows.") % {"part": part[:40]})
        parts[name] = value
    return parts


def _refuse(parts: dict[str, str], *names: str) -> None:
    for name in names:
        if name in parts:
            raise InvalidRule(_("%(name)s does not go with this frequency.") % {"name": name})


def _number(parts: dict[str, str], name: str, lowest: int, highest: int) -> int | None:
    text = parts.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not lowest <= int(text) <= highest:
        raise InvalidRule(
            _("%(name)s is a number from %(lowest)d to %(highest)d.")
            % {"name": name, "lowest": lowest, "highest": highest}
        )
    return int(text)


def _until(parts: dict[str, str]) -> date | None:
    text = parts.get("UNTIL")
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{8}(T\d{6}Z?)?", text, re.ASCII):
            raise ValueError(text)
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise InvalidRule(_("UNTIL is a day such as 20271231.")) from None


def _week_start(parts: dict[str, str], default: int) -> int:
    text = parts.get("WKST")
    if text is not None and text not in CODES:
        raise InvalidRule(_("WKST is one of MO, TU, WE, TH, FR, SA, SU."))
    return default if text is None else CODES.index(text)


def _weekdays(parts: dict[str, str], first: date | None) -> tuple[int, ...]:
    if "BYDAY" not in parts:
        if first is None:
            raise InvalidRule(_("Choose at least one weekday."))
        return (first.weekday(),)
    codes = parts["BYDAY"].split(",")
    if not set(codes) <= set(CODES):
        raise InvalidRule(_("BYDAY names weekdays, such as SU,TU."))
    return tuple(sorted({CODES.index(code) for code in codes}))


def _nth_weekday(parts: dict[str, str]) -> tuple[int, int]:
    found = _DAY.match(parts["BYDAY"])
    position = parts.get("BYSETPOS")
    if found is None or bool(found[1]) == (position is not None):
        raise InvalidRule(_("In a month, BYDAY names one weekday with its place, such as 2TU or -1FR."))
    place = found[1] or position or ""
    if not re.fullmatch(r"[+-]?\d{1,2}", place, re.ASCII) or int(place) not in NTH:
        raise InvalidRule(
            _("A weekday of the month is the first to the fourth, or the last (-1): not every month has a fifth.")
        )
    return int(place), CODES.index(found[2])


def _month_day(parts: dict[str, str], month: int | None, first: date | None) -> int:
    text = parts.get("BYMONTHDAY")
    if text is None:
        if first is None:
            raise InvalidRule(_("Say on which day of the month: BYMONTHDAY is 1 to 31, or -1 for the last."))
        _refuse(parts, "BYSETPOS")
        return _or_last(first.day, month)
    days = text.split(",")
    # Our own spelling of "the 30th, or the last day of shorter months".
    if len(days) > 1 and parts.get("BYSETPOS") == "-1" and days == [str(n) for n in range(28, 28 + len(days))]:
        days = days[-1:]
    elif "BYSETPOS" in parts:
        raise InvalidRule(_("BYSETPOS=-1 goes with BYMONTHDAY=28,29,30 alone."))
    if len(days) > 1 or not re.fullmatch(r"-1|\d{1,2}", days[0], re.ASCII):
        raise InvalidRule(_("BYMONTHDAY is one day from 1 to 31, or -1 for the last."))
    day = int(days[0])
    if day != LAST and not 1 <= day <= (DAYS_OF_MONTH[month - 1] if month else LONGEST_MONTH):
        raise InvalidRule(_("This month has no such day."))
    return _or_last(day, month)


def _or_last(day: int, month: int | None) -> int:
    """The last day that a month may have is its last day whatever the month."""
    return LAST if day == (DAYS_OF_MONTH[month - 1] if month else LONGEST_MONTH) else day
