"""The geometry of small charts. Templates draw it as inline SVG with HTML labels round it; no script, no inline style.

Time runs from left to right in every language, because a mirrored growth reads as decline. Meters and bars are mirrored
by the stylesheet. A line may start above zero and is therefore never filled; a bar always starts at zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

Value = float | int | None
WIDTH, HEIGHT = 720, 220
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 32, 3
GRID_LINES = 4
# Below this part of the values themselves a difference is noise of the arithmetic.
SMALLEST_SPREAD = 1e-9


@dataclass(frozen=True)
class Series:
    """One line: ``None`` among its values is a gap, not a zero."""

    name: str
    values: Sequence[Value]
    dashed: bool = False
    tone: str = "c1"


@dataclass(frozen=True)
class Tick:
    text: str
    y: str


@dataclass(frozen=True)
class Line:
    name: str
    path: str
    dashed: bool
    tone: str


@dataclass(frozen=True)
class Row:
    """One moment of the table under the chart."""

    label: str
    values: list[str]


@dataclass(frozen=True)
class LineChart:
    labels: list[str]
    ticks: list[Tick]
    lines: list[Line]
    rows: list[Row]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Whisker:
    """A value with its interval, as vertical strokes at ``x``."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True)
class IntervalRow:
    """One moment of the table under the chart; ``url`` opens the rows behind it."""

    label: str
    values: list[str]
    url: str = ""


@dataclass(frozen=True)
class IntervalChart:
    labels: list[str]
    ticks: list[Tick]
    path: str
    whiskers: list[Whisker]
    rows: list[IntervalRow]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Slice:
    """A part of a stacked bar: from ``x``, ``width`` wide, of 100."""

    label: str
    text: str
    x: str
    width: str
    tone: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    share: float
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Spark:
    path: str
    end_x: str
    end_y: str
    tone: str = field(default="c1")


def line_chart(
    *, labels: Sequence[str], series: Sequence[Series], summary: str, format_value: Callable[[float], str] = str
) -> LineChart:
    """Lines over equal steps of time. ``summary`` is the sentence that says what the picture shows."""
    known = [value for one in series for value in one.values if value is not None] or [0]
    base, step, count = scale(min(known), max(known))

    def height(value: float) -> float:
        return HEIGHT * (1 - (value - base) / (step * count))

    ticks = [Tick(format_value(base + step * k), _number(height(base + step * k))) for k in range(count, -1, -1)]
    lines = [Line(s.name, _path(_points(s.values, WIDTH, height)), s.dashed, s.tone) for s in series]
    rows = [
        Row(label, ["–" if (value := s.values[at]) is None else format_value(value) for s in series])
        for at, label in enumerate(labels)
    ]
    return LineChart(list(labels), ticks, lines, rows, summary)


def interval_chart(
    *,
    labels: Sequence[str],
    points: Sequence[tuple[float, float, float] | None],
    rows: Sequence[IntervalRow],
    summary: str,
    format_value: Callable[[float], str] = str,
) -> IntervalChart:
    """``(value, low, high)`` over equal steps of time, None where there is nothing to show."""
    known = [number for point in points if point is not None for number in point] or [0]
    base, step, count = scale(min(known), max(known))

    def height(value: float) -> float:
        return HEIGHT * (1 - (value - base) / (step * count))

    ticks = [Tick(format_value(base + step * k), _number(height(base + step * k))) for k in range(count, -1, -1)]
    values = [None if point is None else point[0] for point in points]
    places = _points(values, WIDTH, height)
    whiskers = [
        Whisker(_number(x), _number(y), _number(height(point[1])), _number(height(point[2])))
        for (x, y), point in zip(places, points, strict=True)
        if y is not None and point is not None
    ]
    return IntervalChart(list(labels), ticks, _path(places), whiskers, list(rows), summary)


def stacked(parts: Sequence[tuple]) -> list[Slice]:
    """``(label, value, text, tone, url)`` as slices of one bar; nothing when there is nothing to share."""
    whole, x, slices = sum(value for _, value, *_ in parts), 0.0, []
    if not whole:
        return []
    for label, value, text, tone, url in parts:
        width = 100 * value / whole
        slices.append(Slice(str(label), str(text), f"{x:.2f}", f"{width:.2f}", tone, url))
        x += width
    return slices


def bars(rows: Sequence[tuple], *, tone: str = "") -> list[Bar]:
    """``(label, value, text)`` or ``(label, value, text, url)`` as shares of the largest."""
    largest = max((value for _, value, *_ in rows), default=0) or 1
    return [
        Bar(
            str(label),
            str(text),
            round(100 * max(value, 0) / largest, 1),
            url=str(more[0] or "") if more else "",
            tone=tone,
        )
        for label, value, text, *more in rows
    ]


def spark(values: Sequence[Value], *, tone: str = "c1") -> Spark | None:
    """A word-sized line for a figure card; nothing when there is no movement to show yet."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    lowest, highest = min(known), max(known)
    room = SPARK_HEIGHT - 2 * SPARK_MARGIN

    def height(value: float) -> float:
        if highest == lowest:
            return SPARK_HEIGHT / 2
        return SPARK_HEIGHT - SPARK_MARGIN - room * (value - lowest) / (highest - lowest)

    points = [(x + SPARK_MARGIN, y) for x, y in _points(known, SPARK_WIDTH - 2 * SPARK_MARGIN, height) if y is not None]
    (x, y) = points[-1]
    return Spark(_path(points), _number(x), _number(y), tone)


def scale(lowest: float, highest: float) -> tuple[float, float, int]:
    """A round base, a round step and the number of steps that hold everything between ``lowest`` and ``highest``."""
    if highest - lowest <= SMALLEST_SPREAD * max(1, abs(lowest), abs(highest)):
        lowest, highest = min(lowest, 0), max(highest, lowest + 1, 1)
    rough = (highest - lowest) / GRID_LINES
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if rough <= factor * power * (1 + 1e-9))
    base = floor(lowest / step) * step
    return base, step, max(1, ceil((highest - base) / step - 1e-9))


def _points(
    values: Sequence[Value], width: float, height: Callable[[float], float]
) -> list[tuple[float, float | None]]:
    gap = width / max(len(values) - 1, 1)
    return [(gap * at, None if value is None else height(value)) for at, value in enumerate(values)]


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """A soft curve through the points that never swings beyond them; it is interrupted where a value is missing."""
    path, before = [], None
    for x, y in points:
        if y is None:
            before = None
            continue
        if before is None:
            path.append(f"M{_number(x)} {_number(y)}")
        else:
            middle = _number((before[0] + x) / 2)
            path.append(f"C{middle} {_number(before[1])} {middle} {_number(y)} {_number(x)} {_number(y)}")
        before = (x, y)
    return "".join(path)


def _number(value: float) -> str:
    """One decimal at most, always with a point: coordinates are not for readers."""
    return f"{value:.1f}".removesuffix(".0")
