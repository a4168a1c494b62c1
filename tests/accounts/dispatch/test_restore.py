from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.utils import timezone

from accounts import tasks
from accounts.dispatch import restore
from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Message, SendingState, WorkerHeartbeat
from accounts.dispatch.queue import enqueue
from accounts.dispatch.registry import register_generator
from accounts.tenancy.context import tenant
from accounts.tenancy.ids import uuid7

pytestmark = pytest.mark.django_db(transaction=True)

telling = {}
register_generator("test.telling", 60, lambda: telling["work"]())


@pytest.fixture
def noted(queue):
    """The workers have worked on this database before; then its note was changed as a restore changes it."""

    def write(database=None, silent_for=timedelta(minutes=10)):
        restore.watch()
        state = SendingState.objects.get()
        if database:
            state.database = database(*state.database.split(":"))
            state.save()
        WorkerHeartbeat.objects.all().delete()
        if silent_for is not None:
            WorkerHeartbeat.objects.create(worker="old:1", lane=1, seen_at=Now() - silent_for)

    return write


def another_server(server, database, history):
    return f"1{server}:{database}:{history}"


def another_database(server, database, history):
    return f"{server}:1{database}:{history}"


def another_history(server, database, history):
    return f"{server}:{database}:{int(history, 16) + 1:08X}"


def test_the_first_start_holds_nothing(queue, row, mailoutbox):
    queue()

    assert drain(Lane.BULK) == {"sent": 1}
    assert SendingState.objects.get().held_before is None
    assert str(SendingState.objects.get()).count(":") == 2


@pytest.mark.parametrize("change_of", [another_server, another_database, another_history])
def test_a_restored_database_sends_nothing_that_was_due(queue, row, noted, mailoutbox, caplog, change_of):
    queue("old")
    queue("taken")
    queue("later", due_at=timezone.now() + timedelta(hours=1))
    noted(change_of)

    assert drain(Lane.BULK) == {}
    assert drain(Lane.BULK) == {}

    assert (row("old").status, row("later").status) == ("held", "pending")
    assert mailoutbox == []
    assert "2 messages that were due are held" in caplog.text
    assert caplog.text.count("dispatch_release") == 1


@pytest.mark.parametrize("status", ["leased", "sending"])
def test_what_the_workers_of_then_had_in_their_hands_is_held_too(queue, row, change, noted, mailoutbox, status):
    queue()
    change(status=status, lease_until=Now() + timedelta(minutes=1), lease_token=uuid7())
    noted(another_database)

    tasks.reap_expired()

    assert (row().status, row().lease_token) == ("held", None)


def test_what_is_new_goes_out_while_the_old_is_held(queue, row, noted, mailoutbox):
    queue("old")
    noted(another_database)
    drain(Lane.BULK)

    queue("new")

    assert drain(Lane.BULK) == {"sent": 1}
    assert (row("old").status, row("new").status) == ("held", "sent")


def test_a_standby_that_takes_over_is_no_restore(queue, noted, mailoutbox):
    queue()
    noted(another_history, silent_for=timedelta(minutes=4))

    assert drain(Lane.BULK) == {"sent": 1}


def test_a_copy_of_the_disk_is_noticed_by_the_silence(queue, row, noted, mailoutbox, settings):
    settings.DISPATCH_SILENCE_HOURS = 72
    queue()
    noted(silent_for=timedelta(hours=71))
    restore.watch()
    assert row().status == "pending"

    noted(silent_for=timedelta(hours=73))
    assert drain(Lane.BULK) == {}
    assert row().status == "held"
    tasks.reap_expired()
    queue("new")
    assert drain(Lane.BULK) == {"sent": 1}


@pytest.mark.parametrize(("hours", "silent_for"), [(0, timedelta(days=99)), (72, None)])
def test_silence_that_nobody_counts_holds_nothing(queue, noted, mailoutbox, settings, hours, silent_for):
    settings.DISPATCH_SILENCE_HOURS = hours
    queue()
    noted(silent_for=silent_for)

    assert drain(Lane.BULK) == {"sent": 1}


def test_recurring_work_does_not_tell_again_what_the_lost_days_had_told(queue, row, change, noted, organization):
    """The backup knows neither the message nor that it was sent: the clock makes it anew after the restore."""
    noted(another_server)
    telling["work"] = lambda: (
        enqueue(kind="test.plain", send_key="told", recipient="ada@client.example"),
        enqueue(kind="test.plain", send_key="ahead", due_at=timezone.now() + timedelta(hours=1)),
    )

    tasks.run_generator("test.telling")
    assert (row("told").status, row("ahead").status) == ("held", "pending")

    SendingState.objects.update(held_before=Now() - timedelta(minutes=11))
    telling["work"] = lambda: enqueue(kind="test.plain", send_key="fresh", recipient="ada@client.example")
    tasks.run_generator("test.telling")
    assert row("fresh").status == "pending"


def test_the_operator_releases_and_the_database_is_accepted(queue, row, noted, mailoutbox, capsys):
    queue()
    noted(another_server)
    drain(Lane.BULK)

    call_command("dispatch_release")

    assert capsys.readouterr().out == "ours: 1 released\nReleased: 1.\n"
    assert drain(Lane.BULK) == {"sent": 1}
    assert restore.watch() is None


def test_the_operator_may_release_before_any_worker_has_looked(queue, noted, mailoutbox, capsys):
    queue()
    noted(another_server)

    call_command("dispatch_release")

    assert drain(Lane.BULK) == {"sent": 1}


def test_the_operator_discards_what_was_sent_before(queue, row, noted, mailoutbox, capsys):
    queue()
    noted(another_server)
    drain(Lane.BULK)

    call_command("dispatch_release", "--discard")

    assert row().status == "cancelled"
    assert drain(Lane.BULK) == {}
    assert "1 discarded" in capsys.readouterr().out


def test_one_organization_is_held_and_released_alone(queue, row, other_organization, mailoutbox, capsys):
    queue()
    with tenant(other_organization.pk):
        enqueue(kind="test.mail", send_key="theirs", recipient="bob@client.example")

    call_command("dispatch_hold", "--organization", "ours")
    assert "ours: 1 held\nHeld: 1" in capsys.readouterr().out
    assert drain(Lane.BULK) == {"sent": 1}
    assert row().status == "held"

    call_command("dispatch_release", "--organization", "ours")
    assert drain(Lane.BULK) == {"sent": 1}


def test_messages_are_held_by_the_moment_they_were_due(queue, row, organization, capsys):
    moment = timezone.now().replace(microsecond=0)
    queue("old", due_at=moment - timedelta(minutes=1))
    queue("new", due_at=moment + timedelta(minutes=1))

    call_command("dispatch_hold", "--before", moment.isoformat())

    assert (row("old").status, row("new").status) == ("held", "pending")
    call_command("dispatch_hold", "--before", f"{moment + timedelta(minutes=2):%Y-%m-%dT%H:%M:%S}")
    assert row("new").status == "held"


def test_a_time_or_a_name_that_is_none_is_told(as_worker, organization):
    with pytest.raises(CommandError, match="is no time"):
        call_command("dispatch_hold", "--before", "yesterday")
    with pytest.raises(CommandError, match="no organization 'nowhere'"):
        call_command("dispatch_hold", "--organization", "nowhere")
    with tenant(organization.pk):
        assert not Message.objects.exists()
