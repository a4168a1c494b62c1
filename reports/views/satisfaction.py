"""What clients answered: the results page, the same as a file, and the lists of rows behind every figure."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.exports import stream_csv
from accounts.pages import MemberPage, Page
from accounts.wording import isolated
from clients.choices import Tier
from interactions.choices import GROUP_NAMES, SCALE_RANGES, AnswerGroup, Scale
from interactions.models import Score, SurveyInvitation
from reports import figure_words as words
from reports.charts import IntervalRow, bars, interval_chart, stacked
from reports.filters import SCOPE, DeliveredFilter, ResultsFilter, ScoreRowsFilter
from reports.periods import LABELS, PERIODS, YEAR, first_day
from reports.queries import satisfaction

COMMENTS = 8
TONES = {AnswerGroup.GOOD: "c2", AnswerGroup.MIDDLE: "c3", AnswerGroup.POOR: "c4"}


class Results(MemberPage):
    """What was asked for in the address: scale, period, breakdown and what it is narrowed to."""

    permission = "reports.view_satisfaction"

    @cached_property
    def filter(self) -> ResultsFilter:
        return ResultsFilter(self.request.GET, Score.objects.none(), request=self.request)

    @property
    def scale(self) -> str:
        asked = self.request.GET.get("scale", "")
        return asked if asked in Scale.values else Scale.NPS

    @property
    def by(self) -> str:
        asked = self.request.GET.get("by", "")
        return asked if asked in satisfaction.DIMENSIONS else "tier"

    @property
    def period(self) -> str:
        """A name from ``PERIODS``; "" when days were given instead."""
        if self.request.GET.get("since") or self.request.GET.get("until"):
            return ""
        asked = self.request.GET.get("period", "")
        return asked if asked in PERIODS else YEAR

    @cached_property
    def scope(self) -> dict[str, str]:
        """What narrows the rows, as it stands in the links to them; the period's first day included."""
        scope = {name: value for name in SCOPE if (value := self.request.GET.get(name, ""))}
        if self.period and (first := first_day(self.period)):
            scope["since"] = first.isoformat()
        return scope

    @cached_property
    def days(self) -> tuple[datetime.date | None, datetime.date]:
        """The first day of the period, if it has one, and its last."""
        given = self.filter.form.cleaned_data if self.filter.form.is_valid() else {}
        since = first_day(self.period) if self.period else given.get("since")
        until, today = given.get("until"), timezone.localdate()
        last = min(until - datetime.timedelta(days=1), today) if until else today
        return since, max(last, since) if since else last

    @cached_property
    def scores(self) -> Any:
        rows = Score.objects.visible_to(self.member).filter(client__archived_at=None)
        return ScoreRowsFilter(as_query(self.scope), rows, request=self.request).qs

    @cached_property
    def invitations(self) -> Any:
        rows = SurveyInvitation.objects.visible_to(self.member).filter(client__archived_at=None)
        return DeliveredFilter(as_query({**self.scope, "scale": self.scale}), rows, request=self.request).qs

    def breakdown(self, by: str) -> list[satisfaction.Cell]:
        return satisfaction.breakdown(self.scores, self.invitations, self.scale, by)

    def rows_url(self, **more: Any) -> str:
        """The answers behind a figure."""
        return f"{reverse('reports:scores')}?{urlencode({**self.scope, 'scale': self.scale, **more})}"

    def delivered_url(self, **more: Any) -> str:
        return f"{reverse('reports:delivered')}?{urlencode({**self.scope, 'scale': self.scale, **more})}"


class ResultsPage(Results, Page):
    template_name = "reports/satisfaction.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, last = self.days
        whole, steps = satisfaction.over_time(self.scores, self.scale, first=first, last=last)
        rate = satisfaction.response_rate(self.invitations)
        context = {
            "filter": self.filter,
            "scale": self.scale,
            "scale_name": Scale(self.scale).label,
            "scales": self.choices("scale", [(each, each.upper()) for each in Scale], self.scale),
            "periods": self.choices("period", LABELS.items(), self.period, since=None, until=None),
            "figure": whole,
            "figure_text": words.figure_text(whole),
            "interval_text": words.interval_text(whole),
            "easy_text": words.easy_text(whole),
            "rate_text": words.rate_text(rate),
            "rate": rate,
            "poor_name": GROUP_NAMES[self.scale][AnswerGroup.POOR],
            "poor_share": words.share_text(whole.share(AnswerGroup.POOR) if whole.counts else None),
            "poor_count": whole.count(AnswerGroup.POOR),
            "urls": self.urls(),
            "chart": self.chart(steps),
            "slices": self.slices(whole),
            "values": self.values(whole),
            "by": self.by,
            "dimensions": self.choices("by", dimension_names().items(), self.by),
            "dimension_name": dimension_names()[self.by],
            "cells": [self.cell(cell) for cell in self.breakdown(self.by)],
            "comments": self.comments(),
            "has_any": bool(whole.n or rate.delivered),
        }
        return super().get_context_data(**context, **kwargs)

    def choices(self, name: str, items: Any, chosen: str, **more: Any) -> list[dict[str, Any]]:
        """Links that change one word of the address and keep the others."""
        found = []
        for key, label in items:
            query = self.request.GET.copy()
            for other in ("cursor", name, *more):
                query.pop(other, None)
            query[name] = key
            found.append({"url": f"?{query.urlencode()}", "label": label, "current": key == chosen})
        return found

    def urls(self) -> dict[str, str]:
        return {
            "answers": self.rows_url(),
            "poor": self.rows_url(group=AnswerGroup.POOR),
            "delivered": self.delivered_url(),
            "comments": self.rows_url(commented="true"),
            "export": f"{reverse('reports:satisfaction-export')}?{self.request.GET.urlencode()}",
        }

    def chart(self, steps: list[satisfaction.Step]) -> Any:
        """The trend, when at least two of its steps can be shown."""
        shown = [step for step in steps if step.figure.value is not None]
        if len(shown) < 2:
            return None
        begin, end = shown[0], shown[-1]
        summary = _("%(scale)s was %(first)s in %(start)s and %(last)s in %(end)s.") % {
            "scale": Scale(self.scale).label,
            "first": isolated(words.figure_text(begin.figure)),
            "start": words.month_text(begin.first, begin.until),
            "last": isolated(words.figure_text(end.figure)),
            "end": words.month_text(end.first, end.until),
        }
        return interval_chart(
            labels=[words.short_month(step.first, step.until) for step in steps],
            points=[point_of(step.figure) for step in steps],
            rows=[self.step_row(step) for step in steps],
            summary=summary,
            format_value=lambda value: words.value_text(self.scale, value),
        )

    def step_row(self, step: satisfaction.Step) -> IntervalRow:
        first, _last = self.days
        since = max(step.first, first) if first else step.first
        until = self.scope.get("until") or step.until.isoformat()
        url = self.rows_url(since=since, until=min(until, step.until.isoformat()))
        texts = [words.figure_text(step.figure), words.interval_text(step.figure), str(step.figure.n)]
        return IntervalRow(words.month_text(step.first, step.until), texts, url if step.figure.n else "")

    def slices(self, whole: satisfaction.Figure) -> Any:
        if not whole.counts:
            return []
        return stacked(
            [
                (
                    GROUP_NAMES[self.scale][group],
                    whole.count(group),
                    words.share_text(whole.share(group)),
                    TONES[group],
                    self.rows_url(group=group),
                )
                for group in (AnswerGroup.POOR, AnswerGroup.MIDDLE, AnswerGroup.GOOD)
            ]
        )

    def values(self, whole: satisfaction.Figure) -> Any:
        """A bar for each value of the scale, the best first."""
        if not whole.counts:
            return []
        lowest, highest = SCALE_RANGES[self.scale]
        counts = [(value, whole.counts.get(value, 0)) for value in range(highest, lowest - 1, -1)]
        return bars([(str(v), times, str(times), self.rows_url(value=v) if times else None) for v, times in counts])

    def cell(self, cell: satisfaction.Cell) -> dict[str, Any]:
        narrow = narrowing(self.by, cell.key)
        query = self.request.GET.copy()
        for name, value in narrow.items():
            query[name] = value
        may_narrow = cell.key is not None or self.by == "manager"
        return {
            "name": cell_name(self.by, cell),
            "narrow_url": f"?{query.urlencode()}" if may_narrow else "",
            "figure": words.figure_text(cell.figure),
            "interval": words.interval_text(cell.figure),
            "is_shown": cell.figure.value is not None,
            "n": cell.figure.n,
            "url": self.rows_url(**rows_of(self.by, cell.key)),
            "rate": words.rate_text(cell.rate),
            "delivered": cell.rate.delivered,
            "rate_url": self.delivered_url(**narrow) if cell.rate.delivered else "",
        }

    def comments(self) -> list[Score]:
        said = self.scores.filter(scale=self.scale, survey_response__search_text__gt="")
        return list(said.select_related("client", "contact", "survey_response").order_by("-at", "-pk")[:COMMENTS])


class ResultsExport(Results, View):
    """The figures of the page, every breakdown of them, with the same narrowing: what is withheld there is here."""

    http_method_names = ["get"]

    def get(self, request: Any) -> HttpResponseBase:
        header = [_("Part"), _("Name"), _("Answers"), Scale(self.scale).label, _("95% from"), _("95% to"), _("Note"),
                  *(str(name) for name in GROUP_NAMES[self.scale].values()), _("Delivered"), _("Answered")]  # fmt: skip
        return stream_csv(f"satisfaction-{self.scale}-{timezone.localdate()}.csv", header, self.lines())

    def lines(self) -> Iterator[list[Any]]:
        first, last = self.days
        whole, steps = satisfaction.over_time(self.scores, self.scale, first=first, last=last)
        yield [_("Whole period"), "", *columns(whole, satisfaction.response_rate(self.invitations))]
        for step in steps:
            yield [_("Trend"), words.month_text(step.first, step.until), *columns(step.figure, None)]
        for by, name in dimension_names().items():
            for cell in self.breakdown(by):
                yield [str(name), cell_name(by, cell), *columns(cell.figure, cell.rate)]


def as_query(words: dict[str, str]) -> QueryDict:
    """What filters read: an address's words, of which one may stand several times."""
    return QueryDict(urlencode(words))


def columns(figure: satisfaction.Figure, rate: satisfaction.Rate | None) -> list[Any]:
    numbers: list[Any] = ["", "", "", words.withheld_text(figure), "", "", ""]
    if figure.value is not None and figure.interval is not None:
        ends = [round(each, 2) for each in (figure.value, *figure.interval)]
        numbers = [*ends, "", *(figure.count(group) for group in AnswerGroup)]
    return [figure.n, *numbers, *([rate.delivered, rate.answered] if rate else ["", ""])]


def point_of(figure: satisfaction.Figure) -> tuple[float, float, float] | None:
    if figure.value is None or figure.interval is None:
        return None
    return (figure.value, *figure.interval)


def dimension_names() -> dict[str, str]:
    return {
        "tier": _("Tier"),
        "product": _("Product"),
        "manager": _("Account manager"),
        "survey": _("Survey"),
        "campaign": _("Campaign"),
    }


def cell_name(by: str, cell: satisfaction.Cell) -> str:
    if by == "tier":
        return str(Tier(cell.key).label)
    if cell.key is not None:
        return cell.name
    return {
        "manager": _("Nobody yet"),
        "survey": _("Ratings from elsewhere"),
        "campaign": _("Without a campaign"),
    }.get(by, "–")


def narrowing(by: str, key: Any) -> dict[str, Any]:
    """The filters that leave one group of a breakdown."""
    if key is not None:
        return {by: key}
    return {"manager": {"unassigned": "true"}, "campaign": {"in_campaign": "false"}}.get(by, {})


def rows_of(by: str, key: Any) -> dict[str, Any]:
    return {"surveyed": "false"} if by == "survey" and key is None else narrowing(by, key)
