from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.dispatch.choices import Lane
from accounts.dispatch.claim import claim
from accounts.dispatch.engine import drain
from accounts.dispatch.models import WorkerHeartbeat
from accounts.dispatch.reap import WORKER_LOST, reap
from tests.accounts.dispatch import kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lose(change):
    """A worker died with the message in its hands, and the lease has ended."""

    def write(**fields):
        change(lease_until=Now() - timedelta(seconds=1), **fields)

    return write


def test_a_lease_that_holds_is_left_alone(queue, row):
    queue()
    claim(Lane.BULK, 1)

    assert reap() == 0
    assert row().status == "leased"


def test_a_claimed_message_comes_back_at_once_and_uncharged(queue, row, lose, mailoutbox):
    queue()
    claim(Lane.BULK, 1)
    lose()

    assert reap() == 1

    assert (row().status, row().attempts, row().uncertain, row().last_error) == ("pending", 0, 0, "")
    assert drain(Lane.BULK) == {"sent": 1}


def test_a_message_lost_while_sending_is_uncertain_and_waits_a_little(queue, row, lose):
    queue()
    claim(Lane.BULK, 1)
    lose(status="sending", attempts=2)

    assert reap() == 1

    message = row()
    assert (message.status, message.attempts, message.uncertain) == ("pending", 2, 1)
    assert message.last_error == WORKER_LOST
    assert timedelta(seconds=15) < message.next_attempt_at - timezone.now() < timedelta(seconds=21)


def test_a_message_that_kills_its_workers_ends_after_five(queue, row, lose):
    queue()
    claim(Lane.BULK, 1)
    lose(status="sending", attempts=5)

    assert reap() == 1

    assert (row().status, row().lease_token, row().last_error) == ("dead", None, WORKER_LOST)
    assert kinds.heard == [("dead", "a", "dead")]
    assert reap() == 0


def test_the_servers_later_does_not_count_as_a_lost_worker(queue, row, lose):
    queue()
    claim(Lane.BULK, 1)
    lose(status="sending", attempts=7, deferrals=6)

    reap()

    assert row().status == "pending"


def test_workers_say_that_they_live_and_are_forgotten_after_a_day(queue):
    WorkerHeartbeat.objects.create(worker="old:1", lane=Lane.BULK, seen_at=Now() - timedelta(days=2))
    drain(Lane.BULK)
    drain(Lane.URGENT)

    reap()

    [heartbeat] = WorkerHeartbeat.objects.all()
    assert heartbeat.lane == Lane.URGENT
    assert str(heartbeat) == heartbeat.worker
    assert timezone.now() - heartbeat.seen_at < timedelta(minutes=1)
