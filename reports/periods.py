"""The spans of time that reports offer. The day that begins one is in the links to its rows, so both agree exactly."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

YEAR = "year"
#: Name in the address → days back from today; None is all time.
PERIODS: dict[str, int | None] = {"month": 30, "quarter": 91, YEAR: 365, "two-years": 730, "all": None}
LABELS: dict[str, Any] = {
    "month": _("30 days"),
    "quarter": _("3 months"),
    YEAR: _("12 months"),
    "two-years": _("24 months"),
    "all": _("All time"),
}


def first_day(period: str, *, today: datetime.date | None = None) -> datetime.date | None:
    """The first day of a period named in ``PERIODS``; None for all time."""
    days = PERIODS[period]
    return (today or timezone.localdate()) - datetime.timedelta(days=days) if days else None


def start_of(day: datetime.date) -> datetime.datetime:
    """Midnight where the reader is: the moment that ``?since=<day>`` means."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
