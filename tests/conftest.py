"""The cast and the stage. The database is made by the owner; every test speaks to it as the restricted role."""

import os
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation

from accounts.choices import Role, Scope
from accounts.links import organization_path
from accounts.services import create_token
from accounts.tenancy.context import tenant
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.rest import TokenClient

pytest_plugins = ["tests.plugins.embedded"]

# Each process of a parallel run has a cache of its own; 0 is the broker's.
settings.CACHES["default"]["OPTIONS"]["db"] = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(autouse=True)
def nobodys_language():
    """A page in Arabic leaves its thread speaking Arabic; the next test begins with the default again."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb, django_db_modify_db_settings
):
    """Create and migrate as the owner, then serve the tests as the web role."""
    with django_db_blocker.unblock(), as_owner():
        keep = django_db_keepdb and not django_db_createdb
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=[])
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock(), as_owner():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def flush_as_owner(django_db_setup):
    """Emptying tables between transaction tests is TRUNCATE, which the web role may not do."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self):
        with as_owner():
            flush(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@contextmanager
def as_owner(role="owner"):
    """The default connection as the owner of the tables (or as the worker), until the block ends."""
    connection = connections["default"]
    connection.close()
    web = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.settings_dict.update(_credentials(ROLES[role]))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(web)


ROLES = {"owner": "DATABASE_OWNER_URL", "worker": "DATABASE_WORKER_URL"}


def _credentials(variable):
    url = urlsplit(os.environ[variable])
    return {"USER": unquote(url.username), "PASSWORD": unquote(url.password or "")}


@pytest.fixture
def organization(db):
    return OrganizationFactory(slug="ours", name="Ours")


@pytest.fixture
def other_organization(db):
    return OrganizationFactory(slug="theirs", name="Theirs")


@pytest.fixture
def inside(organization):
    """The test body runs inside the organization."""
    with tenant(organization.pk):
        yield organization


@pytest.fixture
def cast(organization):
    """One member of each role, by role."""
    with tenant(organization.pk):
        return {role: MembershipFactory(role=role, user__name=str(role.label)) for role in Role}


@pytest.fixture
def member(cast):
    """The admin: may do everything."""
    return cast[Role.ADMIN]


class Browser(Client):
    """Django's test client inside one organization: ``browser.get(browser.url("clients:client-list"))``."""

    def __init__(self, organization, **kwargs):
        super().__init__(**kwargs)
        self.organization = organization

    def login_as(self, member):
        self.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return self

    def url(self, name, *args):
        return organization_path(self.organization.slug, name, *args)


@pytest.fixture
def page(organization, member):
    """A browser signed in as the admin; ``page.login_as(cast[Role.VIEWER])`` changes the person."""
    return Browser(organization).login_as(member)


@pytest.fixture
def inside_url(organization):
    return lambda name, *args: organization_path(organization.slug, name, *args)


@pytest.fixture
def api(page):
    """A browser whose paths are those of the API: ``api.get(api.path("clients/"))``."""
    page.path = lambda rest: f"/o/{page.organization.slug}/api/v1/{rest}"
    return page


@pytest.fixture
def token_for(organization):
    """A client with a new token of ``member``; all scopes its member may have, unless they are given."""

    def make(member, *scopes, **options):
        with tenant(organization.pk):
            wanted = list(scopes) or [scope for scope in Scope.values if scope != Scope.ADMIN or member.is_admin]
            token, secret = create_token(actor=member, member=member, name="Test", scopes=wanted, **options)
        return TokenClient(secret, token)

    return make


@pytest.fixture
def rest(token_for, member):
    """The admin's integration: ``rest.call("GET", "clients/")``."""
    return token_for(member)
