"""The team portfolio and satisfaction, against counts made by hand."""

import datetime

import pytest
from django.utils import timezone

from accounts.choices import Role
from reports.periods import first_day
from reports.queries import retention
from reports.queries.team import satisfaction_of, team_rows, whole
from tests.factories.clients import ChurnEventFactory, ClientFactory
from tests.factories.interactions import ScoreFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def line(cast):
    """A lead with a manager, whose associate stands one step deeper; beside them a stranger."""
    lead = AccountManagerFactory(name="Omar", member=cast[Role.LEAD])
    manager = AccountManagerFactory(name="Layla", reports_to=lead)
    associate = AccountManagerFactory(name="Sami", reports_to=manager)
    return {"lead": lead, "manager": manager, "associate": associate, "stranger": AccountManagerFactory(name="Zaid")}


def test_a_lead_sees_everybody_below_at_any_depth_in_order(cast, line):
    rows = team_rows(cast[Role.LEAD], currency="USD")

    assert [(row.manager.name, row.depth) for row in rows] == [("Omar", 0), ("Layla", 1), ("Sami", 2)]


def test_numbers_are_those_of_the_main_manager(cast, line):
    ClientFactory(main_manager=line["manager"], mrr_minor=1_000, last_contact_at=timezone.now())
    ClientFactory(main_manager=line["manager"], mrr_minor=500, critical_concerns=1)
    ClientFactory(main_manager=line["stranger"], mrr_minor=9_000)

    rows = {row.manager.name: row for row in team_rows(cast[Role.LEAD], currency="USD")}

    assert (rows["Layla"].clients, rows["Layla"].at_risk, rows["Layla"].silent) == (2, 1, 1)
    assert rows["Layla"].revenue == (("USD", 1_500),)
    assert rows["Omar"].clients == 0
    total = whole(list(rows.values()))
    assert (total.clients, total.revenue) == (2, (("USD", 1_500),))


def test_clients_of_nobody_stand_at_the_end(member):
    ClientFactory(mrr_minor=100)

    rows = team_rows(member, currency="USD")

    assert [(row.manager, row.clients) for row in rows] == [(None, 1)]


def test_satisfaction_counts_passives_and_hides_few_answers():
    row = {"nps_count": 10, "promoters": 5, "detractors": 2, "csat_count": 4, "satisfied": 4}

    found = satisfaction_of(row)

    assert (found.nps, found.nps_count, found.csat, found.csat_count) == (30, 10, None, 4)


def test_satisfaction_of_a_year_is_per_manager(cast, line):
    client = ClientFactory(main_manager=line["manager"])
    for value in (5, 4, 3, 2, 5):
        ScoreFactory(client=client, scale="csat", value=value)
    ScoreFactory(client=client, scale="csat", value=1, at=timezone.now() - datetime.timedelta(days=366))

    rows = {row.manager.name: row for row in team_rows(cast[Role.LEAD], currency="USD")}

    assert (rows["Layla"].satisfaction.csat, rows["Layla"].satisfaction.csat_count) == (60, 5)


def test_churn_tells_losses_from_returns(member):
    client = ClientFactory()
    today = timezone.localdate()
    ChurnEventFactory(client=client, on=today, reason="pricing")
    ChurnEventFactory(client=client, on=today, is_reactivation=True)
    ChurnEventFactory(on=today - datetime.timedelta(days=400), reason="budget")

    year = retention.churn(member, first=first_day("year", today=today))
    ever = retention.churn(member, first=None)

    assert (year.clients, year.events, year.losses, year.returns, year.reasons) == (1, 2, 1, 1, (("Price", 1),))
    assert (ever.clients, ever.events) == (2, 3)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.LEAD, 200), (Role.VIEWER, 200), (Role.MANAGER, 403), (Role.ASSOCIATE, 403)],
)
def test_who_may_open_the_team_portfolio(page, cast, role, status):
    page.login_as(cast[role])

    assert page.get(page.url("team-portfolio")).status_code == status


def test_the_export_has_the_rows_of_the_page_and_runs_no_formula(page, cast, line):
    ClientFactory(main_manager=AccountManagerFactory(name="=cmd()"), mrr_minor=1_234)

    text = page.get(page.url("reports:team-export")).content.decode()

    assert "'=cmd()" in text
    assert "12.34" in text
