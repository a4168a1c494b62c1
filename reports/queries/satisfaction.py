"""What clients answered: figures with their certainty, over time and by who they are.

Every function takes the rows that are counted, already narrowed to what the member sees and asked for, so a figure and
the list behind it cannot differ. Figures of fewer than ``LEAST_ANSWERS`` answers are withheld (domain.md §4).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate, TruncMonth

from clients.choices import Tier
from interactions.choices import SCALE_GROUPS, SCALE_RANGES, AnswerGroup, Scale
from reports import statistics
from reports.statistics import Interval

LEAST_ANSWERS = 5
#: Longer spans are told in quarters.
MOST_MONTHS = 25
FEW, PAIRED = "few", "paired"

Counts = Mapping[int, int]


@dataclass(frozen=True)
class Figure:
    """One figure of one scale: NPS in points (−100…100), CSAT in per cent, CES as a mean (1…7).

    ``withheld`` says why there is none: ``few`` answers, or ``paired``: it would give away another that is withheld.
    """

    scale: str
    n: int
    value: float | None = None
    interval: Interval | None = None
    counts: Counts = field(default_factory=dict)
    withheld: str = ""

    def count(self, group: str) -> int:
        """Answers of one ``AnswerGroup``."""
        low, high = SCALE_GROUPS[self.scale][group]
        return sum(times for value, times in self.counts.items() if low <= value <= high)

    def share(self, group: str) -> float:
        """Their share of all answers, 0 to 1."""
        return self.count(group) / self.n if self.n and self.counts else 0.0

    def share_interval(self, group: str) -> Interval:
        return statistics.proportion(self.count(group), self.n)


@dataclass(frozen=True)
class Rate:
    """How many of the surveys that were delivered have been answered."""

    delivered: int = 0
    answered: int = 0

    @property
    def share(self) -> float | None:
        return self.answered / self.delivered if self.delivered else None


@dataclass(frozen=True)
class Step:
    """A month or quarter of the trend, from its first day to the first day of the next."""

    first: datetime.date
    until: datetime.date
    figure: Figure


@dataclass(frozen=True)
class Cell:
    """A row of a breakdown. ``key`` is None for answers that belong to none of the groups."""

    key: Any
    name: str
    figure: Figure
    rate: Rate


@dataclass(frozen=True)
class Dimension:
    """How answers and invitations are told apart. Groups of an ``overlapping`` one share answers."""

    answers: str
    invitations: str
    name: str = ""
    is_overlapping: bool = False


DIMENSIONS = {
    "tier": Dimension("client__tier", "client__tier"),
    "product": Dimension("client__contract_lines__product", "client__contract_lines__product", "__name", True),
    "manager": Dimension("client__main_manager", "client__main_manager", "__name"),
    "survey": Dimension("survey_response__invitation__survey", "survey", "__name"),
    "campaign": Dimension("survey_response__invitation__campaign", "campaign", "__name"),
}


def figure_of(scale: str, counts: Counts) -> Figure:
    """The figure of ``{value: how often}``; withheld below ``LEAST_ANSWERS``."""
    n = sum(counts.values())
    if n < LEAST_ANSWERS:
        return Figure(scale, n, withheld=FEW)
    bare = Figure(scale, n, counts=dict(counts))
    good, middle, poor = (bare.count(group) for group in (AnswerGroup.GOOD, AnswerGroup.MIDDLE, AnswerGroup.POOR))
    if scale == Scale.NPS:
        return replace(bare, value=100 * (good - poor) / n, interval=statistics.net_promoter(good, middle, poor))
    if scale == Scale.CSAT:
        low, high = statistics.proportion(good, n)
        return replace(bare, value=100 * good / n, interval=Interval(100 * low, 100 * high))
    lowest, highest = SCALE_RANGES[scale]
    average, (low, high) = statistics.mean(counts)
    return replace(bare, value=average, interval=Interval(max(low, lowest), min(high, highest)))


def over_time(
    scores: Any, scale: str, *, first: datetime.date | None, last: datetime.date
) -> tuple[Figure, list[Step]]:
    """The figure of the whole period, and of each month from ``first`` (or the first answer) to ``last``.

    Quarters when the months are many, or so thin that only quarters show a trend. One statement.
    """
    counted: dict[datetime.date, dict[int, int]] = defaultdict(dict)
    rows = scores.filter(scale=scale).order_by().annotate(month=TruncMonth("at")).values_list("month", "value")
    for month, value, times in rows.annotate(times=Count("pk")):
        counted[month.date()][value] = times
    months = _months(first or min(counted, default=last), last)
    whole: Counter[int] = sum((Counter(counts) for counts in counted.values()), Counter())
    monthly = _steps(scale, months, counted, 1) if len(months) <= MOST_MONTHS else []
    if _shows_a_trend(monthly):
        return figure_of(scale, whole), monthly
    quarterly = _steps(scale, months, counted, 3)
    return figure_of(scale, whole), quarterly if _shows_a_trend(quarterly) or not monthly else monthly


def _steps(scale: str, months: list[datetime.date], counted: Mapping[datetime.date, Counts], length: int) -> list[Step]:
    steps: dict[datetime.date, Counter[int]] = {}
    for month in months:
        steps.setdefault(_start(month, length), Counter()).update(counted.get(month, {}))
    figures = _protected([figure_of(scale, counts) for counts in steps.values()])
    return [Step(start, _later(start, length), figure) for start, figure in zip(steps, figures, strict=True)]


def _shows_a_trend(steps: list[Step]) -> bool:
    return sum(step.figure.value is not None for step in steps) >= 2


def totals(scores: Any) -> dict[str, Figure]:
    """The figure of each scale. One statement."""
    counted: dict[str, dict[int, int]] = {scale: {} for scale in Scale.values}
    for scale, value, times in scores.order_by().values_list("scale", "value").annotate(times=Count("pk")):
        counted[scale][value] = times
    return {scale: figure_of(scale, counts) for scale, counts in counted.items()}


def response_rate(invitations: Any) -> Rate:
    """One statement over the invitations that were sent in the period."""
    row = invitations.delivered().order_by().aggregate(delivered=Count("pk"), answered=Count("answered_at"))
    return Rate(**row)


def response_rates(invitations: Any) -> dict[str, Rate]:
    """The same for each scale. One statement."""
    rows = invitations.delivered().order_by().values_list("survey__kind")
    counted = rows.annotate(delivered=Count("pk"), answered=Count("answered_at"))
    return {scale: Rate(delivered, answered) for scale, delivered, answered in counted}


def breakdown(scores: Any, invitations: Any, scale: str, by: str) -> list[Cell]:
    """The figure and the response rate of each group, the largest group first. Two statements.

    An answer counts for the client's main manager and tier of today, and for the products that it had on the day.
    """
    dimension = DIMENSIONS[by]
    names: dict[Any, str] = {}
    counted: dict[Any, dict[int, int]] = defaultdict(dict)
    rows = _grouped(scores.filter(scale=scale), dimension, dimension.answers, "at", "value")
    for key, name, value, times in rows:
        names[key] = name or ""
        counted[key][value] = times
    rates: dict[Any, Rate] = {}
    answered = Count("pk", filter=Q(answered_at__isnull=False), distinct=dimension.is_overlapping)
    for key, name, times, done in _grouped(
        invitations.delivered(), dimension, dimension.invitations, "sent_at"
    ).annotate(done=answered):
        names.setdefault(key, name or "")
        rates[key] = Rate(times, done)
    keys = [key for key in names if counted.get(key) or rates.get(key)]
    figures = [figure_of(scale, counted.get(key, {})) for key in keys]
    if not dimension.is_overlapping:
        figures = _protected(figures)
    cells = [Cell(key, names[key], figure, rates.get(key, Rate())) for key, figure in zip(keys, figures, strict=True)]
    if by == "tier":
        return sorted(cells, key=lambda cell: Tier.values.index(cell.key))
    return sorted(cells, key=lambda cell: (cell.key is None, -cell.figure.n, -cell.rate.delivered, cell.name))


def on_the_day(moment: str, path: str = "client__contract_lines") -> Q:
    """The contract lines at ``path`` that ran on the day of ``moment``."""
    day = TruncDate(moment)
    running = Q(**{f"{path}__ends_on": None}) | Q(**{f"{path}__ends_on__gt": day})
    in_use = Q(**{f"{path}__archived_at": None, f"{path}__contract__archived_at": None})
    return running & in_use & Q(**{f"{path}__starts_on__lte": day})


def _grouped(rows: Any, dimension: Dimension, path: str, moment: str, *columns: str) -> Any:
    """``(key, name, *columns, times)`` of each group."""
    if dimension.is_overlapping:
        rows = rows.filter(on_the_day(moment))
    name = F(f"{path}{dimension.name}")
    grouped = rows.order_by().annotate(key=F(path), name=name).values_list("key", "name", *columns)
    return grouped.annotate(times=Count("pk", distinct=dimension.is_overlapping))


def _protected(figures: Sequence[Figure]) -> list[Figure]:
    """Withhold the smallest figure beside a single withheld one, which the total would give away."""
    few = [figure for figure in figures if 0 < figure.n < LEAST_ANSWERS]
    shown = [figure for figure in figures if figure.n >= LEAST_ANSWERS]
    if len(few) != 1 or not shown:
        return list(figures)
    smallest = min(shown, key=lambda figure: figure.n)
    withheld = Figure(smallest.scale, smallest.n, withheld=PAIRED)
    return [withheld if figure is smallest else figure for figure in figures]


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [datetime.date(each // 12, each % 12 + 1, 1) for each in range(start, end + 1)]


def _start(month: datetime.date, length: int) -> datetime.date:
    return month.replace(month=(month.month - 1) // length * length + 1)


def _later(month: datetime.date, months: int) -> datetime.date:
    return _months(month, datetime.date(month.year + 1, month.month, 1))[months]
