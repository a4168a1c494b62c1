"""Whole runs on real importers: what is written, what a second run leaves alone, what is refused and why."""

import csv
import datetime
from pathlib import Path

import pytest

from accounts.imports import engine
from accounts.imports.errors import ImportStopped
from accounts.imports.mapping import load, parse
from accounts.imports.report import Report
from accounts.models import AuditEntry, ExternalId
from accounts.tenancy.context import tenant
from clients.choices import AssignmentRole, Lifecycle, OpportunityStage
from clients.models import Assignment, Client, Contact, Contract, ContractLine, Measure, Opportunity, StagePeriod
from interactions.models import Interaction, Score, Task
from managers.models import AccountManager, ReportingLine

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


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
        assert entry.after == {"source": "shop", "entity": "clients.client", "added": 2, "changed": 0, "refused": 0}


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


def test_values_longer_than_the_column_are_refused(organization):
    report = run(organization, clients(ADA | {"name": "x" * 201}, BOB))

    assert counts(report, "client") == (1, 0, 0, 1)
    assert "at most 200 characters" in report.shown[0].why


def test_a_link_that_leads_nowhere_is_refused_by_name(organization):
    contacts = {
        "entity": "contact",
        "id": "mail",
        "columns": {"name": "mail", "email": "mail"},
        "link": {"client": "client"},
        "rows": [
            {"mail": "a@x.example", "client": "1"},
            {"mail": "b@x.example", "client": "9"},
            {"mail": "c@x.example"},
        ],
    }

    report = run(organization, contacts, clients(ADA))

    assert counts(report, "contact") == (1, 0, 0, 2)
    assert sorted((refusal.line, refusal.column, refusal.value, refusal.why) for refusal in report.shown) == [
        (2, "client", "9", "names no client that was imported from “shop”"),
        (3, "client", "", "is empty, but every contact needs its client"),
    ]


def test_files_go_in_the_order_that_links_need(organization):
    contracts = {
        "entity": "contract",
        "id": "id",
        "rows": [{"id": "c", "client": "1", "from": "2024-01-01"}],
        "columns": {"starts_on": "from"},
        "link": {"client": "client"},
    }
    run(organization, contracts, clients(ADA))

    with tenant(organization.pk):
        assert Contract.objects.get().client.name == "Ada & Sons"


def test_a_link_may_lead_through_another_row(organization):
    """A measure's row knows the subscription only; the line knows client and product."""
    files = [
        clients(ADA),
        {"entity": "product", "id": "id", "columns": {"name": "id"}, "rows": [{"id": "Pro"}]},
        {
            "entity": "contract",
            "id": "id",
            "rows": [{"id": "s", "client": "1", "from": "2024-01-01"}],
            "columns": {"starts_on": "from"},
            "link": {"client": "client"},
        },
        {
            "entity": "contract_line",
            "id": "id",
            "rows": [{"id": "s", "plan": "Pro", "mrr": "$1,250.50"}],
            "columns": {"mrr": "mrr"},
            "link": {"contract": "id", "product": "plan"},
        },
        {
            "entity": "measure",
            "columns": {"name": {"const": "logins"}, "month": "day", "value": "n"},
            "link": {name: {"column": "sub", "entity": "contract_line"} for name in ("client", "product")},
            "rows": [{"sub": "s", "day": "2024-01-05", "n": 2}, {"sub": "s", "day": "2024-01-31", "n": "٣"}],
        },
    ]
    run(organization, *files)
    report = run(organization, *files)

    assert report.written == 0
    with tenant(organization.pk):
        measure = Measure.objects.get()
        assert (measure.client.name, measure.product.name) == ("Ada & Sons", "Pro")
        assert (measure.month, measure.value) == (datetime.date(2024, 1, 1), 5)
        assert ContractLine.objects.get().mrr_minor == 125_050
        client = Client.objects.get()
        assert (client.mrr_minor, client.lifecycle) == (125_050, Lifecycle.ACTIVE)


@pytest.mark.parametrize(("how", "expected"), [("sum", 9), ("count", 3), ("min", 2), ("max", 4), ("last", 3)])
def test_measures_are_recomputed_and_never_added_up_twice(organization, how, expected):
    measures = {
        "entity": "measure",
        "aggregate": how,
        "link": {"client": "c"},
        "columns": {"name": {"const": "logins"}, "month": "day", "value": "n"},
        "rows": [{"c": "1", "day": f"2024-03-0{n}", "n": n} for n in (2, 4, 3)],
    }
    for _ in range(2):
        run(organization, clients(ADA), measures)

    with tenant(organization.pk):
        assert Measure.objects.get().value == expected


def test_links_inside_an_entity_may_point_forward(organization):
    report = run(
        organization,
        managers(
            {"id": "a", "name": "Ann", "boss": "c"},
            {"id": "b", "name": "Ben", "boss": "c"},
            {"id": "c", "name": "Cleo"},
        ),
    )

    assert report.refused == 0
    with tenant(organization.pk):
        assert {m.name: str(m.reports_to) for m in AccountManager.objects.all()} == {
            "Ann": "Cleo",
            "Ben": "Cleo",
            "Cleo": "None",
        }
        assert {m.version for m in AccountManager.objects.all()} == {1}
        lines = ReportingLine.objects.filter(until_on=None)
        assert {(str(line.manager), str(line.reports_to)) for line in lines} == {
            ("Ann", "Cleo"),
            ("Ben", "Cleo"),
            ("Cleo", "None"),
        }


def test_links_inside_an_entity_may_point_into_a_later_file(organization):
    report = run(
        organization,
        managers({"id": "a", "name": "Ann", "boss": "b"}),
        managers({"id": "b", "name": "Ben", "boss": ""}),
    )

    assert report.shown == []
    with tenant(organization.pk):
        assert str(AccountManager.objects.get(name="Ann").reports_to) == "Ben"


def test_a_new_superior_continues_the_history(organization):
    people = [{"id": "a", "name": "Ann", "boss": "b"}, {"id": "b", "name": "Ben", "boss": ""}]
    run(organization, managers(*people))
    with tenant(organization.pk):
        ReportingLine.objects.update(from_on=datetime.date(2020, 1, 1))
    report = run(organization, managers({**people[0], "boss": ""}, people[1]))

    assert counts(report, "manager") == (0, 1, 1, 0)
    with tenant(organization.pk):
        ann = AccountManager.objects.get(name="Ann")
        assert (ann.reports_to, ann.version) == (None, 2)
        assert [line.until_on is None for line in ann.reporting_lines.order_by("from_on")] == [False, True]


def test_a_circle_is_refused_and_the_rows_stay(organization):
    report = run(
        organization,
        managers(
            {"id": "a", "name": "Ann", "boss": "b"},
            {"id": "b", "name": "Ben", "boss": "c"},
            {"id": "c", "name": "Cleo", "boss": "a"},
        ),
    )

    assert [refusal.why for refusal in report.shown] == ["would make a circle; the link is left out"]
    with tenant(organization.pk):
        assert AccountManager.objects.count() == 3
        assert AccountManager.objects.filter(reports_to=None).count() == 1


def test_taking_turns_skips_leads_and_is_the_same_every_time(organization):
    people = managers(
        {"id": "lead", "name": "Lead", "boss": ""},
        {"id": "m1", "name": "One", "boss": "lead"},
        {"id": "m2", "name": "Two", "boss": "lead"},
    )
    rows = [{"id": str(n), "name": f"Client {n}", "since": "2024-05-01"} for n in range(4)]
    for _ in range(2):
        run(organization, clients(*rows, assign="round_robin"), people)

    with tenant(organization.pk):
        found = Client.objects.order_by("name").values_list("name", "main_manager__name")
        assert list(found) == [("Client 0", "One"), ("Client 1", "Two"), ("Client 2", "One"), ("Client 3", "Two")]
        assert set(Assignment.objects.values_list("role", "from_on", "until_on")) == {
            (AssignmentRole.MAIN, datetime.date(2024, 5, 1), None)
        }


def test_taking_turns_leaves_alone_whom_people_assigned(organization):
    people = managers({"id": "m1", "name": "One"}, {"id": "m2", "name": "Two"}) | {"link": {}}
    run(organization, people, clients(ADA))
    with tenant(organization.pk):
        two = AccountManager.objects.get(name="Two")
        Assignment.objects.create(client=Client.objects.get(), manager=two, from_on=datetime.date(2024, 1, 1))
    run(organization, people, clients(ADA, assign="round_robin"))

    with tenant(organization.pk):
        assert Client.objects.get().main_manager == two
        assert Assignment.objects.count() == 1


def test_a_manager_named_in_the_file_replaces_the_one_before(organization):
    people = managers({"id": "m1", "name": "One"}, {"id": "m2", "name": "Two"}) | {"link": {}}
    for owner in ("m1", "m2"):
        run(organization, people, clients(ADA | {"owner": owner}, link={"main_manager": "owner"}))

    with tenant(organization.pk):
        assert Client.objects.get().main_manager.name == "Two"
        assert Assignment.objects.filter(until_on=None).get().manager.name == "Two"
        assert Assignment.objects.count() == 2


def test_taking_turns_without_managers_is_a_sentence(organization):
    with pytest.raises(ImportStopped, match="found no manager of “shop” to take turns"):
        run(organization, clients(ADA, assign="round_robin"))


def test_days_move_so_that_the_newest_is_today_and_never_a_second_time(organization, time_machine):
    time_machine.move_to("2026-03-10 12:00Z")
    file = clients(ADA | {"since": "2024-12-31"}, BOB | {"since": "2024-12-01"})
    contract = {
        "entity": "contract",
        "id": "id",
        "columns": {"starts_on": "from", "ends_on": "to"},
        "link": {"client": "id"},
        "rows": [{"id": "1", "from": "2024-06-01", "to": "2030-01-01"}],
    }
    run(organization, file, contract, shift_dates_to="today")
    time_machine.move_to("2026-03-14 12:00Z")
    report = run(organization, file, contract, shift_dates_to="today")

    assert report.written == 0
    with tenant(organization.pk):
        assert list(Client.objects.order_by("name").values_list("since", flat=True)) == [
            datetime.date(2026, 3, 10),
            datetime.date(2026, 2, 8),
        ]
        contract = Contract.objects.get()
        assert (contract.ends_on - contract.starts_on).days == (
            datetime.date(2030, 1, 1) - datetime.date(2024, 6, 1)
        ).days


def test_opportunities_keep_the_stages_they_went_through(organization):
    def deals(stage, closed):
        return {
            "entity": "opportunity",
            "id": "id",
            "link": {"client": "client"},
            "columns": {"name": "id", "stage": "stage", "amount": "sum", "opened_at": "opened", "closed_at": "closed"},
            "rows": [{"id": "d", "client": "1", "stage": stage, "sum": "10", "opened": "2024-01-01", "closed": closed}],
        }

    run(organization, clients(ADA), deals("proposed", ""))
    run(organization, clients(ADA), deals("won", "2024-02-01"))

    with tenant(organization.pk):
        deal = Opportunity.objects.get()
        assert (deal.stage, deal.closed_at.date(), deal.version) == (OpportunityStage.WON, datetime.date(2024, 2, 1), 2)
        periods = StagePeriod.objects.order_by("from_at").values_list("stage", "until_at")
        assert list(periods) == [("proposed", deal.closed_at), ("won", None)]


def test_a_won_opportunity_without_a_day_is_refused(organization):
    deals = {
        "entity": "opportunity",
        "id": "id",
        "columns": {"name": "id", "stage": "stage"},
        "link": {"client": "client"},
        "rows": [{"id": "d", "client": "1", "stage": "lost"}],
    }
    assert "neither closed_at nor expected_close_on" in run(organization, clients(ADA), deals).shown[0].why


def test_scores_and_contact_reach_the_clients_figures(organization):
    calls = {
        "entity": "interaction",
        "id": "id",
        "link": {"client": "client"},
        "columns": {"kind": {"const": "call"}, "happened_at": "at", "summary": "id"},
        "rows": [{"id": "a", "client": "1", "at": "2024-05-01"}, {"id": "b", "client": "1", "at": "2024-04-01"}],
    }
    scores = {
        "entity": "score",
        "id": "id",
        "link": {"client": "client", "interaction": "id"},
        "columns": {"scale": {"const": "csat"}, "value": "value", "at": "at"},
        "rows": [
            {"id": "a", "client": "1", "at": "2024-05-01", "value": 2},
            {"id": "b", "client": "1", "at": "2024-04-01", "value": 9},
        ],
    }
    report = run(organization, scores, calls, clients(ADA))

    assert [refusal.why for refusal in report.shown] == ["is outside the scale csat (1 to 5)"]
    with tenant(organization.pk):
        client = Client.objects.get()
        assert client.last_contact_at.date() == datetime.date(2024, 5, 1)
        assert (client.last_csat, client.last_csat_on) == (2, datetime.date(2024, 5, 1))
        assert Score.objects.get().interaction.summary == "a"


def test_tasks_find_their_member_by_address(organization, member):
    tasks = {
        "entity": "task",
        "id": "id",
        "columns": {"title": "id", "status": "status"},
        "link": {"assignee": "who"},
        "rows": [
            {"id": "Call", "who": member.user.email.upper(), "status": "done"},
            {"id": "Write", "who": "x@y.example"},
        ],
    }
    report = run(organization, tasks)
    again = run(organization, tasks)

    assert (counts(report, "task"), counts(again, "task")) == ((1, 0, 0, 1), (0, 0, 1, 1))
    with tenant(organization.pk):
        assert Task.objects.get().assignee == member


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


def test_the_small_example_runs_twice(organization):
    mapping = load(EXAMPLES / "nour.toml")
    for expected in (24, 0):
        report = Report()
        engine.run_import(organization=organization, mapping=mapping, directory=EXAMPLES / "nour", report=report)
        assert [str(refusal) for refusal in report.shown] == []
        assert report.written == expected

    with tenant(organization.pk):
        freight = Client.objects.get(name_other="Al Ofoq Freight")
        assert (freight.parent.name_other, freight.country, freight.tier) == ("Al Ofoq Transport", "AE", "core")
        assert freight.main_manager.name == "لينا قاسم"
        first = Client.objects.get(name_other="Al Ofoq Transport")
        assert (first.mrr_minor, first.currency) == (1_200_000, "SAR")
        assert {tag.tag.name for tag in first.client_tags.all()} == {"نقل", "أسطول"}
        assert Contract.objects.get(number="ع-٢").ends_on == datetime.date(2025, 6, 15)
        assert ContractLine.objects.get(contract__number="ع-٣").mrr_minor == 300_050
        assert Opportunity.objects.get(name="أسطول جديد").amount_minor == 4_500_000
        assert Interaction.objects.filter(participants__contact__email="khaled@ofoq.example").get().minutes == 25
        assert Contact.objects.get(is_primary=True, client=first).name == "خالد المطيري"
