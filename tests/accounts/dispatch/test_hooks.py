"""The lane of webhooks: real requests to a server of ours."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from accounts import tasks
from accounts.dispatch import hooks
from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Provider
from tests.accounts.dispatch import kinds
from tests.accounts.dispatch.webserver import Server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endpoint(settings):
    settings.HOOKS_ALLOW_HTTP = True
    with Server() as server:
        yield server


@pytest.fixture
def hook(queue, endpoint):
    def put(send_key="a", url=None):
        return queue(send_key, "", kind="test.hook", lane=Lane.HOOKS, payload={"url": url or f"{endpoint.url}/in?x=1"})

    return put


@pytest.fixture
def call_again(change):
    def run(send_key="a"):
        change(send_key, next_attempt_at=Now())
        return drain(Lane.HOOKS)

    return run


def test_a_call_is_made_and_recorded_once(hook, row, endpoint):
    hook()

    assert drain(Lane.HOOKS) == {"sent": 1}
    assert drain(Lane.HOOKS) == {}

    [(path, headers, body)] = endpoint.requests
    assert (path, body, headers["webhook-id"]) == ("/in?x=1", b'{"type":"test"}', str(row().pk))
    assert row().status == "sent"
    assert kinds.heard == [("sent", "a", "sent")]


def test_no_transaction_is_open_while_an_endpoint_is_waited_for(hook, endpoint, monkeypatch):
    seen = []
    post = hooks.post
    monkeypatch.setattr(hooks, "post", lambda call: seen.append(connection.in_atomic_block) or post(call))
    hook()

    assert drain(Lane.HOOKS) == {"sent": 1}
    assert seen == [False]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 500])
def test_whatever_is_no_yes_is_tried_again_by_the_schedule(hook, row, endpoint, status):
    endpoint.answer = lambda path, body: (status, {"Location": f"{endpoint.url}/elsewhere"}, b"No  \n thanks")
    hook()

    assert drain(Lane.HOOKS) == {"retry": 1}

    assert len(endpoint.requests) == 1
    assert (row().deferrals, row().last_error) == (1, f"{status} No thanks")
    assert row().next_attempt_at < timezone.now() + timedelta(seconds=7)


def test_the_schedule_takes_three_days_and_then_it_is_given_up(hook, row, endpoint, call_again):
    endpoint.answer = lambda path, body: (500, {}, {})
    hook()

    waits = []
    for _attempt in range(9):
        assert call_again() == {"retry": 1}
        waits.append(row().next_attempt_at - timezone.now())
    assert call_again() == {"dead": 1}

    assert waits[0] < timedelta(seconds=8)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=5)
    assert kinds.heard == [("dead", "a", "dead")]
    assert len({headers["webhook-id"] for _path, headers, _body in endpoint.requests}) == 1


def test_gone_ends_it_at_once(hook, row, endpoint):
    endpoint.answer = lambda path, body: (410, {}, {})
    hook()

    assert drain(Lane.HOOKS) == {"suppressed": 1}
    assert kinds.heard == [("dead", "a", "suppressed")]


@pytest.mark.parametrize(
    ("status", "header", "pause"),
    [(429, "100", 100), (503, "100", 100), (429, "soon", 0), (400, "100", 0), (429, "99999999", 86_400)],
)
def test_an_endpoint_may_ask_for_patience(hook, row, endpoint, status, header, pause):
    endpoint.answer = lambda path, body: (status, {"Retry-After": header}, {})
    hook("a")
    hook("b")

    assert drain(Lane.HOOKS) == {"retry": 2}

    assert len(endpoint.requests) == (1 if pause else 2)
    waits = sorted(row(key).next_attempt_at - timezone.now() for key in "ab")
    assert abs(waits[-1].total_seconds() - (pause or 5)) < 5
    assert sorted(row(key).attempts for key in "ab") == ([0, 1] if pause else [1, 1])


def test_an_endpoint_that_nobody_reaches_stops_its_own_calls_and_no_others(hook, row, endpoint):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    hook("a", gone)
    hook("b", gone)
    hook("c")

    assert drain(Lane.HOOKS) == {"retry": 2, "sent": 1}

    assert sorted(row(key).attempts for key in "ab") == [0, 1]
    assert Provider.objects.filter(name__startswith="endpoint:", open_until__gt=Now()).count() == 1


def test_the_mail_servers_breaker_does_not_stop_the_hooks(hook, endpoint, settings):
    Provider.objects.create(name=settings.EMAIL_BACKEND, open_until=Now() + timedelta(minutes=1))
    hook()

    assert drain(Lane.HOOKS) == {"sent": 1}


def test_a_dropped_connection_is_uncertain(hook, row, endpoint):
    endpoint.answer = lambda path, body: ("drop", {}, b"")
    hook()

    assert drain(Lane.HOOKS) == {"retry": 1}
    assert row().uncertain == 1


def test_a_server_that_drips_is_hung_up_on(hook, row, settings, monkeypatch):
    """Every byte begins a socket's time limit anew; the whole call has one of its own."""
    monkeypatch.setattr(hooks, "SECONDS", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        connected, _address = listener.accept()
        with connected:
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100:
                    connected.send(bytes([letter]))
                    time.sleep(0.1)
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    hook(url=f"http://127.0.0.1:{listener.getsockname()[1]}/")
    began = time.monotonic()

    assert drain(Lane.HOOKS) == {"retry": 1}

    assert time.monotonic() - began < 4
    assert row().uncertain == 1
    thread.join()
    listener.close()


def test_of_a_long_answer_only_the_beginning_is_read(hook, row, endpoint, monkeypatch):
    read = []
    make = hooks.Answer
    monkeypatch.setattr(hooks, "Answer", lambda status, after, text: read.append(text) or make(status, after, text))
    endpoint.answer = lambda path, body: (200, {}, b"x" * 10_000_000)
    hook()

    assert drain(Lane.HOOKS) == {"sent": 1}
    assert read == ["x" * 500]


@pytest.mark.parametrize(
    "url",
    [
        "http://plain.example/",
        "ftp://x.example/",
        "https:///nowhere",
        "https://user:pw@x.example/",
        "https://x.example/a b",
        "https://x.example:99999/",
        "https://x.example\\@y.example/",
        "https://[::1/",
        "mailto:a@b.example",
    ],
)
def test_addresses_that_may_not_be_called_are_given_up_at_once(hook, row, settings, url):
    settings.HOOKS_ALLOW_HTTP = False
    hook(url=url)

    assert drain(Lane.HOOKS) == {"dead": 1}
    assert "https" in row().last_error


def test_an_endpoint_without_a_certificate_is_not_reached(hook, row, endpoint):
    hook(url=f"https://127.0.0.1:{endpoint.server_port}/")

    assert drain(Lane.HOOKS) == {"retry": 1}
    assert "SSL" in row().last_error
    assert endpoint.requests == []


def test_a_mail_in_the_lane_of_hooks_is_our_bug(queue, row):
    kinds.doing["write"] = lambda message: EmailMessage("s", "b")
    queue(lane=Lane.HOOKS)

    assert drain(Lane.HOOKS) == {"retry": 1}
    assert "does not belong into the lane hooks" in row().last_error


def test_endpoints_of_long_ago_are_forgotten(as_worker):
    Provider.objects.create(name="endpoint:old", open_until=Now() - timedelta(days=2))
    Provider.objects.create(name="mail.example:25", open_until=Now() - timedelta(days=2))

    tasks.reap_expired()

    assert [provider.name for provider in Provider.objects.all()] == ["mail.example:25"]
