"""Links between rows of one entity: a manager's superior, a client's parent. They may point forward, not in circles."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.imports.errors import Refused
from accounts.imports.fields import Link
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run, in_batches
from accounts.imports.upsert import update


@dataclass(slots=True)
class Wish:
    """A row that wants to point to another."""

    row: UUID
    line: int
    is_new: bool
    is_counted: bool
    text: str


class Hierarchy:
    """One such link of one file: collected batch by batch, written when all rows are there."""

    def __init__(self, importer: Importer, link: Link) -> None:
        self.importer = importer
        self.link = link
        self.column = f"{link.target}_id"
        self.wishes: list[Wish] = []

    def collect(self, records: Iterable[Record]) -> None:
        for record in records:
            text = record.links[self.link.name]
            if record.obj is not None and (text or not record.is_new):
                is_counted = record.is_new or bool(record.changed)
                self.wishes.append(Wish(record.obj.pk, record.line, record.is_new, is_counted, text))

    def write(self, run: Run, file: FileMapping) -> None:
        for batch in in_batches(self.wishes):
            with run.transaction():
                self._write(run, file, batch)

    def _write(self, run: Run, file: FileMapping, wishes: list[Wish]) -> None:
        value = file.links[self.link.name]
        entity = self.importer.entity
        source = value.source or file.source
        texts = {wish.text for wish in wishes if wish.text}
        known = run.resolver.resolve(entity, entity, self.link.name, source, texts)
        rows = self.importer.model._default_manager.select_for_update(of=("self",)).in_bulk([w.row for w in wishes])
        superiors = self._chains(known.values())
        records = []
        for wish in wishes:
            above, row = known.get(wish.text), rows.get(wish.row)
            if row is None or getattr(row, "archived_at", None):
                continue
            why = self._objection(wish, above, superiors, source)
            if why:
                refused = Refused(f"{why}; the link is left out", column=value.label, value=wish.text)
                run.report.refuse(file, wish.line, refused)
            elif getattr(row, self.column) != above:
                superiors[wish.row] = above
                change = {self.column: above}
                records.append(Record(wish.line, 0, wish.text, obj=row, is_new=wish.is_new, changed=change))
                if not wish.is_counted:
                    run.report.tally(file).changed += 1
                    run.report.tally(file).unchanged -= 1
        update(self.importer.model, records)
        self.importer.linked(run, self.column, [(r.obj.pk, r.changed[self.column]) for r in records if r.obj])

    def _objection(self, wish: Wish, above: UUID | None, superiors: "dict[UUID, UUID | None]", source: str) -> str:
        if wish.text and above is None:
            return f"names no {self.importer.entity} that was imported from “{source}”"
        return "would make a circle" if _leads_to(superiors, above, wish.row) else ""

    def _chains(self, keys: Iterable[UUID | None]) -> dict[UUID, UUID | None]:
        """Everybody above the given rows: one query per level, and there are few levels."""
        found: dict[UUID, UUID | None] = {}
        asked = {key for key in keys if key is not None}
        while asked:
            level = dict(self.importer.model._default_manager.filter(pk__in=asked).values_list("pk", self.column))
            found |= level
            asked = {above for above in level.values() if above is not None} - found.keys()
        return found


def _leads_to(superiors: dict[UUID, UUID | None], start: UUID | None, goal: UUID) -> bool:
    seen: set[UUID] = set()
    while start is not None and start not in seen:
        if start == goal:
            return True
        seen.add(start)
        start = superiors.get(start)
    return False
