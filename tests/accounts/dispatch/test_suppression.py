"""Who is written to no more, and how an address comes onto that list by the server's own answers."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.dispatch import suppression
from accounts.dispatch.addresses import digest
from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import MailEvent, Message, Suppression
from accounts.signals import address_suppressed
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def suppressed(organization):
    def read():
        with tenant(organization.pk):
            return dict(Suppression.objects.filter(archived_at=None).values_list("address", "reason"))

    return read


@pytest.fixture
def suppress(organization):
    def write(address, reason="manual", **kwargs):
        with tenant(organization.pk):
            return suppression.suppress(address=address, reason=reason, **kwargs)

    return write


@pytest.mark.parametrize("lane", [Lane.BULK, Lane.URGENT])
def test_nothing_is_written_to_a_suppressed_address_however_it_is_spelled(queue, row, suppress, mail_server, lane):
    queue(recipient=" Ada@Client.example", lane=lane)
    suppress("ada@client.EXAMPLE", "complaint")

    assert drain(lane) == {"suppressed": 1}

    message = row()
    assert (message.status, message.attempts) == ("suppressed", 0)
    assert message.last_error == suppression.WITHHELD["complaint"]
    assert suppression.was_withheld(message)
    assert [each["error"] for each in message.errors] == [message.last_error]
    assert mail_server.accepted == []
    assert kinds.heard == [("dead", "a", "suppressed")]


def test_webhooks_have_no_address_to_suppress(organization, suppress):
    suppress("https://client.example/hook")
    hook = Message(kind="test.mail", lane=Lane.HOOKS, recipient="https://client.example/hook")

    with tenant(organization.pk):
        assert suppression.why_withheld(hook) == ""


def test_who_unsubscribed_is_still_reminded_of_the_own_tasks(queue, row, suppress, mail_server):
    suppress("ada@client.example", "unsubscribed")
    queue()
    queue("survey", kind="test.contact")

    assert drain(Lane.BULK) == {"sent": 1, "suppressed": 1}
    assert (row().status, row("survey").last_error) == ("sent", suppression.WITHHELD["unsubscribed"])


def test_another_organizations_list_is_its_own(queue, other_organization, mail_server):
    with tenant(other_organization.pk):
        suppression.suppress(address="ada@client.example", reason="complaint")
    queue()

    assert drain(Lane.BULK) == {"sent": 1}


@pytest.mark.parametrize(
    ("name", "listed", "events"),
    [
        ("never", {"never@client.example": "hard_bounce"}, ["bounced"]),
        ("moved", {"moved@client.example": "hard_bounce"}, ["bounced"]),
        ("policy", {}, []),
        ("never-text", {}, []),
        ("full", {}, ["soft_bounced"]),
    ],
)
def test_the_servers_no_condemns_an_address_only_when_it_is_about_it(
    queue, row, mail_server, suppressed, organization, name, listed, events
):
    queue(recipient=f"{name}@client.example")

    assert drain(Lane.BULK) == {"suppressed": 1}

    assert suppressed() == listed
    assert row().status == "suppressed"
    assert not suppression.was_withheld(row())
    with tenant(organization.pk):
        assert list(MailEvent.objects.values_list("kind", flat=True)) == events


def test_five_returned_mails_in_two_weeks_are_enough(queue, suppressed, mail_server, organization):
    for number in range(5):
        assert suppressed() == {}
        queue(f"m{number}", recipient="full@client.example")
        drain(Lane.BULK)

    assert suppressed() == {"full@client.example": "soft_bounces"}


def test_returned_mails_of_long_ago_do_not_count(queue, suppressed, mail_server, organization):
    for number in range(6):
        with tenant(organization.pk):
            MailEvent.objects.update(at=Now() - timedelta(days=15))
        queue(f"m{number}", recipient="full@client.example")
        drain(Lane.BULK)

    assert suppressed() == {}


def test_later_for_days_is_one_returned_mail(queue, drain_again, mail_server, organization):
    queue(recipient="later@client.example")

    for _answer in range(10):
        drain_again()

    with tenant(organization.pk):
        event = MailEvent.objects.get()
    assert (event.kind, event.address_digest) == ("soft_bounced", digest("later@client.example"))


def test_every_error_is_kept_and_the_same_one_once(queue, row, drain_again, mail_server):
    queue(recipient="later@client.example")

    for _answer in range(3):
        drain_again()

    [error] = row().errors
    assert (error["error"], error["times"]) == ("451 Greylisted", 3)
    assert error["at"] <= error["until"]


def test_suppressing_twice_is_one_row_and_a_graver_reason_takes_over(suppress, suppressed):
    told = []

    def hear(sender, address, reason, is_new, **kwargs):
        told.append((address, reason, is_new))

    address_suppressed.connect(hear)
    try:
        first = suppress("Ada@client.example", "unsubscribed")
        assert suppress("ada@client.example", "unsubscribed") == first
        suppress("ada@client.example", "hard_bounce")
        suppress("ada@client.example", "manual")
    finally:
        address_suppressed.disconnect(hear)

    assert suppressed() == {"ada@client.example": "hard_bounce"}
    assert told == [
        ("ada@client.example", "unsubscribed", True),
        ("ada@client.example", "unsubscribed", False),
        ("ada@client.example", "hard_bounce", True),
        ("ada@client.example", "manual", False),
    ]


def test_many_addresses_are_asked_about_at_once(suppress, organization, django_assert_num_queries):
    suppress("ada@client.example")
    with tenant(organization.pk):
        Suppression.objects.create(address="b@x.example", address_digest=digest("b@x.example"), archived_at=Now())
        with django_assert_num_queries(1):
            found = suppression.suppressed_among(["ADA@client.example", "b@x.example", "c@x.example"])
        assert found == {"ada@client.example"}
        assert suppression.is_suppressed("ADA@client.example ")
        assert not suppression.is_suppressed("b@x.example")
