from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.dispatch.choices import Lane, MessageStatus
from accounts.dispatch.claim import claim
from accounts.dispatch.models import Message
from accounts.dispatch.queue import Draft, cancel, enqueue, enqueue_many, hold, release
from accounts.dispatch.registry import generator_of, generators, register, register_generator
from tests.accounts.dispatch.kinds import write

pytestmark = pytest.mark.usefixtures("inside")


def test_enqueuing_twice_gives_one_row():
    first = enqueue(kind="test.mail", send_key="survey:1:2", recipient="ada@client.example", payload={"n": 1})
    second = enqueue(kind="test.mail", send_key="survey:1:2", recipient="bob@client.example", payload={"n": 2})

    assert (second.pk, second.recipient, second.payload) == (first.pk, "ada@client.example", {"n": 1})
    assert (first.status, first.attempts, str(first)) == ("pending", 0, "ada@client.example")
    assert first.due_at == first.next_attempt_at


def test_many_are_queued_once_each():
    drafts = [Draft(f"many:{number}", "ada@client.example", {}) for number in range(7)]

    enqueue_many(kind="test.mail", lane=Lane.BULK, drafts=drafts)
    enqueue_many(kind="test.mail", lane=Lane.BULK, drafts=drafts)

    assert Message.objects.count() == 7


def test_a_message_waits_for_its_time():
    tomorrow = timezone.now() + timedelta(days=1)

    message = enqueue(kind="test.mail", send_key="later", due_at=tomorrow)

    assert message.due_at == message.next_attempt_at == tomorrow


def test_a_rolled_back_business_transaction_leaves_no_message():
    with transaction.atomic():
        enqueue(kind="test.mail", send_key="undone")
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_an_unknown_kind_is_refused_before_it_is_queued():
    with pytest.raises(LookupError, match="test.typo"):
        enqueue(kind="test.typo", send_key="x")


@pytest.mark.parametrize(
    ("status", "is_taken_back"),
    [("pending", True), ("leased", True), ("held", True), ("sending", False), ("sent", False), ("dead", False)],
)
def test_a_message_can_be_taken_back_until_it_is_at_the_mail_server(status, is_taken_back):
    message = enqueue(kind="test.mail", send_key="x")
    Message.objects.filter(pk=message.pk).update(status=status)

    assert cancel("x") is is_taken_back

    message.refresh_from_db()
    assert message.status == ("cancelled" if is_taken_back else status)


def test_taking_back_what_was_never_queued_is_told():
    assert cancel("nothing") is False


def test_after_a_restore_old_messages_wait_for_the_operator():
    now = timezone.now()
    enqueue(kind="test.mail", send_key="old", due_at=now - timedelta(hours=2))
    enqueue(kind="test.mail", send_key="new", due_at=now + timedelta(hours=2))

    assert hold(due_before=now) == 1
    assert Message.objects.get(send_key="old").status == MessageStatus.HELD
    assert release() == 1
    assert Message.objects.get(send_key="old").status == MessageStatus.PENDING


def test_a_name_is_registered_once():
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        register("test.mail", write)
    register_generator("test.once", 60, lambda: None)
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        register_generator("test.once", 60, lambda: None)
    assert "test.once" in {generator.name for generator in generators()}
    with pytest.raises(LookupError, match="test.never"):
        generator_of("test.never")


def test_the_web_role_may_not_claim():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        claim(Lane.BULK, 10)
