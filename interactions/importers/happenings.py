"""Interactions and scores."""

from collections.abc import Sequence

from accounts.imports.errors import Refused
from accounts.imports.fields import Choice, Field, Link, Moment, Number
from accounts.imports.importer import Importer
from accounts.imports.links import MEMBER
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run, in_batches
from clients.models import Client
from interactions.choices import SCALE_RANGES, Direction, Hat, InteractionKind, Scale, ScoreSource, Sentiment
from interactions.models import Interaction, Participant, Score
from interactions.services.rollups import rebuild_figures


class InteractionImporter(Importer):
    """Also sees, when all files are in, to what clients carry of interactions, scores and concerns."""

    entity = "interaction"
    model = Interaction
    about = "Something that happened with a client."
    fields = (
        Choice(name="kind", about="What it was.", choices=InteractionKind, required=True),
        Choice(name="direction", about="Who spoke; `both` counts as contact.", choices=Direction),
        Choice(name="hat", about="The role that was worn.", choices=Hat),
        Moment(name="happened_at", about="When.", required=True),
        Number(name="minutes", about="How long, in minutes.", least=0, most=32_767),
        Field(name="summary", about="What it was about; a template will do.", required=True),
        Choice(name="sentiment", about="How the client felt.", choices=Sentiment),
        Link(name="client", about="With whom.", entity="client", required=True),
        Link(name="contact", about="Who took part for the client.", entity="contact", is_stored=False),
        Link(name="manager", about="Who took part for us.", entity="manager", is_stored=False),
        Link(name="logged_by", about="The member who noted it, by e-mail address.", entity=MEMBER),
    )

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
        for part in ("contact", "manager"):
            if part in file.links:
                _take_part(part, records)

    def finish(self, run: Run) -> None:
        for batch in in_batches(sorted(run.touched.get("client", ()))):
            with run.transaction():
                rebuild_figures(Client.objects.filter(pk__in=batch))


def _take_part(part: str, records: Sequence[Record]) -> None:
    wanted = {(record.obj.pk, record.extra[part]) for record in records if record.obj and record.extra[part]}
    there = set(
        Participant.objects.filter(
            interaction__in={key for key, _ in wanted}, **{f"{part}__isnull": False}
        ).values_list("interaction_id", f"{part}_id")
    )
    Participant.objects.bulk_create(
        Participant(interaction_id=interaction, **{f"{part}_id": person}) for interaction, person in wanted - there
    )


class ScoreImporter(Importer):
    """Told as history: a low score out of a file opens no follow-up task."""

    entity = "score"
    model = Score
    about = "One measured satisfaction: an answer, a ticket's rating."
    fields = (
        Choice(name="scale", about="NPS 0–10, CSAT 1–5, CES 1–7.", choices=Scale, required=True),
        Number(name="value", about="The value on its scale.", required=True),
        Moment(name="at", about="When.", required=True),
        Choice(name="source", about="Where it comes from.", choices=ScoreSource),
        Link(name="client", about="Whose.", entity="client", required=True),
        Link(name="contact", about="Who gave it.", entity="contact"),
        Link(name="interaction", about="What it was given for.", entity="interaction"),
    )

    def complete(self, run: Run, record: Record) -> None:
        record.values["source"] = record.values.get("source") or ScoreSource.IMPORT
        scale, value = record.values["scale"], record.values["value"]
        least, most = SCALE_RANGES[scale]
        if not least <= value <= most:
            raise Refused(f"is outside the scale {scale} ({least} to {most})", column="value", value=str(value))

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
