"""One run from mapping to report.

Before the first write: the mapping is held against the importers, every file is decoded to its end and its header
checked, and the shift of dates is fixed. Then file after file in batches, each a transaction of its own, so that an
interrupted import keeps what it has and the next run finds it: rows are found by external id and written only where
they differ, so running twice changes nothing. A dry run is the same in one transaction that is rolled back.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.imports import journal, plan
from accounts.imports.errors import Refused
from accounts.imports.fields import Link, Reading
from accounts.imports.hierarchy import Hierarchy
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping, Mapping, Value
from accounts.imports.readers import CsvFile, InlineRows
from accounts.imports.records import Record, RecordReader
from accounts.imports.registry import importer_of, importers
from accounts.imports.report import Report
from accounts.imports.run import Run, in_batches
from accounts.imports.shift import newest_day
from accounts.imports.upsert import store
from accounts.models import Organization, OrganizationSettings
from accounts.tenancy.context import tenant

Source = CsvFile | InlineRows
Progress = Callable[[str, int, int], None]


def run_import(
    *,
    organization: Organization,
    mapping: Mapping,
    directory: Path,
    report: Report,
    is_dry_run: bool = False,
    progress: Progress = lambda name, done, total: None,
) -> Run:
    """Import everything that ``mapping`` says. Raises ``ImportStopped`` when it cannot start or go on."""
    with tenant(organization.pk):
        settings = OrganizationSettings.objects.get()
    reading = Reading(mapping.zone or ZoneInfo(settings.time_zone), mapping.currency or settings.currency)
    files = plan.in_order(mapping, reading)
    sources = {file.number: open_source(directory, file) for file in files}
    for file in files:
        progress(f"{file.name}: checking", 0, 0)
        sources[file.number].check(file.needed_columns)
    with tenant(organization.pk) if is_dry_run else nullcontext():
        run = _start(organization, mapping, reading, report, files, sources)
        waiting: list[tuple[FileMapping, Hierarchy]] = []
        for number, file in enumerate(files, start=1):
            waiting += _import_file(run, file, sources[file.number], progress)
            waiting = _write_hierarchies(run, waiting, {later.entity for later in files[number:]})
        for importer in importers():
            progress(f"{importer.entity}: figures", 0, 0)
            importer.finish(run)
        with run.transaction():
            journal.finished(run)
        if is_dry_run:
            transaction.set_rollback(True)
    return run


def open_source(directory: Path, file: FileMapping) -> Source:
    return CsvFile(directory, file) if file.path else InlineRows(file)


def _start(
    organization: Organization,
    mapping: Mapping,
    reading: Reading,
    report: Report,
    files: list[FileMapping],
    sources: dict[int, Source],
) -> Run:
    """The run, with the shift of its dates: the one that an earlier run recorded, or one fixed (and recorded) now."""
    run = Run(organization, mapping, reading, report)
    with run.transaction():
        days = journal.recorded_shift(run) if mapping.shift_dates_to else 0
        if days is None:
            newest = newest_day(files, sources, reading)
            goal = run.today if mapping.shift_dates_to == "today" else _day(mapping.shift_dates_to)
            days = (goal - newest).days if newest else 0
            journal.started(run, days)
    run.reading = Reading(reading.zone, reading.currency, reading.formats, datetime.timedelta(days=days))
    return run


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _import_file(
    run: Run, file: FileMapping, source: Source, progress: Progress
) -> "list[tuple[FileMapping, Hierarchy]]":
    """Write the rows of a file. What links them to each other is returned: it may name rows of a later file."""
    importer = importer_of(file.entity)
    hierarchies = [
        Hierarchy(importer, link)
        for link in importer.links()
        if link.name in file.links and _is_own(importer, link, file.links[link.name])
    ]
    progress(f"{file.name} → {file.entity}", 0, source.size)
    records = read_records(run, file, importer, source)
    for batch in in_batches(records):
        with run.transaction():
            linked = resolve_links(run, file, importer, batch)
            write = store if importer.is_keyed else collect
            stored = write(run, file, importer, linked)
            for hierarchy in hierarchies:
                hierarchy.collect(stored)
            importer.stored(run, file, stored)
        progress(f"{file.name} → {file.entity}", source.position, source.size)
    progress(f"{file.name} → {file.entity}", source.size, source.size)
    return [(file, hierarchy) for hierarchy in hierarchies]


def _write_hierarchies(
    run: Run, waiting: "list[tuple[FileMapping, Hierarchy]]", still_to_come: set[str]
) -> "list[tuple[FileMapping, Hierarchy]]":
    """Write those whose entity is complete, and return the rest."""
    for file, hierarchy in waiting:
        if file.entity not in still_to_come:
            hierarchy.write(run, file)
    return [(file, hierarchy) for file, hierarchy in waiting if file.entity in still_to_come]


def collect(run: Run, file: FileMapping, importer: Importer, records: list[Record]) -> list[Record]:
    return importer.collect(run, file, records)


def _is_own(importer: Importer, link: Link, value: Value) -> bool:
    """A link between rows of one entity. It may point forward, so it is set when the file is in."""
    return (value.entity or link.entity) == importer.entity


def read_records(run: Run, file: FileMapping, importer: Importer, source: Source) -> Iterator[Record]:
    """The records of a file. Lines that cannot be read or that repeat an id are refused on the way."""
    reader = RecordReader(file, importer, _reading_of(run, file))
    tally = run.report.tally(file)
    seen: dict[int, int] = {}
    for line in source.lines(file.needed_columns):
        tally.read += 1
        try:
            if line.why:
                raise Refused(line.why)
            if not reader.is_meant(line):
                tally.passed_over += 1
                continue
            record = reader.read(line, tally.read)
            # Hashes instead of texts: a third of the memory for files of millions of rows.
            first = seen.setdefault(hash(record.key), line.number) if importer.is_keyed else line.number
            if first == line.number:
                yield record
            elif file.repeated == "first":
                tally.passed_over += 1
            else:
                label = file.id.label if file.id else ""
                raise Refused(f"is the id of line {first} already", column=label, value=record.key)
        except Refused as refused:
            run.report.refuse(file, line.number, refused)


def _reading_of(run: Run, file: FileMapping) -> Reading:
    return Reading(run.reading.zone, run.reading.currency, file.formats, run.reading.shift)


def resolve_links(run: Run, file: FileMapping, importer: Importer, records: list[Record]) -> list[Record]:
    """Replace external ids by keys in ``values``. Records whose link leads nowhere are refused."""
    kept = records
    for link in importer.links():
        value = file.links.get(link.name)
        if value is None or _is_own(importer, link, value):
            continue
        entity, source = value.entity or link.entity, value.source or file.source
        asked = {record.links[link.name] for record in kept if record.links[link.name]}
        known = run.resolver.resolve(entity, link.entity, link.name, source, asked)
        still = []
        for record in kept:
            text = record.links[link.name]
            if text and text not in known:
                why = f"names no {entity} that was imported from “{source}”"
                run.report.refuse(file, record.line, Refused(why, column=value.label, value=text))
                continue
            _keep(link, record, known.get(text))
            still.append(record)
        kept = still
    return kept


def _keep(link: Link, record: Record, key: object) -> None:
    if link.is_stored:
        record.values[f"{link.target}_id"] = key
    else:
        record.extra[link.name] = key
