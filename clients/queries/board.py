"""The opportunity board: a column per stage, with what stands in it. Currencies are summed apart, never added."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Sum, Window
from django.db.models.functions import RowNumber

from clients.choices import OpportunityStage
from clients.models import Opportunity
from clients.querysets import OpportunityQuerySet

#: In each column, those that close first; the list has them all.
CARDS = 25


@dataclass(frozen=True)
class CurrencySum:
    currency: str
    minor: int


@dataclass
class StageTotal:
    """``unknown`` counts the opportunities whose amount nobody knows yet; ``sums`` leaves them out."""

    stage: OpportunityStage
    count: int = 0
    unknown: int = 0
    sums: list[CurrencySum] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    stage: OpportunityStage
    total: StageTotal
    cards: list[Opportunity]

    @property
    def further(self) -> int:
        """How many have no card here."""
        return self.total.count - len(self.cards)


def stage_totals(opportunities: OpportunityQuerySet) -> list[StageTotal]:
    """Every stage in its order, empty ones too. One statement."""
    totals = {stage: StageTotal(stage) for stage in OpportunityStage}
    rows = opportunities.order_by().values_list("stage", "currency")
    for stage, currency, count, known, minor in rows.annotate(
        rows=Count("pk"), known=Count("amount_minor"), minor=Sum("amount_minor")
    ).order_by("stage", "currency"):
        total = totals[OpportunityStage(stage)]
        total.count += count
        total.unknown += count - known
        if known:
            total.sums.append(CurrencySum(currency, int(minor)))
    return list(totals.values())


def board(opportunities: OpportunityQuerySet) -> list[Column]:
    """Columns for a filtered, visible set: what is open, and what closed within 30 days. Two statements.

    At most 25 cards stand in a column; the totals count all.
    """
    shown = opportunities.on_board()
    place = Window(RowNumber(), partition_by="stage", order_by=("expected_close_on", "pk"))
    cards: dict[str, list[Opportunity]] = defaultdict(list)
    for card in shown.for_list().annotate(place=place).filter(place__lte=CARDS):
        cards[card.stage].append(card)
    return [Column(total.stage, total, cards[total.stage]) for total in stage_totals(shown)]
