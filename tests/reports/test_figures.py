"""Portfolio figures against sums made by hand, currency by currency."""

import datetime

import pytest
from django.utils import timezone

from accounts.choices import Role
from clients.choices import Lifecycle
from reports.queries.figures import mrr_trend, pipeline, portfolio_figures
from tests.factories.clients import ClientFactory, ContractFactory, ContractLineFactory, OpportunityFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
TODAY = datetime.date(2026, 11, 23)


def figures(member):
    return portfolio_figures(member, currency="USD")


def test_currencies_are_never_added(member):
    ClientFactory(currency="USD", mrr_minor=1_000)
    ClientFactory(currency="", mrr_minor=500)
    ClientFactory(currency="SAR", mrr_minor=9_000)

    found = figures(member)

    assert (found.clients, found.mrr_minor, found.currency, found.others) == (3, 1_500, "USD", (("SAR", 9_000),))


def test_the_largest_leads_when_the_organizations_own_is_missing(member):
    ClientFactory(currency="SAR", mrr_minor=9_000)

    assert (figures(member).mrr_minor, figures(member).currency) == (9_000, "SAR")


def test_lost_and_archived_clients_do_not_count(member):
    ClientFactory(mrr_minor=1_000)
    ClientFactory(mrr_minor=1_000, lifecycle=Lifecycle.CHURNED)
    ClientFactory(mrr_minor=1_000, archived_at=timezone.now())

    assert (figures(member).clients, figures(member).mrr_minor) == (1, 1_000)


def test_the_median_leaves_out_clients_without_revenue(member):
    for mrr in (0, 0, 100, 300, 900):
        ClientFactory(mrr_minor=mrr)

    assert figures(member).median_minor == 300


def test_risk_renewals_and_the_unassigned_are_counted(member):
    soon = timezone.localdate() + datetime.timedelta(days=90)
    ClientFactory(main_manager=AccountManagerFactory(), next_renewal_on=soon, mrr_minor=700)
    ClientFactory(critical_concerns=1, next_renewal_on=soon + datetime.timedelta(days=1))

    found = figures(member)

    assert (found.at_risk, found.renewing, found.renewing_minor, found.unassigned) == (1, 1, 700, 1)


def test_nobody_has_nothing(member):
    found = figures(member)

    assert (found.clients, found.mrr_minor, found.currency, found.median_minor) == (0, 0, "USD", 0)


def test_a_manager_adds_up_their_own_clients_only(cast):
    manager = AccountManagerFactory(member=cast[Role.MANAGER])
    ClientFactory(main_manager=manager, mrr_minor=1_000)
    ClientFactory(main_manager=AccountManagerFactory(), mrr_minor=5_000)

    assert figures(cast[Role.MANAGER]).mrr_minor == 1_000
    assert figures(cast[Role.VIEWER]).mrr_minor == 6_000


def test_the_trend_counts_a_line_from_its_start_to_the_day_before_its_end(member):
    contract = ContractFactory(starts_on=datetime.date(2026, 1, 1))
    ContractLineFactory(contract=contract, mrr_minor=100, starts_on=datetime.date(2026, 9, 30))
    ContractLineFactory(
        contract=contract, mrr_minor=40, starts_on=datetime.date(2026, 1, 1), ends_on=datetime.date(2026, 10, 31)
    )

    trend = mrr_trend(member, currency="USD", months=4, today=TODAY)

    assert trend == [
        (datetime.date(2026, 8, 31), 40),
        (datetime.date(2026, 9, 30), 140),
        (datetime.date(2026, 10, 31), 100),
        (TODAY, 100),
    ]


def test_the_trend_is_of_one_currency(member):
    ContractLineFactory(contract__currency="SAR")

    assert [value for _day, value in mrr_trend(member, currency="USD", months=2, today=timezone.localdate())] == [0, 0]


def test_the_pipeline_counts_what_is_open_and_knows_unknown_amounts(member):
    OpportunityFactory(amount_minor=500)
    OpportunityFactory(amount_minor=None)
    OpportunityFactory(amount_minor=900, stage="proposed")
    OpportunityFactory(amount_minor=7_000, stage="won", closed_at=timezone.now())

    assert pipeline(member, currency="USD") == [("identified", 2, 500), ("proposed", 1, 900)]
