"""Pages take a fixed number of SQL statements, whatever stands on them and however many organizations there are."""

import datetime

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions.choices import Priority
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.clients import (
    AssignmentFactory,
    ClientFactory,
    ClientTagFactory,
    ContactFactory,
    ContractLineFactory,
    OpportunityFactory,
)
from tests.factories.interactions import (
    ConcernFactory,
    InteractionFactory,
    ParticipantFactory,
    ScoreFactory,
    SurveyInvitationFactory,
    TaskFactory,
)
from tests.factories.managers import AccountManagerFactory
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db

PAGES = {"my-day": 12, "clients:client-list": 10, "clients:opportunity-board": 10, "team-portfolio": 20, "search": 10}
TABS = ("timeline", "contacts", "contracts", "opportunities", "tasks", "team", "history")


def busy_client(member):
    """A client with something of everything, looked after by a manager of its own."""
    today = timezone.localdate()
    client = ClientFactory(main_manager=AccountManagerFactory(), critical_concerns=1)
    contact = ContactFactory(client=client)
    AssignmentFactory(client=client)
    ClientTagFactory(client=client)
    ContractLineFactory(contract__client=client)
    opportunity = OpportunityFactory(
        client=client, owner=client.main_manager, expected_close_on=today - datetime.timedelta(days=3)
    )
    ParticipantFactory(interaction=InteractionFactory(client=client, logged_by=member), contact=contact)
    TaskFactory(client=client, assignee=member, due_on=today, opportunity=opportunity)
    TaskFactory(client=client, assignee=member, due_on=today + datetime.timedelta(days=2), priority=Priority.HIGH)
    ConcernFactory(client=client)
    SurveyInvitationFactory(client=client, contact=contact)
    ScoreFactory(client=client, contact=contact)
    return client


@pytest.fixture
def grow(organization, member):
    """Adds ``count`` busy clients; answers with the first."""

    def add(count):
        with tenant(organization.pk):
            return [busy_client(member) for _ in range(count)][0]

    return add


def address(page, name):
    return page.url(name) + ("?q=client" if name == "search" else "")


@pytest.mark.parametrize(("name", "most"), PAGES.items())
def test_pages_take_few_statements_and_no_more_with_more_rows(page, grow, name, most):
    url = address(page, name)
    grow(1)
    with_one = statements(lambda: page.get(url))
    grow(2)
    with_three = statements(lambda: page.get(url))
    assert_at_most(most, with_three)
    assert len(with_one) == len(with_three)


@pytest.mark.parametrize("role", [Role.LEAD, Role.MANAGER, Role.ASSOCIATE, Role.VIEWER])
def test_my_day_takes_few_statements_for_every_role(page, grow, cast, role):
    grow(3)
    page.login_as(cast[role])
    assert_at_most(12, statements(lambda: page.get(page.url("my-day"))))


@pytest.mark.parametrize("role", [Role.LEAD, Role.MANAGER, Role.ASSOCIATE, Role.VIEWER])
def test_the_client_list_takes_few_statements_for_every_role(page, grow, cast, role):
    grow(3)
    page.login_as(cast[role])
    assert_at_most(10, statements(lambda: page.get(page.url("clients:client-list"))))


@pytest.mark.parametrize("tab", TABS)
def test_the_clients_page_takes_no_more_statements_with_more_rows(page, grow, organization, member, tab):
    client = grow(1)
    url = page.url("client", client.pk) + f"?tab={tab}"
    with_one = statements(lambda: page.get(url))
    with tenant(organization.pk):
        for _ in range(2):
            contact = ContactFactory(client=client)
            AssignmentFactory(client=client)
            ClientTagFactory(client=client)
            ContractLineFactory(contract__client=client)
            OpportunityFactory(client=client, owner=client.main_manager)
            ParticipantFactory(interaction=InteractionFactory(client=client, logged_by=member), contact=contact)
            TaskFactory(client=client, assignee=MembershipFactory())
            ConcernFactory(client=client)
            SurveyInvitationFactory(client=client, contact=contact)
            ScoreFactory(client=client, contact=contact)
    with_three = statements(lambda: page.get(url))
    assert_at_most(20, with_three)
    assert len(with_one) == len(with_three)


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_no_more_statements_with_more_organizations(page, grow, member, name):
    grow(1)
    url = address(page, name)
    with_one = statements(lambda: page.get(url))
    for _ in range(2):
        other = OrganizationFactory()
        with tenant(other.pk, switch=True):
            busy_client(MembershipFactory(user=member.user))
    assert len(statements(lambda: page.get(url))) == len(with_one)
