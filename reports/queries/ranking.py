"""What comes first. The one formula of the worklist, so that My day, its tests and its explanation agree."""

from dataclasses import dataclass

AT_RISK_FACTOR = 1.5


@dataclass(frozen=True)
class Rank:
    """``urgency × (1 + MRR at stake ÷ median MRR) × risk factor``; the parts are kept to show how it came about.

    ``urgency`` is a plain number around 1–5; ``stake`` and ``median`` are minor units of one currency.
    Source: domain.md §4, Worklist.
    """

    urgency: float
    stake: int
    median: int
    is_at_risk: bool

    @property
    def weight(self) -> float:
        """1 plus the client's MRR over the median; 1 where there is no median to compare with."""
        return 1 + (self.stake / self.median if self.median > 0 else 0)

    @property
    def risk_factor(self) -> float:
        return AT_RISK_FACTOR if self.is_at_risk else 1.0

    @property
    def value(self) -> float:
        return self.urgency * self.weight * self.risk_factor
