"""Rows that point to other rows: in other files, through other rows, further down; clients and their managers."""

import datetime

import pytest

from accounts.imports.errors import ImportStopped
from accounts.tenancy.context import tenant
from clients.choices import AssignmentRole, Lifecycle
from clients.models import Assignment, Client, Contract, ContractLine, Measure
from managers.models import AccountManager, ReportingLine
from tests.accounts.imports.runs import ADA, clients, counts, managers, run

pytestmark = pytest.mark.django_db


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
