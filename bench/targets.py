"""What the figures must reach, and what we aim at."""

from collections.abc import Callable
from dataclasses import dataclass

#: CPU of the floor's list where the limits in milliseconds were set; on another machine they move with its list.
REFERENCE_MS = 1.1


@dataclass(frozen=True)
class Target:
    """``unit`` says how it is read: a share of the floor's throughput, ms at the floor's pace, a count, KB, MB."""

    unit: str
    must: float
    aim: float

    @property
    def more_is_better(self) -> bool:
        return self.unit == "floor"

    def is_reached(self, value: float) -> bool:
        return value >= self.must if self.more_is_better else value <= self.must

    def text(self, value: float) -> str:
        return FORMATS[self.unit](value)

    def limit(self, value: float) -> str:
        return f"{'≥' if self.more_is_better else '≤'} {self.text(value)}"


FORMATS: dict[str, Callable[[float], str]] = {
    "floor": lambda value: f"{value:.2f}",
    "ms": lambda value: f"{value:.1f} ms",
    "statements": lambda value: f"{value:.0f}",
    "KB": lambda value: f"{value:.1f} KB",
    "MB": lambda value: f"{value:.0f} MB",
    "times": lambda value: f"{value:.2f} ×",
}

#: By call: its share of the floor or its CPU, and its statements.
COST = {
    "REST list of 50": Target("floor", 0.30, 0.50),
    "REST detail": Target("floor", 0.10, 0.20),
    "REST create": Target("floor", 0.08, 0.15),
    "REST search by fragment": Target("floor", 0.20, 0.35),
    "REST interactions of a client": Target("floor", 0.12, 0.25),
    "My day": Target("ms", 8, 4),
    "Client list": Target("ms", 8, 5),
}
STATEMENTS = {
    "REST list of 50": Target("statements", 4, 2),
    "REST detail": Target("statements", 6, 3),
    "REST create": Target("statements", 8, 4),
    "REST search by fragment": Target("statements", 4, 2),
    "REST interactions of a client": Target("statements", 4, 2),
    "My day": Target("statements", 12, 6),
    "Client list": Target("statements", 10, 5),
    "Team portfolio": Target("statements", 20, 10),
}
LIST_SIZE = Target("KB", 40, 25)
WORKER_MEMORY = Target("MB", 130, 100)
FAR_PAGE = Target("times", 1.2, 1.05)
ROW_SECURITY = Target("times", 1.30, 1.15)
LARGE_DAY = Target("times", 1.5, 1.1)
