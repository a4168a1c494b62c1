from datetime import UTC, date, datetime, timedelta

import pytest

from clients.choices import Lifecycle
from clients.models import Client, LifecyclePeriod
from clients.services import rollups
from tests.factories.clients import ClientFactory, ContractFactory, ContractLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
ON = date(2026, 3, 2)


def test_rebuild_finds_what_an_import_left_to_do():
    old = ContractLineFactory(
        contract__starts_on=date(2024, 1, 1), contract__ends_on=date(2026, 6, 1), contract__client__currency=""
    ).client
    ContractLineFactory(contract=old.contracts.get(), mrr_minor=1, ends_on=ON)
    gone = ContractLineFactory(contract__starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1)).client
    bare = ClientFactory()

    assert rollups.rebuild(on=ON) == 2

    for client in (old, gone, bare):
        client.refresh_from_db()
    assert (old.mrr_minor, old.currency, old.lifecycle) == (10_000, "USD", Lifecycle.ACTIVE)
    assert (old.since, old.next_renewal_on, old.notice_on) == (date(2024, 1, 1), date(2026, 6, 1), date(2026, 5, 2))
    assert (gone.mrr_minor, gone.lifecycle, bare.lifecycle) == (0, Lifecycle.CHURNED, Lifecycle.ONBOARDING)
    assert LifecyclePeriod.objects.get(client=gone).from_on == date(2025, 1, 1)
    assert LifecyclePeriod.objects.get(client=bare).from_on == ON
    assert (old.version, gone.version) == (1, 1)


def test_rebuild_again_changes_nothing():
    ContractLineFactory()
    rollups.rebuild(on=ON)

    assert rollups.rebuild(on=ON) == 0
    assert LifecyclePeriod.objects.count() == 1


def test_rebuild_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    ids = [ContractLineFactory(contract__starts_on=date(2024, 1, 1)).client.pk for _ in range(12)]

    with django_assert_max_num_queries(10):
        rollups.rebuild(ids[:1], on=ON)
    with django_assert_max_num_queries(10):
        rollups.rebuild(ids, on=ON)
    assert Client.objects.filter(mrr_minor=10_000).count() == 12


def test_days_alone_move_the_lifecycle_and_its_history():
    line = ContractLineFactory(contract__starts_on=date(2026, 1, 1), contract__ends_on=date(2027, 1, 1))
    for day in (date(2026, 2, 1), date(2026, 4, 2), date(2026, 10, 10)):
        rollups.rebuild(on=day)
    line.ends_on = date(2027, 1, 1)
    line.save()
    rollups.refresh_revenue(line.client, on=date(2027, 1, 5))

    rows = LifecyclePeriod.objects.filter(client=line.client).order_by("from_on")
    assert [(row.lifecycle, row.from_on, row.until_on) for row in rows] == [
        (Lifecycle.ONBOARDING, date(2026, 1, 1), date(2026, 4, 1)),
        (Lifecycle.ACTIVE, date(2026, 4, 1), date(2026, 10, 3)),
        (Lifecycle.RENEWING, date(2026, 10, 3), date(2027, 1, 1)),
        (Lifecycle.CHURNED, date(2027, 1, 1), None),
    ]
    assert line.client.lifecycle == Lifecycle.CHURNED


def test_two_changes_on_a_day_leave_one_row():
    client = ClientFactory()
    LifecyclePeriod.objects.create(client=client, lifecycle=Lifecycle.ONBOARDING, from_on=ON)
    line = ContractLineFactory(contract=ContractFactory(client=client, starts_on=date(2024, 1, 1)))
    rollups.refresh_revenue(client, on=ON)
    line.ends_on = ON
    line.save()

    rollups.refresh_revenue(client, on=ON)

    row = LifecyclePeriod.objects.get(client=client)
    assert (row.lifecycle, row.from_on, row.until_on) == (Lifecycle.CHURNED, ON, None)


def test_since_is_kept_when_somebody_wrote_it_down():
    line = ContractLineFactory(contract__client__since=date(2020, 5, 5))

    assert rollups.refresh_revenue(line.client, on=ON).since == date(2020, 5, 5)


def test_touch_only_moves_forward():
    client = ClientFactory()
    first = datetime(2026, 3, 1, tzinfo=UTC)

    rollups.touch(client, first)
    rollups.touch(client, first - timedelta(days=1))
    stored = Client.objects.get()
    assert client.last_contact_at == stored.last_contact_at == first

    rollups.set_last_contact(client, None)
    assert Client.objects.get().last_contact_at is None


def test_latest_score_counts_and_scales_are_never_mixed():
    client = ClientFactory()

    rollups.record_score(client, "nps", 3, ON)
    rollups.record_score(client, "nps", 9, ON - timedelta(days=1))
    rollups.record_score(client, "csat", 5, ON)
    rollups.record_score(client, "ces", 7, ON)

    stored = Client.objects.get()
    assert (stored.last_nps, stored.last_nps_on, stored.last_csat) == (3, ON, 5)
    assert (client.last_nps, client.last_csat) == (3, 5)


def test_critical_concerns_are_stored():
    client = ClientFactory()

    rollups.set_critical_concerns(client, 2)

    assert Client.objects.get().critical_concerns == client.critical_concerns == 2
