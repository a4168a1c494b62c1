from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.dispatch.models import Message
from accounts.dispatch.queue import enqueue
from accounts.dispatch.registry import generator_of
from accounts.dispatch.retention import forget_old_messages

pytestmark = pytest.mark.usefixtures("inside")


def message(status, days):
    made = enqueue(kind="test.mail", send_key=f"{status}:{days}", recipient="ada@client.example", payload={"n": 1})
    facts = {"last_error": "550", "errors": [{"error": "550"}], "provider_message_id": "pm-1"}
    Message.objects.filter(pk=made.pk).update(status=status, created_at=Now() - timedelta(days=days), **facts)
    return made


def test_what_ended_long_ago_is_emptied_and_its_key_still_keeps_a_second_copy_away():
    old, fresh, dead, waiting = message("sent", 91), message("sent", 89), message("dead", 91), message("pending", 91)

    assert forget_old_messages() == 1
    assert forget_old_messages() == 0

    old.refresh_from_db()
    assert (old.recipient, old.payload, old.errors, old.last_error, old.provider_message_id) == ("", {}, [], "", "")
    assert enqueue(kind="test.mail", send_key="sent:91", recipient="ada@client.example").status == "sent"
    for kept in (fresh, dead, waiting):
        kept.refresh_from_db()
        assert kept.recipient == "ada@client.example"


@pytest.mark.parametrize("status", ["sent", "suppressed", "cancelled"])
def test_every_end_that_nobody_has_to_look_at_is_emptied(status):
    message(status, 100)

    assert forget_old_messages() == 1


def test_nothing_is_forgotten_where_everything_is_kept(settings):
    settings.DISPATCH_KEEP_DAYS = 0
    message("sent", 9000)

    assert forget_old_messages() == 0


def test_the_clock_does_it():
    assert generator_of("old_messages").function is forget_old_messages
