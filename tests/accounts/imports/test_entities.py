"""What the entities do beyond their columns: measures, histories, figures, moved days."""

import datetime
from pathlib import Path

import pytest

from accounts.imports import engine
from accounts.imports.mapping import load
from accounts.imports.report import Report
from accounts.tenancy.context import tenant
from clients.choices import OpportunityStage
from clients.models import Client, Contact, Contract, ContractLine, Measure, Opportunity, StagePeriod
from interactions.models import Interaction, Score, Task
from tests.accounts.imports.runs import ADA, BOB, clients, counts, run

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


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
