"""Mail providers by their API: real requests to a server of ours that speaks as they do."""

import json
import socket
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from accounts.dispatch import providers
from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.message_ids import message_id
from accounts.dispatch.models import MailEvent, Provider
from accounts.dispatch.transport import transport
from accounts.tenancy.context import tenant
from config.settings.mail import PROVIDERS, provider_settings
from tests.accounts.dispatch.webserver import Server

pytestmark = pytest.mark.django_db(transaction=True)


def accepted(path, body):
    return 200, {}, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": json.loads(body)["To"]}


@pytest.fixture
def provider(settings):
    """Postmark, as far as it matters here."""
    with Server() as server:
        server.answer = accepted
        use(settings, f"anymail+postmark://token@?api_url={server.url}/")
        yield server
        transport().close()


def use(settings, url):
    settings.EMAIL_BACKEND, given = provider_settings(url)
    settings.ANYMAIL = {"REQUESTS_TIMEOUT": 0.5, "IGNORE_UNSUPPORTED_FEATURES": True} | given


def test_a_mail_goes_out_and_its_provider_id_is_kept(queue, row, provider):
    queue()

    assert drain(Lane.BULK) == {"sent": 1}

    [(path, headers, _body)] = provider.requests
    mail, message = provider.json(), row()
    assert (path, headers["X-Postmark-Server-Token"]) == ("/email", "token")
    assert (mail["To"], mail["Subject"]) == ("ada@client.example", "a")
    assert headers["Idempotency-Key"] == message_id(message).strip("<>") == mail["Metadata"]["message"]
    assert {"Name": "Message-ID", "Value": message_id(message)} in mail["Headers"]
    assert {"Name": "X-PM-KeepID", "Value": "true"} in mail["Headers"]
    assert (message.status, message.provider_message_id) == ("sent", "pm-1")


def test_resend_gets_the_key_that_makes_it_send_once(queue, row, settings):
    with Server() as server:
        server.answer = lambda path, body: (200, {}, {"id": "re-1"})
        use(settings, f"anymail+resend://re_key@?api_url={server.url}/")
        queue()

        assert drain(Lane.BULK) == {"sent": 1}
        transport().close()

    [(path, headers, _body)] = server.requests
    assert (path, headers["Authorization"]) == ("/emails", "Bearer re_key")
    assert headers["Idempotency-Key"] == message_id(row()).strip("<>")
    assert row().provider_message_id == "re-1"


def test_many_mails_share_a_session_until_it_is_old(queue, provider, monkeypatch):
    ports = set()
    provider.verify_request = lambda request, address: ports.add(address) or True
    for number in range(5):
        queue(f"m{number}")

    assert drain(Lane.BULK) == {"sent": 5}
    assert len(ports) == 1

    monkeypatch.setattr(providers, "IDLE_SECONDS", 0)
    queue("later")
    assert drain(Lane.BULK) == {"sent": 1}
    assert len(ports) == 2


def test_no_transaction_is_open_while_the_provider_is_waited_for(queue, provider):
    seen = []
    provider.on_request = lambda: seen.append(connection.in_atomic_block)
    queue()

    drain(Lane.BULK)

    assert seen == [False]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (300, "Error parsing 'To': Illegal email address 'ada@client.example'."),
        (406, "Found inactive addresses: ada@client.example. Inactive recipients are those that bounced."),
    ],
)
def test_a_recipient_that_the_provider_refuses_is_written_to_no_more(queue, row, provider, organization, code, words):
    provider.answer = lambda path, body: (422, {}, {"ErrorCode": code, "Message": words})
    queue()

    assert drain(Lane.BULK) == {"suppressed": 1}

    assert row().last_error.startswith("550 ")
    with tenant(organization.pk):
        assert MailEvent.objects.get().kind == "bounced"


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_a_wrong_key_or_an_unpaid_bill_is_nobodys_fault_and_opens_the_breaker(queue, row, provider, status):
    provider.answer = lambda path, body: (status, {}, {"ErrorCode": 10, "Message": "No valid token"})
    queue("a")
    queue("b")

    assert drain(Lane.BULK) == {"down": 1}

    assert {row(key).attempts for key in "ab"} == {0}
    assert Provider.objects.get().open_until > timezone.now()
    assert len(provider.requests) == 1
    assert "No valid token" in row("a").last_error + row("b").last_error


@pytest.mark.parametrize("status", [408, 500, 503])
def test_a_providers_trouble_means_later(queue, row, provider, status):
    provider.answer = lambda path, body: (status, {}, b"<html>Oops</html>")
    queue()

    assert drain(Lane.BULK) == {"retry": 1}
    assert (row().status, row().deferrals, row().uncertain) == ("pending", 1, 0)


def test_a_refusal_that_may_be_about_our_sender_never_counts_against_the_recipient(
    queue, row, change, drain_again, provider, organization
):
    provider.answer = lambda path, body: (422, {}, {"ErrorCode": 400, "Message": "Sender signature not found"})
    queue()
    change(deferrals=9, attempts=9)

    assert drain_again() == {"dead": 1}

    assert row().status == "dead"
    with tenant(organization.pk):
        assert not MailEvent.objects.exists()


@pytest.mark.parametrize(("header", "pause"), [({"Retry-After": "120"}, 120), ({}, 5), ({"Retry-After": "soon"}, 5)])
def test_too_many_requests_end_the_batch_and_halve_the_rate(queue, row, provider, header, pause):
    provider.answer = lambda path, body: (429, header, {"ErrorCode": 429, "Message": "Slow down"})
    queue("a")
    queue("b")

    assert drain(Lane.BULK) == {"down": 1}
    assert drain(Lane.BULK) == {}

    known = Provider.objects.get()
    assert abs(known.open_until - timezone.now() - timedelta(seconds=pause)) < timedelta(seconds=3)
    assert known.slow_until > timezone.now() + timedelta(minutes=4)
    assert sorted(row(key).deferrals for key in "ab") == [0, 1]
    assert len(provider.requests) == 1


def test_a_pause_longer_than_the_schedule_is_kept(queue, row, provider):
    provider.answer = lambda path, body: (429, {"Retry-After": "7200"}, {"Message": "Tomorrow"})
    queue()

    drain(Lane.BULK)

    assert row().next_attempt_at > timezone.now() + timedelta(minutes=119)
    assert Provider.objects.get().open_until < timezone.now() + timedelta(minutes=6)


def test_a_refusal_in_words_that_nobody_expected_is_no_acceptance(queue, row, provider):
    provider.answer = lambda path, body: (422, {}, {"ErrorCode": 406, "Message": "Somebody is inactive."})
    queue()

    assert drain(Lane.BULK) == {"retry": 1}
    assert "Somebody is inactive" in row().last_error


def test_a_connection_dropped_after_the_text_is_uncertain(queue, row, provider):
    provider.answer = lambda path, body: ("drop", {}, b"")
    queue()

    assert drain(Lane.BULK) == {"retry": 1}
    assert (row().uncertain, row().attempts) == (1, 1)


def test_an_answer_that_does_not_come_is_uncertain(queue, row, provider):
    provider.on_request = lambda: time.sleep(1)
    queue()

    assert drain(Lane.BULK) == {"retry": 1}
    assert row().uncertain == 1


def test_an_answer_that_nobody_can_read_is_uncertain(queue, row, provider):
    provider.answer = lambda path, body: (200, {}, b"OK")
    queue()

    assert drain(Lane.BULK) == {"retry": 1}
    assert row().uncertain == 1


def test_a_provider_that_nobody_reaches_is_not_there(queue, row, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    use(settings, f"anymail+postmark://token@?api_url=http://127.0.0.1:{port}/")
    queue()

    assert drain(Lane.BULK) == {"down": 1}
    assert (row().attempts, row().status) == (0, "pending")


@pytest.mark.parametrize("url", ["anymail+postmark://token@?api_url=nowhere", "anymail+mailgun://key@"])
def test_settings_that_cannot_work_are_no_messages_fault(queue, row, settings, url):
    """An address that is none; and Mailgun without the domain, which is wanted only when a mail is sent."""
    use(settings, url)
    queue()

    outcome = drain(Lane.BULK)

    assert outcome in ({"down": 1}, {"retry": 1})
    assert row().status == "pending"


def test_a_backend_without_its_key_is_not_there(queue, row, settings):
    settings.EMAIL_BACKEND, settings.ANYMAIL = "anymail.backends.postmark.EmailBackend", {}
    queue()

    assert drain(Lane.BULK) == {"down": 1}
    assert (row().attempts, row().status) == (0, "pending")
    transport().close()


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_of_the_list_is_one_of_anymails(name, settings):
    use(settings, f"anymail+{name}://{':'.join(['part'] * len(PROVIDERS[name]))}@?project_id=p")

    made = providers.get_connection()

    assert type(made).__module__ == f"anymail.backends.{name}"
    assert transport().name == name


def test_the_address_of_a_provider_is_read():
    assert provider_settings("anymail+mailjet://a%2Fb:secret@?api_url=http://x/") == (
        "anymail.backends.mailjet.EmailBackend",
        {"MAILJET_API_KEY": "a/b", "MAILJET_SECRET_KEY": "secret", "MAILJET_API_URL": "http://x/"},
    )


@pytest.mark.parametrize(
    ("url", "told"),
    [("anymail+pigeon://x@", "no provider 'pigeon'"), ("anymail+mailjet://only@", "API_KEY:SECRET_KEY@")],
)
def test_an_address_that_names_no_provider_is_told(url, told):
    with pytest.raises(ImproperlyConfigured, match=told):
        provider_settings(url)
