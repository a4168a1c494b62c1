"""What happened to a client in figures: leaving and coming back, and measures by the month."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from accounts.imports.fields import Choice, Currency, Day, Field, Flag, Link, Money, Month, Number
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.report import Tally
from accounts.imports.run import Run, in_batches
from clients.choices import ChurnReason
from clients.models import ChurnEvent, Measure

Figures = dict[tuple[UUID | None, str, date], int]
"""One client's figures by product, name and month."""


class ChurnEventImporter(Importer):
    """Told as history: no contract line ends by it, unlike a churn that is recorded in the product."""

    entity = "churn_event"
    model = ChurnEvent
    about = "A client left, or came back."
    fields = (
        Day(name="on", about="The day.", required=True),
        Choice(name="reason", about="Why.", choices=ChurnReason),
        Field(name="feedback", about="In the client's words."),
        Flag(name="is_reactivation", about="Whether it came back, rather than left."),
        Money(name="refund", attribute="refund_minor", about="What was paid back."),
        Currency(name="currency", about="Currency of the refund."),
        Link(name="client", about="Which client.", entity="client", required=True),
    )

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))


AGGREGATES: dict[str, Callable[[int, int], int]] = {
    "sum": lambda before, value: before + value,
    "count": lambda before, value: before + 1,
    "min": min,
    "max": max,
    "last": lambda before, value: value,
}


class MeasureImporter(Importer):
    """Any number of rows make one figure per client, product, name and month.

    Rows need no id. Figures are added up from all files of the mapping and then compared with what is stored, so a
    second run finds them as they are instead of adding them again.
    """

    entity = "measure"
    model = Measure
    about = "A client's figure for one month, such as usage; rows of a month are added up."
    options = ("aggregate",)
    is_keyed = False
    fields = (
        Field(name="name", about="What is measured, for example `logins`.", required=True, max_length=80),
        Month(name="month", about="The month.", required=True),
        Number(name="value", about="The figure; not needed when rows are counted."),
        Link(name="client", about="Whose.", entity="client", required=True),
        Link(name="product", about="Of which product.", entity="product"),
    )

    def problems(self, file: FileMapping) -> Iterable[str]:
        how = file.options.get("aggregate", "sum")
        if how not in AGGREGATES:
            yield f"`aggregate` takes one of {', '.join(AGGREGATES)}"
        elif how != "count" and "value" not in file.columns:
            yield '`value` is missing; or count the rows with `aggregate = "count"`'

    def collect(self, run: Run, file: FileMapping, records: Sequence[Record]) -> list[Record]:
        clients: dict[UUID, Figures] = run.notes.setdefault("measures", {})
        names: dict[str, str] = run.notes.setdefault("measure names", {})
        how = file.options.get("aggregate", "sum")
        for record in records:
            values = record.values
            figures = clients.setdefault(values["client_id"], {})
            key = (values.get("product_id"), names.setdefault(values["name"], values["name"]), values["month"])
            value = values.get("value") or 0
            start = 0 if how in {"sum", "count"} else value
            figures[key] = AGGREGATES[how](figures.get(key, start), value)
        run.touch("client", (record.values["client_id"] for record in records))
        return list(records)

    def finish(self, run: Run) -> None:
        clients: dict[UUID, Figures] = run.notes.pop("measures", {})
        if not clients:
            return
        tally = run.report.extra_tally(self.entity, "figures by month")
        for batch in in_batches(clients.items(), size=100):
            with run.transaction():
                _write(dict(batch), tally)


def _write(clients: dict[UUID, Figures], tally: Tally) -> None:
    names = {key[1] for figures in clients.values() for key in figures}
    known = {
        (measure.client_id, measure.product_id, measure.name, measure.month): measure
        for measure in Measure.objects.filter(client__in=clients, name__in=names)
    }
    new, changed = [], []
    for client, figures in clients.items():
        for (product, name, month), value in figures.items():
            measure = known.get((client, product, name, month))
            if measure is None:
                new.append(Measure(client_id=client, product_id=product, name=name, month=month, value=value))
            elif measure.value != value:
                measure.value = value
                changed.append(measure)
            else:
                tally.unchanged += 1
    Measure.objects.bulk_create(new, batch_size=2000)
    Measure.objects.bulk_update(changed, ["value"], batch_size=500)
    tally.added += len(new)
    tally.changed += len(changed)
