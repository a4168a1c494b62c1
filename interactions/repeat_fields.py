"""How a task repeats, as a form asks it: a few choices instead of a rule's text."""

from babel.dates import get_month_names
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.form_fields import DateInput, NumberField, SegmentedRadio
from accounts.wording import locale
from interactions.choices import WorkingDays
from interactions.recurrence import Frequency, InvalidRule, Rule, parse
from interactions.recurrence.rule import CODES, LAST, LONGEST_INTERVAL, MOST_TIMES, NTH
from interactions.recurrence.words import NTH_LABELS, WEEKDAY_NAMES

BY_DAY, BY_WEEKDAY = "day", "weekday"
NEVER, ON, AFTER = "never", "on", "after"
AS_DUE = [("", _("As the due day"))]
NAMES = (
    "repeats",
    "repeat_every",
    "repeat_weekdays",
    "repeat_by",
    "repeat_day",
    "repeat_nth",
    "repeat_weekday",
    "repeat_month",
    "repeat_ends",
    "repeat_until",
    "repeat_times",
)


class RepeatFields(forms.Form):
    """What ``clean`` leaves is ``recurrence``, the text of a rule or "", and ``working_days``.

    What is left empty (which weekday? which day of the month?) follows from the day the task is due.
    """

    repeats = forms.ChoiceField(
        label=_("Repeats"), choices=[("", _("Does not repeat")), *Frequency.choices], required=False
    )
    repeat_every = NumberField(
        label=pgettext_lazy("interval", "Every"), required=False, min_value=1, max_value=LONGEST_INTERVAL, initial=1
    )
    repeat_weekdays = forms.MultipleChoiceField(
        label=_("On these days"), required=False, widget=forms.CheckboxSelectMultiple
    )
    repeat_by = forms.ChoiceField(
        label=pgettext_lazy("repeats", "On"),
        choices=[(BY_DAY, _("A day of the month")), (BY_WEEKDAY, _("A weekday of the month"))],
        initial=BY_DAY,
        required=False,
        widget=SegmentedRadio,
    )
    repeat_day = forms.ChoiceField(
        label=_("Day of the month"),
        choices=[*AS_DUE, *((str(day), str(day)) for day in range(1, 31)), (str(LAST), _("Last day"))],
        required=False,
    )
    repeat_nth = forms.ChoiceField(
        label=_("Which of them"), choices=[(str(nth), NTH_LABELS[nth]) for nth in NTH], required=False
    )
    repeat_weekday = forms.ChoiceField(label=_("Weekday"), required=False)
    repeat_month = forms.ChoiceField(label=_("Month"), required=False)
    working_days = forms.ChoiceField(label=_("On a day off"), choices=WorkingDays.choices, required=False)
    repeat_ends = forms.ChoiceField(
        label=_("Ends"),
        choices=[(NEVER, _("Never")), (ON, _("On a day")), (AFTER, _("After a number of times"))],
        initial=NEVER,
        required=False,
        widget=SegmentedRadio,
    )
    repeat_until = forms.DateField(label=_("Last day"), required=False, widget=DateInput)
    repeat_times = NumberField(label=_("Times"), required=False, min_value=1, max_value=MOST_TIMES)

    def prepare_repeats(self, week_start: int, recurrence: str = "", working_days: str = "") -> None:
        """Fill in the names of days and months in the reader's language, and the rule that stands."""
        self.week_start = week_start
        days = [(CODES[day % 7], WEEKDAY_NAMES[day % 7]) for day in range(week_start, week_start + 7)]
        self.fields["repeat_weekdays"].choices = days
        self.fields["repeat_weekday"].choices = [*AS_DUE, *days]
        months = get_month_names("wide", "stand-alone", locale=locale())
        self.fields["repeat_month"].choices = [*AS_DUE, *((str(month), months[month]) for month in range(1, 13))]
        if recurrence:
            self.initial |= {**answers(parse(recurrence)), "working_days": working_days}

    def clean(self):
        cleaned = super().clean()
        asked = {name: cleaned.pop(name, None) for name in NAMES}
        cleaned["recurrence"], cleaned["working_days"] = "", cleaned.get("working_days") or WorkingDays.ANY
        if not asked["repeats"]:
            cleaned["working_days"] = WorkingDays.ANY
            return cleaned
        if asked["repeats"] != Frequency.DAILY and cleaned["working_days"] == WorkingDays.ONLY:
            self.add_error(
                "working_days", _("Working days are counted in daily rules. In others, a day off can be moved.")
            )
        for ends, name, sentence in (
            (ON, "repeat_until", _("Choose the last day.")),
            (AFTER, "repeat_times", _("Say after how many times.")),
        ):
            if asked["repeat_ends"] == ends and not asked[name] and name not in self.errors:
                self.add_error(name, sentence)
        if cleaned.get("due_on") is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Say when it is due first: it repeats from there."))
        if self.errors:
            return cleaned
        try:
            text = rule_text(asked, cleaned["due_on"])
            cleaned["recurrence"] = str(parse(text, cleaned["due_on"], self.week_start))
        except InvalidRule as error:
            self.add_error("repeats", str(error))
        return cleaned


def rule_text(asked, due_on):
    """The text of the rule that the answers mean; the parser fills in the rest from the day it is due."""
    frequency = asked["repeats"]
    parts = [f"FREQ={frequency.upper()}", f"INTERVAL={asked['repeat_every'] or 1}"]
    if frequency == Frequency.WEEKLY and asked["repeat_weekdays"]:
        parts.append("BYDAY=" + ",".join(asked["repeat_weekdays"]))
    if frequency == Frequency.YEARLY and asked["repeat_month"]:
        parts.append(f"BYMONTH={asked['repeat_month']}")
    if frequency in (Frequency.MONTHLY, Frequency.YEARLY):
        if asked["repeat_by"] == BY_WEEKDAY:
            weekday = asked["repeat_weekday"] or CODES[due_on.weekday()]
            parts.append(f"BYDAY={asked['repeat_nth'] or 1}{weekday}")
        elif asked["repeat_day"]:
            parts.append(f"BYMONTHDAY={asked['repeat_day']}")
    if asked["repeat_ends"] == ON:
        parts.append(f"UNTIL={asked['repeat_until']:%Y%m%d}")
    elif asked["repeat_ends"] == AFTER:
        parts.append(f"COUNT={asked['repeat_times']}")
    return ";".join(parts)


def answers(rule: Rule) -> dict[str, object]:
    """A rule as the answers that mean it."""
    ends = ON if rule.until else AFTER if rule.count else NEVER
    found = {
        "repeats": rule.frequency,
        "repeat_every": rule.interval,
        "repeat_ends": ends,
        "repeat_until": rule.until,
        "repeat_times": rule.count,
        "repeat_month": str(rule.month or ""),
    }
    if rule.nth is not None:
        by_weekday = {"repeat_by": BY_WEEKDAY, "repeat_nth": str(rule.nth)}
        return found | by_weekday | {"repeat_weekday": CODES[rule.weekdays[0]]}
    return found | {
        "repeat_weekdays": [CODES[day] for day in rule.weekdays],
        "repeat_by": BY_DAY,
        "repeat_day": str(rule.month_day or ""),
    }
