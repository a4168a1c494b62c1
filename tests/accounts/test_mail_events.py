"""Mail providers tell what came back: signed, once, into the right organization, and nothing is told in return."""

import json
import time
from datetime import UTC, datetime

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.urls import get_resolver

from accounts.dispatch.events import record_event
from accounts.dispatch.message_ids import message_id
from accounts.dispatch.models import MailEvent, Message, Suppression
from accounts.dispatch.signatures import is_signed, sign
from accounts.dispatch.tracking import kind_of_event
from accounts.tenancy.context import tenant
from accounts.views.mail_events import MailEventsView, anymail_views
from tests.matrix.routes import OUTSIDE, routes

pytestmark = pytest.mark.django_db

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "/accounts/mail-events/postfix/"


@pytest.fixture
def sent(organization):
    with tenant(organization.pk):
        return Message.objects.create(
            send_key="a", kind="test", status="sent", recipient="ada@client.example", sent_at="2026-11-23T10:00:00Z"
        )


@pytest.fixture
def call(client, settings):
    """Sends events as a mail server's script does."""
    settings.MAIL_EVENTS_SECRET = SECRET

    def post(body, secret=SECRET, ago=0, url=URL, webhook_id="msg_1", **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(time.time() - ago))
        given = {
            "webhook-id": webhook_id,
            "webhook-timestamp": stamp,
            "webhook-signature": sign(secret, webhook_id, stamp, raw),
        }
        return client.generic("POST", url, raw, content_type="application/json", headers=given | headers)

    return post


def bounce(message, **more):
    told = {"kind": "bounced", "recipient": "Ada@Client.example", "message_id": message_id(message), "event_id": "e1"}
    return told | {"at": "2026-11-23T10:05:00Z", "detail": "550 5.1.1 No such user"} | more


def stored(organization):
    with tenant(organization.pk):
        events = list(MailEvent.objects.order_by("id"))
        return events, list(Suppression.objects.values_list("address", "reason"))


def test_what_came_back_is_noted_once_and_the_address_suppressed(call, sent, organization, other_organization):
    assert call({"events": [bounce(sent)]}).json() == {"accepted": 1}
    assert call(bounce(sent), webhook_id="msg_2").json() == {"accepted": 1}

    [event], suppressed = stored(organization)
    assert (event.provider, event.kind, event.message_id) == ("postfix", "bounced", sent.pk)
    assert (event.at, event.detail) == (datetime(2026, 11, 23, 10, 5, tzinfo=UTC), "550 5.1.1 No such user")
    assert suppressed == [("ada@client.example", "hard_bounce")]
    assert stored(other_organization) == ([], [])


def test_without_an_id_of_its_own_a_call_is_known_by_the_webhooks_id(call, sent, organization):
    told = bounce(sent, kind="deferred", event_id="")
    call({"events": [told, told]})
    call({"events": [told, told]})

    assert [event.event_id for event in stored(organization)[0]] == ["msg_1:0", "msg_1:1"]


def test_a_recipient_that_was_left_out_is_the_messages(call, sent, organization):
    call(bounce(sent, recipient=""))

    # Without a recipient the message cannot be found, and without an address nobody is suppressed.
    [event], suppressed = stored(organization)
    assert (event.message_id, suppressed) == (None, [])


@pytest.mark.parametrize(
    "reference", ["", "<x@elsewhere.example>", "<" + "A" * 22 + "." + "b" * 16 + "@testserver>", "\ud800"]
)
def test_what_is_nobodys_is_accepted_and_leaves_nothing(call, sent, organization, reference):
    response = call(bounce(sent, message_id=reference))

    assert (response.status_code, response.json()) == (200, {"accepted": 1})
    assert stored(organization) == ([], [])


def test_a_mail_that_was_forgotten_still_condemns_its_address(call, sent, organization):
    reference = message_id(sent)
    with tenant(organization.pk):
        Message.objects.all().delete()

    call(bounce(sent, message_id=reference))

    [event], suppressed = stored(organization)
    assert event.message_id is None
    assert suppressed == [("ada@client.example", "hard_bounce")]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("complained", "complaint"), ("unsubscribed", "unsubscribed"), ("delivered", ""), ("opened", ""), ("other", "")],
)
def test_each_kind_has_its_consequence(call, sent, organization, kind, reason):
    call(bounce(sent, kind=kind))

    events, suppressed = stored(organization)
    assert [event.kind for event in events] == [kind]
    assert [each[1] for each in suppressed] == ([reason] if reason else [])


def test_the_address_is_not_there_until_a_secret_is_set(client, settings):
    settings.MAIL_EVENTS_SECRET = ""

    assert client.post(URL).status_code == 404
    assert client.head(URL).status_code == 404


@pytest.mark.parametrize(
    ("changes", "headers"),
    [
        ({"secret": "another"}, {}),
        ({"ago": 301}, {}),
        ({"ago": -330}, {}),
        ({}, {"webhook-signature": ""}),
        ({}, {"webhook-signature": "v1,"}),
        ({}, {"webhook-signature": "v1,ä"}),
        ({}, {"webhook-id": ""}),
        ({}, {"webhook-id": "msg_2"}),
        ({}, {"webhook-timestamp": ""}),
        ({}, {"webhook-timestamp": "9" * 40}),
        ({}, {"webhook-timestamp": "-1"}),
        ({}, {"webhook-timestamp": "١٢٣"}),
    ],
)
def test_an_unsigned_call_changes_nothing(call, sent, organization, changes, headers):
    response = call(bounce(sent), **changes, **headers)

    assert response.status_code == 403
    assert "signature" in response.json()["detail"]
    assert stored(organization) == ([], [])


def test_a_changed_body_is_not_signed():
    stamp = str(int(time.time()))
    signature = sign(SECRET, "m", stamp, b"{}")
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": f"v1,old {signature}"}

    assert is_signed(SECRET, headers, b"{}", now=time.time())
    assert not is_signed(SECRET, headers, b"{ }", now=time.time())
    plain = headers | {"webhook-signature": sign("not base64!", "m", stamp, b"{}")}
    assert is_signed("not base64!", plain, b"{}", now=time.time())
    odd = headers | {"webhook-signature": sign("whsec_odd", "m", stamp, b"{}")}
    assert is_signed("whsec_odd", odd, b"{}", now=time.time())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[" * 100_000,
        b"null",
        b'"text"',
        b"{}",
        b'{"events": 1}',
        b'{"events": [1]}',
        b'{"kind": "exploded"}',
        b'{"kind": ["bounced"]}',
        b'{"kind": "bounced", "at": "yesterday"}',
        b'{"kind": "bounced", "at": "2026-11-23T10:00:00"}',
        b'{"kind": "bounced", "at": 5}',
        b'{"kind": "bounced", "recipient": 5}',
        b'{"kind": "bounced", "recipient": "a\\u0000@x.example"}',
        json.dumps({"events": [{"kind": "opened"}] * 1001}).encode(),
    ],
)
def test_nonsense_is_refused_whole(call, sent, organization, body):
    assert call(body).status_code == 400
    assert stored(organization) == ([], [])


def test_half_a_list_is_none(call, sent, organization):
    assert call({"events": [bounce(sent), {"kind": "exploded"}]}).status_code == 400
    assert stored(organization) == ([], [])


def test_reading_it_changes_nothing(client, settings, organization):
    settings.MAIL_EVENTS_SECRET = SECRET

    assert client.get(URL).status_code == 405
    assert client.head(URL).status_code == 200


def event(event_type="bounced", reject_reason="bounced", **more):
    told = {"timestamp": datetime(2026, 11, 23, tzinfo=UTC), "recipient": "ada@client.example", "esp_event": {}}
    return AnymailTrackingEvent(event_type=event_type, reject_reason=reject_reason, **(told | more))


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (event(), "bounced"),
        (event(reject_reason="invalid"), "bounced"),
        (event(event_type="rejected", reject_reason="bounced"), "bounced"),
        (event(mta_response="550 5.1.1 unknown, says Microsoft"), "bounced"),
        (event(mta_response="550 5.7.1 Spam"), "other"),
        (event(reject_reason="blocked"), "other"),
        (event(reject_reason="spam"), "other"),
        (event(event_type="rejected", reject_reason="spam"), "complained"),
        (event(event_type="rejected", reject_reason="unsubscribed"), "unsubscribed"),
        (event(reject_reason="timed_out"), "soft_bounced"),
        (event(mta_response="552 5.2.2 Full"), "soft_bounced"),
        (event(mta_response="450 4.2.1 Later"), "soft_bounced"),
        (event(esp_event={"Type": "SoftBounce"}), "soft_bounced"),
        (event(event_type="delivered"), "delivered"),
        (event(event_type="deferred"), "deferred"),
        (event(event_type="complained"), "complained"),
        (event(event_type="clicked"), "other"),
    ],
)
def test_a_providers_bounced_may_mean_three_things(told, kind):
    assert kind_of_event(told) == kind


def test_a_providers_event_finds_its_message_by_what_was_sent_along(sent, organization):
    told = event(metadata={"message": message_id(sent).strip("<>")}, message_id="the-providers-own")

    for _again in range(2):
        tracking.send(None, event=told, esp_name="Postmark")

    [noted], suppressed = stored(organization)
    assert (noted.provider, noted.message_id) == ("postmark", sent.pk)
    assert suppressed == [("ada@client.example", "hard_bounce")]


def test_a_providers_own_webhook_is_closed_without_credentials(client, settings):
    settings.ANYMAIL = {}
    assert client.post("/accounts/mail-events/postmark/").status_code == 404


@pytest.mark.parametrize("given", [{}, {"Authorization": "Basic bm86bm8="}])
def test_a_providers_own_webhook_refuses_strangers(client, settings, given):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "someone:secret"}
    answer = client.post("/accounts/mail-events/postmark/", "{}", content_type="application/json", headers=given)
    assert answer.status_code == 403


def test_a_providers_own_webhook_is_understood(client, settings, sent, organization):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "someone:secret"}
    told = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "ada@client.example",
        "BouncedAt": "2026-11-23T10:05:00Z",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Metadata": {"message": message_id(sent).strip("<>")},
    }
    response = client.post(
        "/accounts/mail-events/postmark/",
        json.dumps(told),
        content_type="application/json",
        headers={"Authorization": "Basic c29tZW9uZTpzZWNyZXQ="},
    )

    assert response.status_code == 200
    [noted], suppressed = stored(organization)
    assert (noted.provider, noted.event_id, noted.message_id) == ("postmark", "42", sent.pk)
    assert suppressed == [("ada@client.example", "hard_bounce")]


def test_the_usual_providers_are_known():
    assert {"amazon_ses", "mailgun", "postmark", "sendgrid", "brevo", "mailjet", "sparkpost"} <= anymail_views().keys()
    assert MailEventsView.http_method_names == ["post", "head"]


def test_events_of_an_organization_that_was_never_here_are_nobodys(sent):
    assert not record_event(provider="x", event_id="1", kind="bounced", recipient="a@b.example", message_id="nonsense")


#: Doors that take a POST without a CSRF token, and what stands in for it.
WITHOUT_CSRF = {
    "act": "a stamp made for this link",
    "mail-events": "the sender's signature",
    "survey": "a stamp made for this link",
    "survey-unsubscribe": "the link itself, as RFC 8058 asks",
}


def test_doors_without_a_csrf_token_are_listed_by_name():
    open_doors = {
        route.name for route in routes(OUTSIDE) if not route.is_api and getattr(_callback(route), "csrf_exempt", False)
    }
    assert open_doors == WITHOUT_CSRF.keys()


def _callback(route):
    found = [each for each in _leaves(get_resolver(OUTSIDE).url_patterns) if each.name == route.name]
    return found[0].callback if found else None


def _leaves(patterns):
    for each in patterns:
        yield from _leaves(each.url_patterns) if hasattr(each, "url_patterns") else [each]
