import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Message
from accounts.dispatch.queue import enqueue
from accounts.dispatch.transport import transport
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds
from tests.accounts.dispatch.mailserver import Server
from tests.conftest import as_owner


@pytest.fixture
def as_worker(transactional_db):
    """The test speaks to the database as the workers do; nothing is rolled back, so other connections see it."""
    with as_owner("worker"):
        yield


@pytest.fixture(autouse=True)
def fresh_kinds():
    kinds.heard.clear()
    kinds.doing.clear()


@pytest.fixture
def mail_server(settings):
    server = Server()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 2
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server.handler
    transport().close()
    server.stop(no_assert=True)


@pytest.fixture
def queue(as_worker, organization):
    """Queue one mail in our organization."""

    def put(send_key="a", recipient="ada@client.example", kind="test.mail", lane=Lane.BULK, **kwargs):
        with tenant(organization.pk):
            return enqueue(kind=kind, send_key=send_key, lane=lane, recipient=recipient, **kwargs)

    return put


@pytest.fixture
def row(organization):
    """A message as it stands now."""

    def read(send_key="a"):
        with tenant(organization.pk):
            return Message.objects.get(send_key=send_key)

    return read


@pytest.fixture
def change(organization):
    """Put a message into a state that only time would bring."""

    def write(send_key="a", **fields):
        with tenant(organization.pk):
            assert Message.objects.filter(send_key=send_key).update(**fields) == 1

    return write


@pytest.fixture
def drain_again(change):
    """Drain once, after bringing the message's next attempt forward."""

    def run(send_key="a"):
        change(send_key, next_attempt_at=Now())
        return drain(Lane.BULK)

    return run


@pytest.fixture
def sql(as_worker):
    """Run a statement as the worker."""

    def run(statement, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else None

    return run
