"""Clients, who looks after them, and their tags."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from accounts.choices import Language as Languages
from accounts.imports.errors import ImportStopped, Refused
from accounts.imports.fields import (
    Choice,
    Country,
    Currency,
    Day,
    Field,
    Language,
    Link,
    Money,
    Number,
    TimeZone,
    WebAddress,
    Words,
)
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run, in_batches
from accounts.models import ExternalId
from accounts.text import fold
from clients.choices import AssignmentRole, Tier
from clients.models import Assignment, Client, ClientTag, Tag
from clients.services import rollups
from managers.models import AccountManager

ROUND_ROBIN = "round_robin"


class ClientImporter(Importer):
    """Lifecycle and MRR have no field: they follow from contract lines when all files are in."""

    entity = "client"
    model = Client
    about = "A company that the organization looks after."
    options = ("assign", "assign_to")
    after = ("manager",)
    fields = (
        Field(name="name", about="The client's name.", required=True),
        Field(name="name_other", about="The name in the other script."),
        Choice(name="tier", about="How much it matters.", choices=Tier),
        Field(name="segment", about="Segment in the organization's own words."),
        Field(name="industry", about="Industry in the organization's own words."),
        Country(name="country", about="Where it is."),
        Language(name="language", about="What it speaks.", choices=Languages),
        TimeZone(name="time_zone", about="When it works."),
        WebAddress(name="website", about="Its site."),
        Field(name="notes", about="Anything else; a template can gather several columns."),
        Day(name="since", about="Client since."),
        Money(name="acquisition_cost", attribute="acquisition_cost_minor", about="What winning it cost."),
        Currency(name="currency", about="The currency its MRR is counted in."),
        Words(name="tags", about="Tags. New ones are added, none is taken away.", is_stored=False, max_length=60),
        Day(name="assigned_on", about="Since when its manager looks after it; `since` unless given.", is_stored=False),
        Link(name="parent", about="The client it belongs to.", entity="client"),
        Link(name="main_manager", about="Who looks after it now.", entity="manager", is_stored=False),
    )

    def problems(self, file: FileMapping) -> Iterable[str]:
        if file.options.get("assign") not in (None, ROUND_ROBIN):
            yield f'`assign` takes "{ROUND_ROBIN}" only'
        if "assign_to" in file.options and "assign" not in file.options:
            yield '`assign_to` needs `assign = "round_robin"`'
        names = file.options.get("assign_to", [])
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            yield "`assign_to` takes a list of managers' ids"

    def complete(self, run: Run, record: Record) -> None:
        if record.values.get("since", record) is None:
            # Unknown here, but its first contract may have told it.
            del record.values["since"]

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.obj.pk for record in records if record.obj))
        _assign(run, file, records)
        _tag(records)

    def finish(self, run: Run) -> None:
        for batch in in_batches(sorted(run.touched.get("client", ()))):
            with run.transaction():
                copy_main_managers(batch)
                rollups.rebuild(batch, on=run.today)


def _assign(run: Run, file: FileMapping, records: Sequence[Record]) -> None:
    """Give clients their main manager. Who was assigned in the product stays, unless the file names another.

    Taking turns goes by the record's place in the file, so that a repeated run gives everybody the same clients;
    only clients that never had a main manager take part.
    """
    clients = {record.obj.pk: record for record in records if record.obj}
    mains = Assignment.objects.filter(client__in=clients, role=AssignmentRole.MAIN)
    current = {place.client_id: place for place in mains.filter(until_on=None)}
    ever = set(mains.values_list("client_id", flat=True))
    takes_turns = file.options.get("assign") == ROUND_ROBIN
    closed, opened = [], []
    for key, record in clients.items():
        wanted = record.extra.get("main_manager")
        if wanted is None and takes_turns and key not in ever:
            pool = _pool(run, file)
            wanted = pool[(record.number - 1) % len(pool)]
        place = current.get(key)
        if wanted is None or (place is not None and place.manager_id == wanted):
            continue
        start = record.extra.get("assigned_on") or (record.values.get("since") if key not in ever else None)
        start = min(start or run.today, run.today)
        if place is not None:
            start = max(start, place.from_on)
            place.until_on = start
            closed.append(place)
        opened.append(Assignment(client_id=key, manager_id=wanted, role=AssignmentRole.MAIN, from_on=start))
    Assignment.objects.bulk_update(closed, ["until_on"])
    _step_aside(opened)
    Assignment.objects.bulk_create(opened)


def _step_aside(opened: Sequence[Assignment]) -> None:
    """Whoever becomes main manager leaves the place they had on the same account team."""
    wanted = {(place.client_id, place.manager_id): place for place in opened}
    others = Assignment.objects.filter(client__in=[place.client_id for place in opened], until_on=None)
    leaving = [place for place in others if (place.client_id, place.manager_id) in wanted]
    for place in leaving:
        place.until_on = max(place.from_on, wanted[place.client_id, place.manager_id].from_on)
    Assignment.objects.bulk_update(leaving, ["until_on"])


def _pool(run: Run, file: FileMapping) -> list[UUID]:
    """Who takes turns: the managers named, or all of the source whom nobody reports to, ordered by their ids."""
    pools = run.notes.setdefault("pools", {})
    if file.number not in pools:
        names = file.options.get("assign_to")
        known = ExternalId.objects.filter(source=file.source, model=AccountManager._meta.label_lower)
        ids = dict(known.order_by("external_id").values_list("external_id", "object_id"))
        missing = [name for name in names or [] if name not in ids]
        if missing:
            raise ImportStopped(f"`assign_to` names {missing[0]}, but no manager with this id was imported.")
        keys = [ids[name] for name in names] if names else list(ids.values())
        serving = AccountManager.objects.filter(pk__in=keys, left_on=None, archived_at=None)
        if not names:
            leads = AccountManager.objects.filter(reports_to__in=keys).values("reports_to")
            serving = serving.exclude(pk__in=leads)
        there = set(serving.values_list("pk", flat=True))
        pools[file.number] = [key for key in keys if key in there]
    if not pools[file.number]:
        raise ImportStopped(
            f'[[file]] {file.number}: `assign = "round_robin"` found no manager of “{file.source}” to take turns; '
            'add a [[file]] with entity = "manager".'
        )
    return pools[file.number]


def _tag(records: Sequence[Record]) -> None:
    wanted = {
        (record.obj.pk, fold(tag)): tag for record in records if record.obj for tag in record.extra.get("tags") or ()
    }
    if not wanted:
        return
    names = {folded: tag for (_, folded), tag in wanted.items()}
    known = dict(Tag.objects.filter(search_text__in=names).values_list("search_text", "pk"))
    new = Tag.objects.bulk_create(Tag(name=name) for folded, name in names.items() if folded not in known)
    known |= {tag.search_text: tag.pk for tag in new}
    there = ClientTag.objects.filter(client__in={key for key, _ in wanted}).values_list("client_id", "tag_id")
    given = set(there)
    ClientTag.objects.bulk_create(
        ClientTag(client_id=key, tag_id=known[folded]) for key, folded in wanted if (key, known[folded]) not in given
    )


def copy_main_managers(clients: Sequence[UUID]) -> None:
    """The copy of the current main manager that lists sort and filter by."""
    mains = Assignment.objects.filter(client__in=clients, role=AssignmentRole.MAIN, until_on=None)
    manager_of = dict(mains.values_list("client_id", "manager_id"))
    stale = [
        client
        for client in Client.objects.filter(pk__in=clients)
        if client.main_manager_id != manager_of.get(client.pk)
    ]
    for client in stale:
        client.main_manager_id = manager_of.get(client.pk)
    Client.objects.bulk_update(stale, ["main_manager"])


class AssignmentImporter(Importer):
    """The account team with its history; the current main manager alone fits into the client's file."""

    entity = "assignment"
    model = Assignment
    about = "A manager's place on a client's account team, from when until when."
    fields = (
        Choice(name="role", about="`main` once at a time; the others as often as needed.", choices=AssignmentRole),
        Number(name="share", about="Share of the work in per cent.", least=0, most=100),
        Day(name="from_on", about="First day.", required=True),
        Day(name="until_on", about="The first day on which it no longer holds; empty while it does.", is_plan=True),
        Link(name="client", about="Which client.", entity="client", required=True),
        Link(name="manager", about="Which manager.", entity="manager", required=True),
    )

    def complete(self, run: Run, record: Record) -> None:
        until = record.values.get("until_on")
        if until is not None and until < record.values["from_on"]:
            raise Refused("ends before it begins", value=f"{record.values['from_on']} – {until}")

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
