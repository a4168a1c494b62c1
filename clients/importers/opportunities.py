import datetime
from collections.abc import Sequence
from uuid import UUID

from accounts.imports.errors import Refused
from accounts.imports.fields import Choice, Currency, Day, Field, Link, Moment, Money
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from clients.choices import OPEN_STAGES, OpportunityKind, OpportunityStage
from clients.models import Opportunity, StagePeriod


class OpportunityImporter(Importer):
    """Won and lost ones say when they closed: by a column, or else by the day on which they were expected to."""

    entity = "opportunity"
    model = Opportunity
    about = "A chance to sell more to a client, open or decided."
    fields = (
        Field(name="name", about="What it is about.", required=True),
        Choice(name="kind", about="What kind of chance.", choices=OpportunityKind),
        Field(name="need", about="The client's need that it serves."),
        Money(name="amount", attribute="amount_minor", about="What it would bring; empty when unknown."),
        Currency(name="currency", about="Currency of the amount."),
        Day(name="expected_close_on", about="When it should be decided.", is_plan=True),
        Choice(name="stage", about="Where it stands.", choices=OpportunityStage),
        Field(name="lost_reason", about="Why it was lost."),
        Moment(name="opened_at", about="When it came up; starts its history of stages.", is_stored=False),
        Moment(name="closed_at", about="When it was won or lost."),
        Link(name="client", about="Whose.", entity="client", required=True),
        Link(name="product", about="What would be sold.", entity="product"),
        Link(name="owner", about="Who pursues it.", entity="manager"),
    )

    def complete(self, run: Run, record: Record) -> None:
        stage = record.values.get("stage", OpportunityStage.IDENTIFIED)
        if stage in OPEN_STAGES:
            record.values["closed_at"] = None
            return
        expected = record.values.get("expected_close_on")
        if record.values.get("closed_at") is None and expected is not None:
            record.values["closed_at"] = datetime.datetime.combine(expected, datetime.time(), run.reading.zone)
        if record.values.get("closed_at") is None:
            raise Refused(f"is {stage} but has neither closed_at nor expected_close_on", value=record.key)

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
        moved = [record for record in records if record.is_new or "stage" in record.changed]
        opened = {period.opportunity_id: period for period in _open_periods(moved)}
        closed: list[StagePeriod] = []
        new: list[StagePeriod] = []
        for record in moved:
            new += _periods(run, record, opened, closed)
        StagePeriod.objects.bulk_update(closed, ["until_at"])
        StagePeriod.objects.bulk_create(new)


def _open_periods(records: Sequence[Record]) -> Sequence[StagePeriod]:
    keys = [record.obj.pk for record in records if record.obj and not record.is_new]
    return list(StagePeriod.objects.filter(opportunity__in=keys, until_at=None)) if keys else []


def _periods(run: Run, record: Record, opened: dict[UUID, StagePeriod], closed: list[StagePeriod]) -> list[StagePeriod]:
    """The stages a row went through, as far as the file tells: identified when it opened, then where it stands."""
    assert isinstance(record.obj, Opportunity)
    row = record.obj
    before = opened.get(row.pk)
    if before is not None:
        before.until_at = max(row.closed_at or run.now, before.from_at)
        closed.append(before)
        return [StagePeriod(opportunity_id=row.pk, stage=row.stage, from_at=before.until_at)]
    start = record.extra.get("opened_at") or row.closed_at or run.now
    if row.closed_at is None or start >= row.closed_at:
        return [StagePeriod(opportunity_id=row.pk, stage=row.stage, from_at=row.closed_at or start)]
    first = StagePeriod(opportunity_id=row.pk, stage=OpportunityStage.IDENTIFIED, from_at=start, until_at=row.closed_at)
    return [first, StagePeriod(opportunity_id=row.pk, stage=row.stage, from_at=row.closed_at)]
