"""What an app says about an entity that can be imported. Most entities only list their fields."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db.models import Model

from accounts.imports.fields import Field, Link

if TYPE_CHECKING:
    from accounts.imports.mapping import FileMapping
    from accounts.imports.records import Record
    from accounts.imports.run import Run


class Importer:
    """One entity. The engine reads, resolves links, compares and writes; the hooks add what bulk writes pass by.

    ``entity`` is its name in mapping files. ``is_keyed`` is False for entities found by their own values instead of an
    external id. ``after`` names entities whose files go first even though no column links to them.
    """

    entity: ClassVar[str]
    model: ClassVar[type[Model]]
    about: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    options: ClassVar[tuple[str, ...]] = ()
    after: ClassVar[tuple[str, ...]] = ()
    is_keyed: ClassVar[bool] = True
    rank: ClassVar[int] = 0

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def links(self) -> Iterator[Link]:
        return (field for field in self.fields if isinstance(field, Link))

    def problems(self, file: "FileMapping") -> Iterable[str]:
        """What is wrong with this entity's own options, in sentences without a subject."""
        return ()

    def before(self, run: "Run", records: "Sequence[Record]") -> None:
        """Load what ``complete`` needs, once for the batch. Links are resolved already."""

    def complete(self, run: "Run", record: "Record") -> None:
        """Fill in what follows from other values. Raises ``Refused``. ``record.obj`` is the stored row, if any."""

    def collect(self, run: "Run", file: "FileMapping", records: "Sequence[Record]") -> "list[Record]":
        """Take the records of an entity that is not keyed; what comes of them is written in ``finish``."""
        return []

    def stored(self, run: "Run", file: "FileMapping", records: "Sequence[Record]") -> None:
        """The batch is in the database, in the same transaction; refused records are not in ``records``."""

    def linked(self, run: "Run", attribute: str, changes: "Sequence[tuple[UUID, UUID | None]]") -> None:
        """Links between rows of this entity were set: (row, what it points to now)."""

    def finish(self, run: "Run") -> None:
        """All files are in. Called in every run, also when no row changed: an earlier run may have been cut off."""
