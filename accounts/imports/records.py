"""One line of a file into one record: what it is called, what it says, what it points to."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from accounts.imports.errors import Refused
from accounts.imports.fields import Field, Link, Reading
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping, Value
from accounts.imports.readers import Line

LONGEST_ID = 200


@dataclass(slots=True)
class Record:
    """A row on its way in.

    ``values`` go by the model's attributes, ``extra`` by field (what the model does not keep), ``links`` hold the
    external ids. ``number`` counts the records of the file, so it is the same in every run. ``version`` is the one that
    the stored row had, so that a second try does not count it up again.
    """

    line: int
    number: int
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    obj: Model | None = None
    is_new: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    version: int = 0


class RecordReader:
    """Reads the lines of one ``[[file]]`` into records of its entity."""

    def __init__(self, file: FileMapping, importer: Importer, reading: Reading) -> None:
        self.file = file
        self.importer = importer
        self.reading = reading
        self.currency = self._part("currency")
        self.parts = [(each, file.columns[each.name]) for each in importer.fields if each.name in file.columns]
        self.links = [(each, file.links[each.name]) for each in importer.links() if each.name in file.links]
        self.empty = {each.name: empty_value(importer, each) for each in importer.fields}
        own = importer.field("currency")
        self.has_currency = own is not None and own.is_stored

    def _part(self, name: str) -> "tuple[Field, Value] | None":
        found = self.importer.field(name)
        return (found, self.file.columns[name]) if found and name in self.file.columns else None

    def is_meant(self, line: Line) -> bool:
        return all(condition.holds(line.cells) for condition in self.file.where)

    def read(self, line: Line, number: int) -> Record:
        """The record of a line. Raises ``Refused`` naming the column and its value."""
        record = Record(line.number, number, self._key(line))
        reading = self._reading(line)
        for each, value in self.parts:
            found = self._value(each, value, line, reading)
            if each.name == "currency":
                found = found or reading.currency
            if each.is_stored:
                record.values[each.target] = found
            else:
                record.extra[each.name] = found
        if self.has_currency and not self.currency:
            record.values["currency"] = reading.currency
        for link, value in self.links:
            text = value.text(line.cells)
            if not text and link.required:
                raise Refused(f"is empty, but every {self.file.entity} needs its {link.name}", column=value.label)
            record.links[link.name] = text
        return record

    def _key(self, line: Line) -> str:
        if self.file.id is None:
            return ""
        key = self.file.id.text(line.cells)
        if not key:
            raise Refused("is empty, but it is the id of the row", column=self.file.id.label)
        if len(key) > LONGEST_ID:
            raise Refused(
                f"is longer than {LONGEST_ID} characters; ids are short", column=self.file.id.label, value=key
            )
        return key

    def _reading(self, line: Line) -> Reading:
        """Amounts of a row are read in the row's own currency, when a column says it."""
        if self.currency is None:
            return self.reading
        code = self._value(*self.currency, line, self.reading) or self.reading.currency
        if code == self.reading.currency:
            return self.reading
        return Reading(self.reading.zone, code, self.reading.formats, self.reading.shift)

    def _value(self, each: Field, value: Value, line: Line, reading: Reading) -> Any:
        text = value.text(line.cells)
        if not text:
            if each.required:
                raise Refused(f"is empty, but every {self.file.entity} needs its {each.name}", column=value.label)
            return self.empty[each.name]
        try:
            if "\0" in text:
                raise Refused("holds a NUL character, which no text may hold")
            return each.read(text, value, self.reading if each.name == "currency" else reading)
        except Refused as refused:
            raise Refused(refused.why, column=value.label, value=text) from None


def empty_value(importer: Importer, each: Field) -> Any:
    """What an empty cell means: nothing where the model allows nothing, otherwise the model's default."""
    if isinstance(each, Link) or not each.is_stored:
        return None
    column: Any = importer.model._meta.get_field(each.target)
    return None if column.null else column.get_default()
