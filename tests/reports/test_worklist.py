"""My day's worklist: what gets in, why, and in which order."""

import datetime

import pytest
from django.utils import timezone

from accounts.choices import Role
from clients.choices import Lifecycle, Tier
from reports.queries.ranking import Rank
from reports.queries.worklist import worklist
from tests.factories.clients import ClientFactory, OpportunityFactory
from tests.factories.interactions import TaskFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture(autouse=True)
def inside_addresses(settings):
    """Addresses as they are inside an organization, where the middleware would have put us."""
    settings.ROOT_URLCONF = "config.organization_urls"


@pytest.fixture
def layla(cast):
    member = cast[Role.MANAGER]
    AccountManagerFactory(name="Layla", member=member)
    return member


@pytest.fixture
def today():
    return timezone.localdate()


def client_of(member, **fields):
    fields.setdefault("last_contact_at", timezone.now())
    return ClientFactory(main_manager=member.account_managers.get(), **fields)


def kinds(member, **kwargs):
    return [(item.kind, item.title) for item in worklist(member, median=10_000, **kwargs)]


def test_the_formula_is_urgency_times_weight_times_risk():
    assert Rank(urgency=2.0, stake=30_000, median=10_000, is_at_risk=True).value == pytest.approx(2.0 * 4 * 1.5)
    assert Rank(urgency=2.0, stake=0, median=10_000, is_at_risk=False).value == 2.0


def test_without_a_median_money_does_not_weigh():
    assert Rank(urgency=3.0, stake=50_000, median=0, is_at_risk=False).value == 3.0


def test_a_calm_portfolio_gives_no_work(layla):
    client_of(layla)

    assert worklist(layla, median=0) == []


def test_own_tasks_due_today_and_overdue_stand_in_it(layla, today):
    client = client_of(layla, name="Nour")
    TaskFactory(client=client, assignee=layla, title="Call", due_on=today)
    TaskFactory(client=client, assignee=layla, title="Offer", due_on=today - datetime.timedelta(days=3))
    TaskFactory(client=client, assignee=layla, title="Later", due_on=today + datetime.timedelta(days=1))

    items = worklist(layla, median=0)

    assert [item.title for item in items] == ["Nour · Offer", "Nour · Call"]
    assert [str(item.reason) for item in items] == ["Task overdue by 3 days", "Task due today"]
    assert {item.action_method for item in items} == {"post"}


def test_somebody_elses_task_does_not(layla, cast, today):
    TaskFactory(client=client_of(layla), assignee=cast[Role.LEAD], due_on=today)

    assert worklist(layla, median=0) == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"critical_concerns": 2}, "concern"),
        ({"last_nps": 3, "last_nps_on": "today"}, "detractor"),
        ({"notice_on": "today"}, "notice"),
        ({"tier": Tier.STRATEGIC, "last_contact_at": "long ago"}, "silent"),
    ],
)
def test_a_client_stands_there_for_its_gravest_reason(layla, today, fields, kind):
    moments = {"today": today, "long ago": timezone.now() - datetime.timedelta(days=40)}
    fields = {name: moments.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
    client_of(layla, name="Nour", **fields)

    assert kinds(layla) == [(kind, "Nour")]


def test_an_old_bad_answer_is_no_news(layla, today):
    client_of(layla, last_nps=2, last_nps_on=today - datetime.timedelta(days=31))

    assert worklist(layla, median=0) == []


def test_a_lost_or_archived_client_asks_for_nothing(layla):
    client_of(layla, critical_concerns=1, lifecycle=Lifecycle.CHURNED)
    client_of(layla, critical_concerns=1, archived_at=timezone.now())

    assert worklist(layla, median=0) == []


def test_a_client_without_a_manager_is_the_admins_work_not_a_managers(layla, cast):
    ClientFactory(name="Orphan", last_contact_at=timezone.now())

    assert kinds(cast[Role.ADMIN]) == [("unassigned", "Orphan")]
    assert kinds(layla) == []


def test_an_opportunity_past_its_day_stands_there(layla, today):
    OpportunityFactory(
        client=client_of(layla, name="Nour"), name="Seats", expected_close_on=today - datetime.timedelta(days=2)
    )

    item = worklist(layla, median=0)[0]

    assert (item.kind, item.title, item.reason) == ("opportunity", "Nour · Seats", "Expected to close 2 days ago")


def test_more_money_at_stake_comes_first_and_ties_go_by_name(layla):
    client_of(layla, name="Ba", critical_concerns=1, mrr_minor=10_000)
    client_of(layla, name="Aa", critical_concerns=1, mrr_minor=10_000)
    client_of(layla, name="Zz", critical_concerns=1, mrr_minor=90_000)

    assert [title for _kind, title in kinds(layla)] == ["Zz", "Aa", "Ba"]


def test_somebody_elses_clients_are_not_in_it(layla):
    ClientFactory(main_manager=AccountManagerFactory(), critical_concerns=1)

    assert worklist(layla, median=0) == []
