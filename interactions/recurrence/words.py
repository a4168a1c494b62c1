"""A rule as its reader would say it."""

from babel.dates import get_month_names
from django.utils.dates import WEEKDAYS as WEEKDAYS_OF_DJANGO
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from accounts.wording import in_days, locale
from interactions.choices import WorkingDays
from interactions.recurrence.rule import DAYS_OF_MONTH, LAST, SHORTEST_MONTH, Frequency, Rule

WEEKDAYS = (
    pgettext_lazy("repeats on", "Monday"),
    pgettext_lazy("repeats on", "Tuesday"),
    pgettext_lazy("repeats on", "Wednesday"),
    pgettext_lazy("repeats on", "Thursday"),
    pgettext_lazy("repeats on", "Friday"),
    pgettext_lazy("repeats on", "Saturday"),
    pgettext_lazy("repeats on", "Sunday"),
)
# As they stand alone, in a list to choose from.
WEEKDAY_NAMES = tuple(WEEKDAYS_OF_DJANGO[day] for day in range(7))
NTH_LABELS = {
    1: pgettext_lazy("weekday of the month", "First"),
    2: pgettext_lazy("weekday of the month", "Second"),
    3: pgettext_lazy("weekday of the month", "Third"),
    4: pgettext_lazy("weekday of the month", "Fourth"),
    LAST: pgettext_lazy("weekday of the month", "Last"),
}
NTH_WEEKDAYS = {
    1: pgettext_lazy("repeats on", "the first %(day)s"),
    2: pgettext_lazy("repeats on", "the second %(day)s"),
    3: pgettext_lazy("repeats on", "the third %(day)s"),
    4: pgettext_lazy("repeats on", "the fourth %(day)s"),
    LAST: pgettext_lazy("repeats on", "the last %(day)s"),
}
MOVES = {
    WorkingDays.NEXT: pgettext_lazy("repeats", "moved to the next working day"),
    WorkingDays.PREVIOUS: pgettext_lazy("repeats", "moved to the working day before"),
}


def in_words(rule: Rule, working_days: str = WorkingDays.ANY) -> str:
    """``every 2 weeks on Sunday and Tuesday, until 5 Oct 2027``."""
    said = [_rhythm(rule, working_days)]
    if rule.until is not None:
        said.append(_("until %(day)s") % {"day": in_days(rule.until)})
    if rule.count is not None:
        said.append(ngettext("%(n)d time", "%(n)d times", rule.count) % {"n": rule.count})
    if working_days in MOVES:
        said.append(str(MOVES[WorkingDays(working_days)]))
    return _(", ").join(said)


def _rhythm(rule: Rule, working_days: str) -> str:
    n = rule.interval
    if rule.frequency == Frequency.DAILY and working_days == WorkingDays.ONLY:
        return ngettext("every working day", "every %(n)d working days", n) % {"n": n}
    if rule.frequency == Frequency.DAILY:
        return ngettext("every day", "every %(n)d days", n) % {"n": n}
    if rule.frequency == Frequency.WEEKLY:
        words = {"n": n, "days": _weekdays(rule)}
        return ngettext("every week on %(days)s", "every %(n)d weeks on %(days)s", n) % words
    if rule.frequency == Frequency.MONTHLY:
        words = {"n": n, "day": _day_of_month(rule)}
        return ngettext("every month on %(day)s", "every %(n)d months on %(day)s", n) % words
    words = {"n": n, "day": _day_of_year(rule)}
    return ngettext("every year on %(day)s", "every %(n)d years on %(day)s", n) % words


def _weekdays(rule: Rule) -> str:
    """In the order in which the reader's weeks go."""
    inside = sorted(rule.weekdays, key=lambda day: (day - rule.week_start) % 7)
    names = [str(WEEKDAYS[day]) for day in inside]
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": _(", ").join(names[:-1]), "last": names[-1]}


def _nth(rule: Rule) -> str:
    return str(NTH_WEEKDAYS[rule.nth or LAST]) % {"day": WEEKDAYS[rule.weekdays[0]]}


def _day_of_month(rule: Rule) -> str:
    if rule.nth is not None:
        return _nth(rule)
    if rule.month_day == LAST:
        return pgettext("repeats on", "the last day")
    if (rule.month_day or 0) > SHORTEST_MONTH:
        return _("day %(day)d, or the last day of shorter months") % {"day": rule.month_day}
    return pgettext("repeats on", "day %(day)d") % {"day": rule.month_day}


def _day_of_year(rule: Rule) -> str:
    month = rule.month or 1
    name = get_month_names("wide", "stand-alone", locale=locale())[month]
    if rule.nth is not None:
        return _("%(day)s of %(month)s") % {"day": _nth(rule), "month": name}
    if rule.month_day == LAST and month == 2:
        return _("the last day of %(month)s") % {"month": name}
    day = DAYS_OF_MONTH[month - 1] if rule.month_day == LAST else rule.month_day
    return f"{day} {name}" if locale() != "en" else f"{name} {day}"
