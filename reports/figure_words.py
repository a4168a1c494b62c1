"""Figures of satisfaction in words, in the reader's language."""

import datetime

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _

from accounts import wording
from interactions.choices import AnswerGroup, Scale
from reports.queries.satisfaction import PAIRED, Figure, Rate


def value_text(scale: str, value: float) -> str:
    """NPS ``27``, CSAT ``84%``, CES ``5.6``."""
    if scale == Scale.CES:
        return format_decimal(value, format="0.0", locale=wording.locale())
    # Rounded as in the team portfolio, and no "-0".
    whole = round(value) or 0
    return format_percent(whole / 100, locale=wording.locale()) if scale == Scale.CSAT else str(whole)


def figure_text(figure: Figure) -> str:
    return "–" if figure.value is None else value_text(figure.scale, figure.value)


def interval_text(figure: Figure) -> str:
    """``12 to 41``, or why nothing is shown."""
    if figure.interval is None:
        return withheld_text(figure)
    low, high = (value_text(figure.scale, end) for end in figure.interval)
    return _("%(low)s to %(high)s") % {"low": wording.isolated(low), "high": wording.isolated(high)}


def withheld_text(figure: Figure) -> str:
    if figure.n == 0:
        return _("no answers")
    if figure.withheld == PAIRED:
        return _("hidden, as it would give away a smaller one")
    return _("fewer than 5 answers") if figure.withheld else ""


def share_text(share: float | None) -> str:
    return "–" if share is None else format_percent(share, locale=wording.locale())


def easy_text(figure: Figure) -> str:
    """For CES, beside its mean: the share of 5 to 7 with its interval."""
    if figure.scale != Scale.CES or not figure.counts:
        return ""
    low, high = figure.share_interval(AnswerGroup.GOOD)
    shares = {"share": figure.share(AnswerGroup.GOOD), "low": low, "high": high}
    return _("%(share)s answered 5 to 7 (%(low)s to %(high)s)") % {
        name: wording.isolated(share_text(share)) for name, share in shares.items()
    }


def rate_text(rate: Rate) -> str:
    return share_text(rate.share)


def month_text(first: datetime.date, until: datetime.date) -> str:
    """``Nov 2026``; quarters by their first month to their last."""
    if (until - first).days <= 31:
        return format_date(first, "MMM y", locale=wording.locale())
    last = until - datetime.timedelta(days=1)
    begin = format_date(first, "MMM", locale=wording.locale())
    return f"{begin}–{format_date(last, 'MMM y', locale=wording.locale())}"


def short_month(first: datetime.date, until: datetime.date) -> str:
    """For the foot of a chart: ``Nov``; quarters by their first month, ``Jan 26``."""
    pattern = "MMM" if (until - first).days <= 31 else "MMM yy"
    return format_date(first, pattern, locale=wording.locale())
