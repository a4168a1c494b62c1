"""Short ways to run an import on rows written in the test."""

from pathlib import Path

from accounts.imports import engine
from accounts.imports.mapping import parse
from accounts.imports.report import Report


def run(organization, *files, folder=Path(), report=None, is_dry_run=False, **top):
    """Import ``files``, tables of a mapping as Python dictionaries."""
    mapping = parse({"source": "shop", "currency": "USD", **top, "file": list(files)}, "test.toml")
    report = report or Report()
    engine.run_import(
        organization=organization, mapping=mapping, directory=folder, report=report, is_dry_run=is_dry_run
    )
    return report


def clients(*rows, link=None, columns=None, **more):
    columns = columns or {name: name for name in rows[0] if name in {"name", "tier", "since", "notes", "tags"}}
    return {"entity": "client", "id": "id", "rows": list(rows), "columns": columns, "link": link or {}, **more}


def managers(*rows):
    return {
        "entity": "manager",
        "id": "id",
        "rows": list(rows),
        "columns": {"name": "name"},
        "link": {"reports_to": "boss"},
    }


def counts(report, entity):
    tally = next(tally for tally in report.tallies.values() if tally.entity == entity)
    return tally.added, tally.changed, tally.unchanged, tally.refused


ADA = {"id": "1", "name": "Ada & Sons"}
BOB = {"id": "2", "name": "Bob's"}
