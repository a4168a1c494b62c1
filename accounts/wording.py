"""Moments and names in words, in the reader's language: what the template filters of ``ui`` say."""

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.time_zone import LazyZone

ZERO_WIDTH_NON_JOINER = "\u200c"
ARABIC = re.compile(r"[\u0600-\u06ff]")
COMPANY_WORDS = {"شركة", "مؤسسة", "مجموعة", "مصنع", "مكتب", "the"}
MINUTE, HOUR = 60, 3600
# Up to here a gap is easier to judge in days ("21 days ago") than in weeks.
LONGEST_GAP_IN_DAYS = 60


def locale() -> str:
    return (get_language() or "en").split("-")[0]


def in_days(value: date | datetime) -> str:
    """``23 Nov 2026``, ``23 نوفمبر 2026``."""
    return _day_text(_local_day(value), locale())


def in_weekdays(value: date | datetime) -> str:
    """``Tue 23 Nov 2026``: for days that somebody plans by."""
    return format_date(_local_day(value), "EEE d MMM y", locale=locale())


# Lists name the same days over and over.
@lru_cache(maxsize=4096)
def _day_text(day: date, language: str) -> str:
    return format_date(day, "d MMM y", locale=language)


def in_moments(value: datetime) -> str:
    """``23 Nov 2026, 10:24`` in the reader's time zone."""
    if not isinstance(value, datetime):
        return in_days(value)
    local = value.astimezone(_here()) if timezone.is_aware(value) else value
    return _moment_text(local.replace(second=0, microsecond=0, tzinfo=None), _("d MMM y, HH:mm"), locale())


@lru_cache(maxsize=4096)
def _moment_text(minute: datetime, form: str, language: str) -> str:
    return format_datetime(minute, form, locale=language)


def since(value: date | datetime) -> str:
    """How long ago, or how far ahead, in the unit a person would choose."""
    days = (_local_day(value) - _today()).days
    if days == 0 and isinstance(value, datetime):
        return _within_today(value)
    if days == 0:
        return _("today")
    return _future(days) if days > 0 else _past(-days)


def isolated(name: str) -> str:
    """A name inside a sentence that may be in the other script: its direction stays its own (Unicode isolates)."""
    return f"\u2068{name}\u2069"


def until_due(value: date | datetime) -> str:
    """A deadline in words: ``today``, ``in 3 days``, ``2 days overdue``."""
    days = (_local_day(value) - _today()).days
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
    return _future(days) if days <= 14 else in_days(value)


def due_tone(value: date | datetime) -> str:
    days = (_local_day(value) - _today()).days
    return "bad" if days < 0 else "warn" if days == 0 else "muted"


def initials(name: str) -> str:
    """Two letters for an avatar. Arabic ones are kept from joining, and skip the article and “company”."""
    words = [word for word in re.split(r"[\s·•,،()/&-]+", name) if word and word[0].isalnum()]
    telling = [word for word in words if word.casefold() not in COMPANY_WORDS] or words
    letters = [word.removeprefix("ال")[:1] or word[:1] for word in telling[:2]]
    joiner = ZERO_WIDTH_NON_JOINER if any(ARABIC.match(letter) for letter in letters) else ""
    return joiner.join(letters).upper()


def yes() -> str:
    return _("yes")


def join_list(words: list[str]) -> str:
    """``a, b``, ``أ، ب``."""
    return _(", ").join(words)


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return value.astimezone(_here()).date() if timezone.is_aware(value) else value.date()
    return value


def _here() -> tzinfo:
    """The reader's time zone itself: reckoning through a lazy one takes several times as long."""
    zone = timezone.get_current_timezone()
    return zone.zone if isinstance(zone, LazyZone) else zone


def _today() -> date:
    return timezone.now().astimezone(_here()).date()


def _within_today(value: datetime) -> str:
    seconds = int((timezone.now() - value).total_seconds())
    if seconds < 0:
        return _("today")
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        minutes = seconds // MINUTE
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = seconds // HOUR
    return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}


def _past(days: int) -> str:
    if days == 1:
        return _("yesterday")
    if days <= LONGEST_GAP_IN_DAYS:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    if days < 365:
        months = round(days / 30.4)
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)d year ago", "%(n)d years ago", years) % {"n": years}


def _future(days: int) -> str:
    if days == 1:
        return _("tomorrow")
    if days <= LONGEST_GAP_IN_DAYS:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    months = round(days / 30.4)
    return ngettext("in %(n)d month", "in %(n)d months", months) % {"n": months}
