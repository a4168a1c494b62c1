from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone, translation

from accounts.dispatch import settle
from accounts.dispatch.breaker import Breaker
from accounts.dispatch.choices import Lane
from accounts.dispatch.claim import claim
from accounts.dispatch.engine import drain
from accounts.dispatch.queue import cancel
from accounts.dispatch.send import message_id, send_one
from accounts.dispatch.transport import transport
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_is_sent_and_recorded_once_however_often_the_lane_is_drained(queue, row, mail_server):
    queue(payload={"body": "First line\n.leading dot\n"})

    assert drain(Lane.BULK) == {"sent": 1}
    assert drain(Lane.BULK) == {}

    [(recipient, received)] = mail_server.accepted
    message = row()
    assert (recipient, received["Subject"]) == ("ada@client.example", "a")
    assert received["Message-ID"] == message_id(message)
    assert received["X-Entity-Ref-ID"] in received["Message-ID"]
    assert ".leading dot" in received.get_payload().splitlines()
    assert (message.status, message.attempts, message.lease_token) == ("sent", 1, None)
    assert message.sent_at is not None
    assert kinds.heard == [("sent", "a", "sent")]


def test_the_message_id_is_the_business_fact_and_not_the_attempt(queue, row):
    queue()
    first = message_id(row())

    assert first == message_id(row())
    queue("b")
    assert first != message_id(row("b"))


def test_many_messages_share_a_session(queue, mail_server):
    for number in range(20):
        queue(f"m{number}", f"contact{number}@client.example")

    assert drain(Lane.BULK) == {"sent": 20}
    assert mail_server.sessions == 1


def test_lanes_do_not_mix(queue, mailoutbox):
    queue(lane=Lane.URGENT)

    assert drain(Lane.BULK) == {}
    assert drain(Lane.URGENT) == {"sent": 1}


def test_the_renderer_may_find_nothing_left_to_say(queue, row, mailoutbox):
    kinds.doing["write"] = lambda message: None
    queue()

    assert drain(Lane.BULK) == {"cancelled": 1}
    assert row().status == "cancelled"
    assert mailoutbox == []


def test_the_renderers_language_ends_with_it(queue, mailoutbox):
    queue(payload={"language": "ar"})

    drain(Lane.BULK)

    assert translation.get_language() == "en"


def test_no_transaction_is_open_while_the_mail_server_is_waited_for(queue, mail_server):
    seen = []
    mail_server.on_data = lambda: seen.append(connection.in_atomic_block)
    queue()

    drain(Lane.BULK)

    assert seen == [False]


def test_a_caller_with_an_open_transaction_is_refused(queue, organization, mailoutbox, row):
    queue()
    claimed = claim(Lane.BULK, 1)[0]

    with tenant(organization.pk):
        send_one(claimed, transport(), Breaker("test"))

    assert mailoutbox == []
    assert "transaction is open" in row().last_error


def test_a_lost_lease_sends_nothing(queue, change, mailoutbox):
    queue()
    claimed = claim(Lane.BULK, 1)[0]
    change(lease_until=Now() - timedelta(seconds=1))

    assert send_one(claimed, transport(), Breaker("test")) == "lost lease"
    assert mailoutbox == []


def test_taking_a_claimed_message_back_stops_it(queue, organization, mailoutbox):
    queue()
    claimed = claim(Lane.BULK, 1)[0]
    with tenant(organization.pk):
        assert cancel("a")

    assert send_one(claimed, transport(), Breaker("test")) == "lost lease"


def test_our_own_bug_is_tried_five_times_and_then_given_up(queue, row, drain_again, mailoutbox):
    def explode(message):
        raise KeyError("no such contact")

    kinds.doing["write"] = explode
    queue()

    outcomes = [drain_again() for _attempt in range(6)]

    assert outcomes == [{"retry": 1}] * 4 + [{"dead": 1}, {}]
    message = row()
    assert (message.status, message.attempts) == ("dead", 5)
    assert "no such contact" in message.last_error
    assert kinds.heard == [("dead", "a", "dead")]


def test_a_mail_to_nobody_is_our_bug(queue, row, mail_server):
    kinds.doing["write"] = lambda message: EmailMessage("s", "b", cc=[], to=[])
    queue(recipient="")

    assert drain(Lane.BULK) == {"retry": 1}
    assert "without a recipient" in row().last_error


def test_a_kind_that_no_app_knows_any_more_is_given_up(queue, row, change, drain_again):
    queue()
    change(kind="test.gone", attempts=4)

    assert drain_again() == {"dead": 1}
    assert "test.gone" in row().last_error


def test_a_failing_hook_is_undone_and_the_mail_still_counts_as_sent(queue, row, mailoutbox, organization):
    def fail(message):
        organization.name = "Half done"
        organization.save()
        raise ValueError("no")

    kinds.doing["sent"] = fail
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert row().status == "sent"
    organization.refresh_from_db()
    assert organization.name == "Ours"


def test_a_database_restart_after_the_servers_yes_does_not_become_a_second_copy(queue, row, mail_server):
    def cut(message):
        kinds.doing.clear()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    kinds.doing["sent"] = cut
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert len(mail_server.accepted) == 1
    assert (row().status, len(kinds.heard)) == ("sent", 2)


def test_a_process_that_wakes_up_after_its_lease_still_records_what_it_sent(queue, row, change, mailoutbox):
    def lose(message):
        change(status="pending", lease_token=None, lease_until=None)
        return EmailMessage("s", "b")

    kinds.doing["write"] = lose
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert (row().status, len(mailoutbox)) == ("sent", 1)


def test_four_hundreds_wait_for_days_and_then_end(queue, row, drain_again, mail_server):
    queue(recipient="later@client.example")

    waits = []
    for _answer in range(9):
        assert drain_again() == {"retry": 1}
        waits.append(row().next_attempt_at - timezone.now())
    assert drain_again() == {"dead": 1}

    assert all(earlier < later for earlier, later in zip(waits, waits[1:8], strict=False))
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=5)
    assert (row().attempts, row().deferrals, row().status) == (10, 10, "dead")
    assert row().last_error == "451 Greylisted"


@pytest.mark.parametrize(
    ("recipient", "outcome", "error"),
    [
        ("never@client.example", "suppressed", "550 No such user"),
        ("never-text@client.example", "suppressed", "554 Spam"),
        ("later-text@client.example", "retry", "452 Full"),
        ("closing@client.example", "retry", "421 Going down"),
        ("nodata@client.example", "retry", "451 Not now"),
    ],
)
def test_the_servers_answer_decides(queue, row, mail_server, recipient, outcome, error):
    queue(recipient=recipient)
    queue("good")

    assert drain(Lane.BULK) == {outcome: 1, "sent": 1}
    assert row().last_error == error
    assert ("dead" in str(kinds.heard)) is (outcome == "suppressed")


def test_a_session_lost_after_the_text_is_uncertain_and_tried_again_soon(queue, row, drain_again, mail_server):
    queue(recipient="drop@client.example")

    assert drain_again() == {"retry": 1}

    message = row()
    assert (message.status, message.attempts, message.deferrals, message.uncertain) == ("pending", 1, 1, 1)
    assert message.next_attempt_at - timezone.now() < timedelta(seconds=10)


def test_a_session_lost_before_the_text_is_certain(queue, row, mail_server):
    queue(recipient="vanish@client.example")

    assert drain(Lane.BULK) == {"retry": 1}
    assert (row().uncertain, row().deferrals) == (0, 1)


def test_a_server_that_closes_idle_sessions_costs_nobody_an_attempt(queue, row, mail_server, settings):
    mail_server.closes_after_each = True
    kinds.doing["sent"] = lambda message: sleep(0.1)
    for number in range(3):
        queue(f"m{number}")

    assert drain(Lane.BULK) == {"sent": 3}
    assert {row(f"m{number}").attempts for number in range(3)} == {1}
    assert mail_server.sessions == 3


@pytest.mark.parametrize("at_reset", ["close", "refuse"])
def test_a_session_that_cannot_be_made_ready_again_is_left(queue, mail_server, at_reset):
    mail_server.at_reset = at_reset
    queue(recipient="never@client.example")
    queue("good")

    assert drain(Lane.BULK) == {"suppressed": 1, "sent": 1}


def test_an_end_is_recorded_once_and_only_by_its_owner(queue, row):
    queue()
    drain(Lane.BULK)
    message = row()

    assert settle.record_sent(message, monotonic()) is False
    assert settle.bury(message, monotonic(), error="late") is False
    assert (row().status, row().last_error, len(kinds.heard)) == ("sent", "", 1)


def test_recording_gives_up_when_the_lease_is_over(queue, row):
    def cut(message):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    kinds.doing["sent"] = cut
    queue()
    message = row()

    with pytest.raises(OperationalError):
        settle.record_sent(message, monotonic())
    assert row().status == "pending"


def test_any_django_backend_can_carry_the_mail(queue, row, settings):
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert [message.subject for message in mail.outbox] == ["a"]
    transport().close()
