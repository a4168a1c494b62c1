import os
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.dispatch.choices import Lane
from accounts.dispatch.claim import claim, give_back
from accounts.dispatch.queue import Draft, enqueue_many
from accounts.tenancy.context import tenant
from tests.factories.accounts import OrganizationFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_worker")]


def fill(count, *, lane=Lane.BULK, due_at=None):
    organization = OrganizationFactory()
    with tenant(organization.pk):
        drafts = [Draft(f"m:{number}", "ada@client.example", {}) for number in range(count)]
        enqueue_many(kind="test.mail", lane=lane, drafts=drafts, due_at=due_at)
    return organization.pk


def shares(claimed):
    return Counter(message.organization_id for message in claimed)


def test_a_batch_is_shared_among_the_organizations_that_wait():
    big, small, tiny = fill(100), fill(5), fill(1)

    assert shares(claim(Lane.BULK, 30)) == {big: 10, small: 5, tiny: 1}


def test_a_lone_organization_gets_the_whole_batch():
    lone = fill(100)
    fill(3, due_at=timezone.now() + timedelta(hours=1))
    fill(3, lane=Lane.URGENT)

    assert shares(claim(Lane.BULK, 30)) == {lone: 30}


def test_more_organizations_than_places_take_turns():
    waiting = {fill(2) for _organization in range(6)}

    first = claim(Lane.BULK, 4)
    rest = [claim(Lane.BULK, 4) for _batch in range(3)]

    assert set(shares(first).values()) == {1}
    everything = [message for batch in (first, *rest) for message in batch]
    assert len({message.id for message in everything}) == 12
    assert shares(everything) == dict.fromkeys(waiting, 2)


def test_what_is_given_back_is_free_at_once_and_not_charged(sql):
    organization_id = fill(3)
    batch = claim(Lane.BULK, 10)
    assert claim(Lane.BULK, 10) == []

    assert give_back(batch[0].token) == 3

    assert len(claim(Lane.BULK, 10)) == 3
    assert sql("SELECT count(*) FROM accounts_message") == [(0,)]  # and the worker itself sees no organization's rows
    with tenant(organization_id):
        assert sql("SELECT DISTINCT status, attempts FROM accounts_message") == [("leased", 0)]


def test_the_walk_over_organizations_uses_the_index():
    """Asked as a role with the functions' view of the table; in one organization another index would serve as well."""
    fill(300)
    fill(300)
    url = urlsplit(os.environ["DATABASE_OPS_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")

    with psycopg.connect(url.geturl()) as session:
        # A table this small is read whole in any case; the question is whether the index can serve the walk.
        session.execute("SET enable_seqscan = off")
        plan = session.execute(
            "EXPLAIN SELECT organization_id FROM accounts_message WHERE status = 'pending' AND lane = 1"
            " AND organization_id > '00000000-0000-7000-8000-000000000000' ORDER BY organization_id LIMIT 1"
        ).fetchall()

    assert "message_due" in "\n".join(line for (line,) in plan)
