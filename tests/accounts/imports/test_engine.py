"""Whole runs on real importers: what is written, what a second run leaves alone, what is refused and why."""

import csv
import datetime
from pathlib import Path

import pytest

from accounts.audit_words import sentence
from accounts.imports import engine
from accounts.imports.errors import ImportStopped
from accounts.imports.mapping import parse
from accounts.imports.report import Report
from accounts.models import AuditEntry, ExternalId
from accounts.tenancy.context import tenant
from clients.models import (
    Assignment,
    Client,
    Product,
)
from tests.accounts.imports.runs import ADA, BOB, clients, counts, managers, run

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_their_external_ids_and_written_only_where_they_differ(organization):
    assert counts(run(organization, clients(ADA, BOB)), "client") == (2, 0, 0, 0)
    with tenant(organization.pk):
        before = {client.name: (client.pk, client.version, client.updated_at) for client in Client.objects.all()}

    assert counts(run(organization, clients({**ADA, "name": "Ada"}, BOB)), "client") == (0, 1, 1, 0)

    with tenant(organization.pk):
        ada, bob = Client.objects.get(name="Ada"), Client.objects.get(name="Bob's")
        assert (ada.pk, ada.version) == (before["Ada & Sons"][0], 2)
        assert ada.updated_at > before["Ada & Sons"][2]
        assert ada.search_text == "ada"
        assert (bob.pk, bob.version, bob.updated_at) == before["Bob's"]


def test_a_second_run_writes_nothing_at_all(organization):
    files = [managers({"id": "m", "name": "M", "boss": ""}), clients(ADA, BOB, assign="round_robin")]
    run(organization, *files)
    with tenant(organization.pk):
        entries = AuditEntry.objects.count()

    report = run(organization, *files)

    assert report.written == 0
    with tenant(organization.pk):
        assert AuditEntry.objects.count() == entries
        assert Assignment.objects.count() == 2


def test_one_audit_entry_per_entity_says_how_many(organization):
    run(organization, clients(ADA, BOB))

    with tenant(organization.pk):
        entry = AuditEntry.objects.get(verb="imported")
        assert entry.after == {"source": "shop", "entity": "clients.client", "added": 2}
        assert [(change.label, change.after) for change in sentence(entry).changes] == [
            ("Added", "2"),
            ("Kind", "client"),
            ("Source", "shop"),
        ]


def test_a_dry_run_counts_and_writes_nothing(organization):
    report = run(organization, clients(ADA, BOB), is_dry_run=True)

    assert counts(report, "client") == (2, 0, 0, 0)
    with tenant(organization.pk):
        assert not Client.objects.exists()
        assert not ExternalId.objects.exists()
        assert not AuditEntry.objects.exists()


def test_an_interrupted_import_keeps_its_batches_and_goes_on(organization, monkeypatch):
    rows = [{"id": str(number), "name": f"Client {number}"} for number in range(1200)]

    steps = []

    def interrupt(name, done, total):
        steps.append(name)
        if sum("→" in step for step in steps) == 3:
            raise KeyboardInterrupt

    mapping = parse({"source": "shop", "file": [clients(*rows)]}, "test.toml")
    with pytest.raises(KeyboardInterrupt):
        engine.run_import(
            organization=organization, mapping=mapping, directory=Path(), report=Report(), progress=interrupt
        )
    with tenant(organization.pk):
        assert Client.objects.count() == 1000

    assert counts(run(organization, clients(*rows)), "client") == (200, 0, 1000, 0)


def test_two_sources_may_use_the_same_ids(organization):
    run(organization, clients(ADA))
    run(organization, clients(BOB | {"id": "1"}), source="other")

    with tenant(organization.pk):
        assert set(Client.objects.values_list("name", flat=True)) == {"Ada & Sons", "Bob's"}


def test_another_organization_is_not_touched(organization, other_organization):
    run(organization, clients(ADA))
    run(other_organization, clients(ADA | {"name": "Theirs"}))

    with tenant(organization.pk):
        assert Client.objects.get().name == "Ada & Sons"


def test_archived_rows_are_left_alone(organization):
    run(organization, clients(ADA))
    with tenant(organization.pk):
        Client.objects.update(archived_at=datetime.datetime.now(tz=datetime.UTC))

    assert counts(run(organization, clients(ADA | {"name": "New name"})), "client") == (0, 0, 1, 0)


def test_every_refused_row_names_file_line_column_value_and_reason(organization, tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,name,tier,since\n1,Ada,core,2024-01-01\n,Nobody,core,\n3,,core,\n4,Dan,gold,\n5,Eve,core,31.12.2024\n1,Twin,core,\n"
    )
    file = {
        "path": "a.csv",
        "entity": "client",
        "id": "id",
        "columns": {"name": "name", "tier": "tier", "since": "since"},
    }
    path = tmp_path / "report.csv"
    with Report(path) as report:
        run(organization, file, folder=tmp_path, report=report)

    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[0] == ["file", "line", "column", "value", "reason"]
    assert [line[:4] for line in lines[1:]] == [
        ["a.csv", "3", "id", ""],
        ["a.csv", "4", "name", ""],
        ["a.csv", "5", "tier", "gold"],
        ["a.csv", "6", "since", "31.12.2024"],
        ["a.csv", "7", "id", "1"],
    ]
    assert lines[5][4] == "is the id of line 2 already"
    assert str(report.shown[2]).startswith("a.csv, line 5, column “tier”: “gold” is not one of strategic, core, scale;")
    assert counts(report, "client") == (1, 0, 0, 5)


def test_cells_of_the_report_start_no_formula(organization, tmp_path):
    with Report(tmp_path / "r.csv") as report:
        run(organization, clients(ADA | {"tier": "=cmd()"}), report=report)

    assert "'=cmd()" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")


def test_one_row_that_the_database_refuses_does_not_cost_the_others(organization):
    products = {"entity": "product", "id": "id", "columns": {"name": "name"}}
    rows = [{"id": "1", "name": "Basic"}, {"id": "2", "name": "Basic"}, {"id": "3", "name": "Pro"}]

    report = run(organization, products | {"rows": rows})

    assert counts(report, "product") == (2, 0, 0, 1)
    assert "there is a product with this name already" in report.shown[0].why


def test_a_row_refused_on_the_way_does_not_count_the_others_changes_twice(organization):
    def products(*names):
        rows = [{"id": str(number), "name": name} for number, name in enumerate(names)]
        return {"entity": "product", "id": "id", "columns": {"name": "name"}, "rows": rows}

    run(organization, products("Basic", "Pro"))
    report = run(organization, products("Plus", "Plus"))

    assert counts(report, "product") == (0, 1, 0, 1)
    with tenant(organization.pk):
        assert set(Product.objects.values_list("name", "version")) == {("Plus", 2), ("Pro", 1)}


def test_values_longer_than_the_column_are_refused(organization):
    report = run(organization, clients(ADA | {"name": "x" * 201}, BOB))

    assert counts(report, "client") == (1, 0, 0, 1)
    assert "at most 200 characters" in report.shown[0].why


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"entity": "klient"}, "There is no entity “klient”. Did you mean “client”?"),
        ({"id": None}, "`id` is missing"),
        ({"columns": {}}, "`name` is missing; every client needs it"),
        ({"columns": {"name": "name", "nmae": "name"}}, "`nmae` is not a field of client. Did you mean “name”?"),
        ({"columns": {"name": "name", "parent": "name"}}, "`parent` belongs under [file.link]"),
        ({"link": {"name": "name"}}, "`name` belongs under [file.columns]"),
        ({"columns": {"name": "name", "tier": {"const": "gold"}}}, "`tier`: “gold” is not one of"),
        ({"columns": {"name": "name", "tier": {"column": "name", "translate": {"a": "b"}}}}, "`tier`: “b” is not"),
        ({"columns": {"name": {"column": "name", "entity": "client"}}}, "belong to links"),
        ({"link": {"parent": {"column": "name", "entity": "kind"}}}, "There is no entity “kind”"),
        ({"link": {"parent": {"column": "name", "entity": "product"}}}, "a product does not lead to a client"),
        ({"assign": "random"}, '`assign` takes "round_robin" only'),
        ({"aggregate": "sum"}, "`aggregate` does not apply to the entity client"),
    ],
)
def test_a_mapping_is_held_against_the_entities_before_anything_is_read(organization, change, sentence):
    file = {key: value for key, value in (clients(ADA) | change).items() if value is not None}

    with pytest.raises(ImportStopped) as stopped:
        run(organization, file)

    assert sentence in str(stopped.value)


def test_a_missing_column_stops_the_import_before_the_first_row(organization, tmp_path):
    (tmp_path / "a.csv").write_text("id,name\n1,A\n")
    (tmp_path / "b.csv").write_text("id,titel\n1,A\n")
    files = [
        {"path": f"{name}.csv", "entity": "client", "id": "id", "columns": {"name": "name"}} for name in ("a", "b")
    ]
    with pytest.raises(ImportStopped, match=r"b\.csv has no column “name”"):
        run(organization, *files, folder=tmp_path)

    with tenant(organization.pk):
        assert not Client.objects.exists()
