"""Two account managers, each with a client of their own; nobody's client is seen by the other."""

import pytest

from accounts.choices import Role
from accounts.tenancy.context import tenant
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.managers import AccountManagerFactory


@pytest.fixture
def nile(organization, cast):
    """The manager's client, with the associate on the account team of nobody."""
    with tenant(organization.pk):
        layla = AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")
        return ClientFactory(name="Nile Foods", main_manager=layla)


@pytest.fixture
def mona(organization, nile):
    """A contact of that client, who reads Arabic."""
    with tenant(organization.pk):
        return ContactFactory(client=nile, name="Mona", email="mona@nile.example", language="ar", is_primary=True)


@pytest.fixture
def hidden(organization):
    """A client of somebody else in the same organization."""
    with tenant(organization.pk):
        return ClientFactory(name="Not hers", main_manager=AccountManagerFactory())
