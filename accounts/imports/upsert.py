"""Writing a batch: rows found by their external ids, compared with what is stored, written only where they differ.

Rows are written in bulk, past the services; what the services would have done beside is the importers' ``stored``.
One bad row must not cost the batch: when the database refuses, the rows go in one by one and the bad one is named.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import DateTimeField, Model
from django.db.models import Field as Column
from django.utils import timezone

from accounts.imports.errors import Refused
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from accounts.models import ExternalId
from accounts.services.external_ids import bulk_map
from accounts.tenancy.models import VersionedModel

_MISSING = object()


def store(run: Run, file: FileMapping, importer: Importer, records: Sequence[Record]) -> list[Record]:
    """Write a batch of one file and return the records that are in the database now."""
    tally = run.report.tally(file)
    _find(file, importer, records)
    importer.before(run, records)
    kept = [record for record in records if _prepare(run, file, importer, record)]
    new = [record for record in kept if record.is_new]
    changed = [record for record in kept if record.changed and not record.is_new]
    added = _one_by_one_if_needed(run, file, importer, new, lambda some: _insert(file, importer, some))
    updated = _one_by_one_if_needed(run, file, importer, changed, lambda some: update(importer.model, some))
    tally.added += len(added)
    tally.changed += len(updated)
    tally.unchanged += len(kept) - len(new) - len(changed)
    refused = {id(record) for record in [*new, *changed]} - {id(record) for record in [*added, *updated]}
    return [record for record in kept if id(record) not in refused]


def _find(file: FileMapping, importer: Importer, records: Sequence[Record]) -> None:
    """Give every record the row that it is about, locked, when there is one."""
    keys = bulk_map(importer.model, file.source, [record.key for record in records])
    rows = importer.model._default_manager.select_for_update(of=("self",)).in_bulk(list(set(keys.values())))
    for record in records:
        record.obj = rows.get(keys[record.key]) if record.key in keys else None


def _prepare(run: Run, file: FileMapping, importer: Importer, record: Record) -> bool:
    """Make the record's row, or find out what differs. False when the record is refused."""
    try:
        importer.complete(run, record)
        if record.obj is None:
            record.is_new = True
            record.obj = importer.model(**record.values)
            record.changed = record.values
        elif getattr(record.obj, "archived_at", None) is None:
            record.changed = {
                name: value for name, value in record.values.items() if getattr(record.obj, name, _MISSING) != value
            }
        _validate(record.obj, record.changed, importer, file)
    except Refused as refused:
        run.report.refuse(file, record.line, refused)
        return False
    return True


def _validate(obj: Model, values: dict[str, Any], importer: Importer, file: FileMapping) -> None:
    """What the columns themselves demand, for the values given: lengths, ranges, choices."""
    for name, value in values.items():
        column: Any = obj._meta.get_field(name)
        if column.is_relation:
            continue
        try:
            if value in column.empty_values and column.blank:
                continue
            column.clean(value, obj)
        except ValidationError as error:
            label, text = _said(importer, file, name, value)
            raise Refused(_lower(" ".join(error.messages)), column=label, value=text) from None


def _said(importer: Importer, file: FileMapping, name: str, value: Any) -> tuple[str, str]:
    for field in importer.fields:
        if field.target == name and field.name in file.columns:
            return file.columns[field.name].label, str(value)
    return name, str(value)


def _lower(sentence: str) -> str:
    return f"is not allowed: {sentence[:1].lower()}{sentence[1:]}".rstrip(".")


def _insert(file: FileMapping, importer: Importer, records: Sequence[Record]) -> None:
    rows = [record.obj for record in records if record.obj is not None]
    importer.model._default_manager.bulk_create(rows)
    label = importer.model._meta.label_lower
    ExternalId.objects.bulk_create(
        [
            ExternalId(source=file.source, external_id=record.key, model=label, object_id=record.obj.pk)
            for record in records
            if record.obj is not None
        ],
        update_conflicts=True,
        unique_fields=["organization", "source", "model", "external_id"],
        update_fields=["object_id"],
    )


def update(model: type[Model], records: Iterable[Record]) -> None:
    """Write the changed columns, and those that follow from them: search text, ranks, version, time of change."""
    rows: list[Model] = []
    names: set[str] = set()
    follow = [column for column in model._meta.concrete_fields if _follows(column)]
    now = timezone.now()
    for record in records:
        if record.obj is None:
            continue
        for name, value in record.changed.items():
            setattr(record.obj, name, value)
        for column in follow:
            column.pre_save(record.obj, add=False)
        names |= record.changed.keys()
        if isinstance(record.obj, VersionedModel) and not record.is_new:
            record.version = record.version or record.obj.version
            record.obj.version = record.version + 1
            record.obj.updated_at = now
            names |= {"version", "updated_at"}
        rows.append(record.obj)
    if rows:
        columns = {model._meta.get_field(name).name for name in names} | {column.name for column in follow}
        model._default_manager.bulk_update(rows, sorted(columns))


def _follows(column: "Column[Any, Any]") -> bool:
    """Whether a column fills itself from others when its row is saved; a bulk update does not ask it to."""
    return type(column).pre_save is not Column.pre_save and not isinstance(column, DateTimeField)


def _one_by_one_if_needed(
    run: Run,
    file: FileMapping,
    importer: Importer,
    records: Sequence[Record],
    write: Callable[[Sequence[Record]], None],
) -> list[Record]:
    if not records:
        return []
    try:
        with transaction.atomic():
            write(records)
    except (IntegrityError, DataError) as error:
        if len(records) == 1:
            run.report.refuse(file, records[0].line, Refused(explain(importer.model, error), value=records[0].key))
            return []
        return [stored for record in records for stored in _one_by_one_if_needed(run, file, importer, [record], write)]
    return list(records)


def explain(model: type[Model], error: Exception) -> str:
    """A database's refusal in the words of the constraint that refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            message = str(constraint.get_violation_error_message())
            return f"the row is not allowed: {message[:1].lower()}{message[1:]}".rstrip(".")
    said = getattr(diagnosis, "message_primary", None) or "the database refuses the row"
    return f"the row is not allowed: {said}"
