import socket
from datetime import timedelta
from smtplib import SMTPConnectError, SMTPDataError

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Provider

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nobody_listens(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def reopen():
    Provider.objects.update(open_until=None)


def test_a_refused_connection_charges_nobody_and_frees_the_batch(queue, row, nobody_listens):
    for number in range(3):
        queue(f"m{number}")

    assert drain(Lane.BULK) == {"down": 1}

    states = [row(f"m{number}") for number in range(3)]
    assert {(message.status, message.attempts, message.lease_token) for message in states} == {("pending", 0, None)}
    assert "refused" in "".join(message.last_error for message in states)


def test_while_the_breaker_is_open_nobody_knocks_and_each_refusal_keeps_it_open_longer(queue, nobody_listens):
    for number in range(5):
        queue(f"m{number}")

    assert drain(Lane.BULK) == {"down": 1}
    assert drain(Lane.BULK) == {}
    first = Provider.objects.get().open_until - timezone.now()
    for _refusal in range(3):
        reopen()
        assert drain(Lane.BULK) == {"down": 1}
    provider = Provider.objects.get()

    assert timedelta(seconds=3) < first < timedelta(seconds=6.1)
    assert timedelta(seconds=30) < provider.open_until - timezone.now() < timedelta(seconds=50)
    assert (provider.refusals, str(provider)) == (4, provider.name)


def test_the_first_success_closes_it(queue, mail_server, settings):
    Provider.objects.create(name=f"127.0.0.1:{settings.EMAIL_PORT}", refusals=3, lost_sessions=2)
    queue()

    assert drain(Lane.BULK) == {"sent": 1}

    provider = Provider.objects.get()
    assert (provider.refusals, provider.lost_sessions, provider.open_until) == (0, 0, None)


def test_the_first_success_after_a_pause_forgets_it(queue, mail_server, settings):
    name = f"127.0.0.1:{settings.EMAIL_PORT}"
    Provider.objects.create(name=name, open_until=timezone.now() - timedelta(seconds=1))
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert Provider.objects.get().open_until is None


def test_three_lost_sessions_in_a_row_open_it_and_one_does_not(queue, mail_server):
    for number in range(5):
        queue(f"m{number}", "vanish@client.example")

    assert drain(Lane.BULK) == {"retry": 2, "down": 1}
    assert Provider.objects.get().open_until > timezone.now()


@pytest.mark.parametrize(
    ("sender", "outcome"), [("stranger@x.example", "down"), ("busy@x.example", "down"), ("early@x.example", "retry")]
)
def test_a_server_that_refuses_our_sender_is_no_fault_of_the_recipient(
    queue, row, mail_server, settings, sender, outcome
):
    settings.DEFAULT_FROM_EMAIL = sender
    queue()

    assert drain(Lane.BULK) == {outcome: 1}
    assert row().status == "pending"


def test_a_server_that_refuses_our_password_is_not_there(queue, row, mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "rafiq", "wrong"
    queue()

    assert drain(Lane.BULK) == {"down": 1}
    assert row().attempts == 0


@pytest.mark.parametrize("secure", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_a_server_without_the_encryption_we_demand_gets_no_mail(queue, row, mail_server, settings, secure):
    setattr(settings, secure, True)
    queue()

    assert drain(Lane.BULK) == {"down": 1}
    assert mail_server.accepted == []


class Failing(BaseEmailBackend):
    error = None

    def send_messages(self, messages):
        raise type(self).error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ConnectionRefusedError("no"), "down"),
        (SMTPConnectError(421, "busy"), "down"),
        (SMTPDataError(452, b"full"), "retry"),
        (SMTPDataError(554, b"spam"), "suppressed"),
        (ValueError("bug"), "retry"),
    ],
)
def test_other_backends_answers_mean_the_same(queue, settings, error, outcome):
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.error = error
    queue()

    assert drain(Lane.BULK) == {outcome: 1}
