from collections.abc import Sequence

from accounts.imports.errors import Refused
from accounts.imports.fields import Choice, Currency, Field, Link, Moment, Money
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from interactions.choices import OPEN_CONCERN_STATES, ConcernKind, ConcernState, Severity
from interactions.models import Concern, ConcernPeriod


class ConcernImporter(Importer):
    entity = "concern"
    model = Concern
    about = "A client's problem, open or over."
    fields = (
        Field(name="title", about="The problem in a line.", required=True),
        Choice(name="kind", about="What kind of problem.", choices=ConcernKind),
        Choice(name="severity", about="An open `critical` one puts the client at risk.", choices=Severity),
        Field(name="detail", about="The problem at length."),
        Money(name="mrr_at_stake", attribute="mrr_at_stake_minor", about="Monthly revenue that hangs on it."),
        Currency(name="currency", about="Currency of the MRR at stake."),
        Moment(name="opened_at", about="When it came up.", required=True),
        Choice(name="state", about="`resolved` when it has a `resolved_at`, otherwise `open`.", choices=ConcernState),
        Moment(name="resolved_at", about="When it was over."),
        Link(name="client", about="Whose.", entity="client", required=True),
    )

    def complete(self, run: Run, record: Record) -> None:
        closed = record.values.get("resolved_at")
        state = record.values.get("state") or (ConcernState.RESOLVED if closed else ConcernState.OPEN)
        record.values["state"] = state
        if state in OPEN_CONCERN_STATES:
            record.values["resolved_at"] = None
        elif closed is None:
            raise Refused(f"is {state} but has no resolved_at", value=record.key)
        elif closed < record.values["opened_at"]:
            raise Refused("was over before it came up", value=record.key)

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
        moved = [record for record in records if record.is_new or "state" in record.changed]
        keys = [record.obj.pk for record in moved if record.obj and not record.is_new]
        before = {period.concern_id: period for period in ConcernPeriod.objects.filter(concern__in=keys, until_at=None)}
        new: list[ConcernPeriod] = []
        for record in moved:
            assert isinstance(record.obj, Concern)
            new += _periods(run, record.obj, before.get(record.obj.pk))
        ConcernPeriod.objects.bulk_update(before.values(), ["until_at"])
        ConcernPeriod.objects.bulk_create(new)


def _periods(run: Run, concern: Concern, before: ConcernPeriod | None) -> list[ConcernPeriod]:
    """As far as the file tells: open from the day it came up, closed from the day it was over."""
    if before is not None:
        before.until_at = max(concern.resolved_at or run.now, before.from_at)
        return [ConcernPeriod(concern=concern, state=concern.state, from_at=before.until_at)]
    if concern.resolved_at is None:
        return [ConcernPeriod(concern=concern, state=concern.state, from_at=concern.opened_at)]
    return [
        ConcernPeriod(
            concern=concern, state=ConcernState.OPEN, from_at=concern.opened_at, until_at=concern.resolved_at
        ),
        ConcernPeriod(concern=concern, state=concern.state, from_at=concern.resolved_at),
    ]
