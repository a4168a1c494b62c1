"""REST takes a fixed number of SQL statements: sign-in, tenant and answer together."""

import itertools
import json

import pytest

from accounts.choices import Role
from accounts.tenancy.context import tenant
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.clients import ClientFactory, ClientTagFactory, ContactFactory, OpportunityFactory
from tests.factories.interactions import InteractionFactory, ParticipantFactory
from tests.factories.managers import AccountManagerFactory
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db

LISTS = ("clients/", "contacts/", "opportunities/", "interactions/", "clients/?q=client", "clients/?page_size=2")
ROLES = (Role.ADMIN, Role.LEAD, Role.MANAGER, Role.VIEWER)


@pytest.fixture
def grow(organization, member):
    def add(count):
        with tenant(organization.pk):
            for _ in range(count):
                client = ClientFactory(main_manager=AccountManagerFactory())
                ClientTagFactory(client=client)
                contact = ContactFactory(client=client)
                OpportunityFactory(client=client)
                interaction = InteractionFactory(client=client, logged_by=member)
                ParticipantFactory(interaction=interaction, contact=contact)
        return client, contact, interaction

    return add


@pytest.fixture(params=["token", "session"])
def call(request, rest, api):
    """``call("GET", "clients/")``, as an integration and as a signed-in person."""
    if request.param == "token":
        return rest.call
    return lambda method, path, body=None: api.generic(method, api.path(path), **_json(body))


def _json(body):
    return {"data": b"" if body is None else json.dumps(body).encode(), "content_type": "application/json"}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_four_statements_at_most(call, grow, path):
    grow(1)
    with_one = statements(lambda: call("GET", path))
    grow(2)
    with_three = statements(lambda: call("GET", path))
    assert_at_most(4, with_three)
    assert len(with_one) == len(with_three)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_lists_with_four_statements_at_most(token_for, cast, grow, role):
    grow(3)
    rest = token_for(cast[role])
    assert_at_most(4, statements(lambda: rest.call("GET", "clients/")))


def test_the_interactions_of_a_client_take_four_statements_at_most(call, grow, organization, member):
    client, _contact, _interaction = grow(1)
    path = f"interactions/?client={client.pk}"
    with_one = statements(lambda: call("GET", path))
    with tenant(organization.pk):
        InteractionFactory.create_batch(2, client=client, logged_by=member)
    with_three = statements(lambda: call("GET", path))
    assert_at_most(4, with_three)
    assert len(with_one) == len(with_three)


def test_a_detail_takes_six_statements_at_most(call, grow):
    client, contact, interaction = grow(3)
    for path in (f"clients/{client.pk}/", f"contacts/{contact.pk}/", f"interactions/{interaction.pk}/"):
        assert_at_most(6, statements(lambda path=path: call("GET", path)))


def test_adding_takes_eight_statements_at_most(call, grow):
    client, *_ = grow(1)
    numbers = itertools.count()
    for path, body in (
        ("clients/", {}),
        ("contacts/", {"client": str(client.pk)}),
        ("opportunities/", {"client": str(client.pk), "kind": "upsell"}),
    ):
        found = statements(lambda path=path, body=body: call("POST", path, {"name": f"New {next(numbers)}", **body}))
        assert_at_most(8, found)


def test_lists_take_no_more_statements_with_more_organizations(call, grow, member):
    grow(1)
    with_one = statements(lambda: call("GET", "clients/"))
    for _ in range(2):
        other = OrganizationFactory()
        with tenant(other.pk, switch=True):
            MembershipFactory(user=member.user)
            ClientFactory.create_batch(3)
    assert len(statements(lambda: call("GET", "clients/"))) == len(with_one)
