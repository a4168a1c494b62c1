from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.dispatch import rates
from accounts.dispatch.choices import Lane
from accounts.dispatch.claim import claim, give_back
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Provider, SendingAllowance
from accounts.dispatch.queue import Draft, enqueue_many
from accounts.dispatch.transport import TemporaryError
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds
from tests.factories.accounts import OrganizationFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_worker")]


@pytest.fixture
def bucket(settings):
    """Ten a second: as good as no refill while a test runs, unless it lets time pass."""
    settings.DISPATCH_RATE, settings.DISPATCH_BURST, settings.DISPATCH_ORGANIZATION_SHARE = 0.001, 10, 0.2
    return rates.bucket("mail.example:25")


def fill(count, lane=Lane.BULK):
    organization = OrganizationFactory()
    with tenant(organization.pk):
        drafts = [Draft(f"m:{number}", "ada@client.example", {}) for number in range(count)]
        enqueue_many(kind="test.mail", lane=lane, drafts=drafts)
    return organization.pk


def shares(claimed):
    return Counter(message.organization_id for message in claimed)


def tokens():
    return int(Provider.objects.get().tokens)


def allowance(organization_id):
    with tenant(organization_id):
        return round(SendingAllowance.objects.get().tokens, 1)


def pass_seconds(seconds, *organization_ids):
    earlier = {"refilled_at": Now() - timedelta(seconds=seconds)}
    Provider.objects.update(**earlier)
    for organization_id in organization_ids:
        with tenant(organization_id):
            SendingAllowance.objects.update(**earlier)


def test_without_a_rate_there_is_no_bucket(settings):
    settings.DISPATCH_RATE = 0

    assert rates.bucket("mail.example:25") is None


def test_a_claim_without_a_rate_asks_for_no_tokens():
    fill(3)

    with CaptureQueriesContext(connection) as asked:
        assert len(claim(Lane.BULK, 10)) == 3

    [statement] = [query["sql"] for query in asked if "accounts_" in query["sql"] or "dispatch." in query["sql"]]
    assert "dispatch.claim(" in statement


def test_no_more_is_claimed_than_there_are_tokens_and_a_fifth_is_kept_for_urgent_mail(bucket):
    fill(30)
    fill(30, Lane.URGENT)

    assert len(claim(Lane.BULK, 50, bucket)) == 8
    assert claim(Lane.BULK, 50, bucket) == []
    assert len(claim(Lane.URGENT, 50, bucket)) == 2
    assert claim(Lane.URGENT, 50, bucket) == []
    assert tokens() == 0


def test_an_empty_queue_costs_no_tokens(bucket):
    assert claim(Lane.BULK, 50, bucket) == []
    assert tokens() == 10


def test_tokens_come_back_with_time_and_never_more_than_the_burst(bucket, settings):
    fill(50)
    bucket.rate = 2.0
    claim(Lane.BULK, 50, bucket)

    pass_seconds(2)
    assert len(claim(Lane.BULK, 50, bucket)) in (4, 5)
    pass_seconds(3600)
    assert len(claim(Lane.BULK, 50, bucket)) == 8


def test_a_provider_that_had_enough_gets_half_for_some_minutes(bucket):
    fill(50)
    bucket.rate = 2.0
    claim(Lane.BULK, 50, bucket)

    rates.slow_down(bucket.name)
    pass_seconds(4)
    assert len(claim(Lane.BULK, 50, bucket)) in (2, 3)
    Provider.objects.update(slow_until=Now() - timedelta(seconds=1), tokens=2)
    pass_seconds(3)
    assert len(claim(Lane.BULK, 50, bucket)) == 6


def test_what_is_given_back_brings_its_tokens_back(bucket):
    organization_id = fill(30)
    fill(30)
    batch = claim(Lane.BULK, 3, bucket)
    before = tokens()
    mine = shares(batch)[organization_id]
    left = allowance(organization_id)

    assert give_back(batch[0].token, bucket) == 3

    assert tokens() == before + 3
    assert allowance(organization_id) == min(2, left + mine)
    with tenant(organization_id):
        assert str(SendingAllowance.objects.get()) == f"{min(2, left + mine):.1f}"


def test_an_organization_above_its_share_stands_back_while_another_waits(bucket):
    big = fill(100)
    assert shares(claim(Lane.BULK, 4, bucket)) == {big: 4}
    assert allowance(big) == 0

    small = fill(2)

    assert shares(claim(Lane.BULK, 2, bucket)) == {small: 2}


def test_what_nobody_else_wants_goes_to_those_above_their_share(bucket):
    big, small = fill(100), fill(1)

    assert shares(claim(Lane.BULK, 50, bucket)) == {big: 7, small: 1}


def test_an_organizations_share_comes_back_with_time(bucket):
    one, two = fill(20), fill(20)
    claim(Lane.BULK, 8, bucket)
    bucket.rate = 1.0

    pass_seconds(5, one)

    assert shares(claim(Lane.BULK, 1, bucket)) == {one: 1}
    assert allowance(two) == 0


def test_urgent_mail_asks_for_no_share_but_counts(bucket):
    organization_id = fill(20, Lane.URGENT)
    fill(1, Lane.URGENT)

    assert len(claim(Lane.URGENT, 50, bucket)) == 6
    assert len(claim(Lane.URGENT, 50, bucket)) == 4
    assert allowance(organization_id) == 0


def test_a_small_burst_still_lets_bulk_mail_through(bucket):
    fill(3)
    bucket.burst = 1.0

    assert len(claim(Lane.BULK, 50, bucket)) == 1


def test_a_worker_sends_what_the_tokens_allow_and_asks_again_later(queue, mailoutbox, bucket, settings):
    for number in range(12):
        queue(f"m{number}")

    assert drain(Lane.BULK) == {"sent": 8}
    assert drain(Lane.BULK) == {}
    assert len(mailoutbox) == 8


def test_the_servers_too_many_halves_the_rate(queue, mail_server, settings):
    queue(recipient="closing@client.example")

    assert drain(Lane.BULK) == {"retry": 1}
    assert Provider.objects.filter(slow_until__gt=Now(), open_until=None).count() == 1


def test_a_busy_server_is_left_alone_and_slowed(queue, row, mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "busy@x.example"
    queue()

    assert drain(Lane.BULK) == {"down": 1}
    assert Provider.objects.filter(slow_until__gt=Now(), open_until__gt=Now()).count() == 1
    assert row().attempts == 0


def test_a_pause_that_the_provider_asks_for_ends_the_batch(queue, row, settings):
    settings.EMAIL_BACKEND = "tests.accounts.dispatch.test_breaker.Failing"

    def write(message):
        raise TemporaryError("429 Too many", is_too_many=True, pause=120)

    kinds.doing["write"] = write
    queue("a")
    queue("b")

    assert drain(Lane.BULK) == {"down": 1}
    assert drain(Lane.BULK) == {}
    waits = {row(key).deferrals for key in "ab"}
    assert waits == {0, 1}
