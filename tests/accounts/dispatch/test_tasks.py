import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from accounts import tasks
from accounts.dispatch.generate import generate
from accounts.dispatch.models import Message, Provider, Tally
from accounts.dispatch.queue import enqueue
from accounts.dispatch.registry import register_generator
from accounts.tenancy.context import current_organization_id
from config.settings.celery import broker_url
from tests.accounts.dispatch import kinds

pytestmark = pytest.mark.django_db(transaction=True)

recurring = {}
register_generator("test.recurring", 60, lambda: recurring["work"]())


def test_the_tasks_send_return_and_generate(queue, row, mailoutbox, organization):
    recurring["work"] = lambda: enqueue(kind="test.plain", send_key="generated", recipient="ada@client.example")

    tasks.run_generator("test.recurring")
    tasks.run_generator("test.recurring")
    tasks.drain(1)
    tasks.reap_expired()

    assert row("generated").status == "sent"
    assert len(mailoutbox) == 1


def test_recurring_work_runs_inside_every_organization(as_worker, organization, other_organization):
    seen = set()
    recurring["work"] = lambda: seen.add(current_organization_id())

    assert generate("test.recurring", [organization.pk, other_organization.pk]) == 0
    assert seen == {organization.pk, other_organization.pk}


def test_one_organizations_failure_is_its_own(as_worker, organization, other_organization):
    def work():
        enqueue(kind="test.plain", send_key="generated")
        if current_organization_id() == organization.pk:
            raise ValueError("odd data")

    recurring["work"] = work

    assert generate("test.recurring", [organization.pk, other_organization.pk]) == 1


def test_the_time_limit_ends_recurring_work(as_worker, organization):
    def work():
        raise SoftTimeLimitExceeded

    recurring["work"] = work

    with pytest.raises(SoftTimeLimitExceeded):
        generate("test.recurring", [organization.pk])


def test_a_database_that_is_away_ends_the_task_in_one_line(as_worker, organization, caplog):
    def work():
        raise OperationalError("server closed the connection\nunexpectedly")

    recurring["work"] = work

    with caplog.at_level(logging.WARNING, logger="accounts.tasks"):
        tasks.run_generator("test.recurring")

    assert [record.getMessage() for record in caplog.records] == ["The database is away: server closed the connection"]


def test_when_the_database_dies_under_a_batch_the_leases_do_the_rest(queue, row, mailoutbox):
    def cut(message):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    kinds.doing["write"] = cut
    queue("m1")
    queue("m2")

    tasks.drain(1)

    assert {row("m1").status, row("m2").status} <= {"pending", "leased"}
    assert mailoutbox == []


def test_the_status_command_tells_what_waits_and_why_it_died(queue, change, other_organization, capsys, mailoutbox):
    for name in ("sent", "waiting", "dead"):
        queue(name)
    tasks.drain(1)
    change("waiting", status="pending")
    change("dead", status="dead", last_error="KeyError: contact")
    Provider.objects.create(name="mail.example:25")

    later = timezone.now() + timedelta(minutes=1)
    Provider.objects.create(name="other.example:25", open_until=later, slow_until=later, tokens=1.5)
    Provider.objects.create(name="endpoint:abc", open_until=later)
    call_command("dispatch_status")

    out = capsys.readouterr().out
    assert "bulk: dead 1, pending 1, sent 1" in out
    assert "overdue: 1" in out
    assert "dead: 1 x test.mail: KeyError: contact" in out
    assert "silent for" in out
    assert "theirs" in out
    assert "provider other.example:25: breaker open, half its rate, 1.5 tokens" in out
    assert "endpoints of webhooks that nobody calls now: 1" in out
    assert out.splitlines()[2].split()[:7] == ["bulk", "1", "0", "0", "0", "1", "0"]
    assert "bulk: sent 3 in all" in out
    assert [str(tally) for tally in Tally.objects.all()] == ["bulk:sent"]
    assert "provider mail.example:25: breaker closed" in out


def test_the_status_command_can_be_asked_for_one_organization(as_worker, organization, other_organization, capsys):
    call_command("dispatch_status", organization="ours")

    assert capsys.readouterr().out == "ours\n"


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://:pw@redis:6379/0", "redis://:pw@redis:6379/0"),
        ("unix://:pw@/run/redis.sock?db=2", "redis+socket://:pw@/run/redis.sock?virtual_host=2"),
    ],
)
def test_celery_spells_the_address_of_redis_its_own_way(redis, broker):
    assert broker_url(redis) == broker


def test_the_clock_wakes_every_lane_and_knows_only_tasks_that_exist():
    """In a process of its own: the Celery app is made for workers and sets their role."""
    script = (
        "from config.celery import app; import accounts.tasks;"
        "entries = app.conf.beat_schedule;"
        "assert {e['task'] for e in entries.values()} <= set(app.tasks), entries;"
        "assert {'drain-urgent', 'drain-bulk', 'drain-hooks', 'reap'} <= set(entries), entries;"
        "assert all(e['options']['expires'] >= 30 for e in entries.values()), entries"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_row_is_the_queue_and_no_wake_up_is_published_by_enqueuing(queue, settings):
    """Redis is not asked: with an address that leads nowhere the message is queued all the same."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert isinstance(queue(), Message)
