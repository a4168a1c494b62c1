from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from accounts.dispatch.registry import generator_of
from accounts.models import AuditEntry
from clients import services
from clients.choices import Lifecycle
from clients.services import daily
from tests.factories.clients import ContractLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
ON = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today():
    cache.clear()
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False) as traveller:
        yield traveller


def line(auto_renew=True, **facts):
    """A line of a contract over one year, which ended a month ago."""
    return ContractLineFactory(
        contract__starts_on=date(2025, 2, 1),
        contract__ends_on=date(2026, 2, 1),
        contract__auto_renew=auto_renew,
        **facts,
    )


def test_renew_contracts_gives_the_next_term_while_a_line_runs():
    renewed, ended = line(), line(ends_on=date(2026, 2, 1))
    by_hand = line(auto_renew=False)

    assert services.renew_contracts(actor=None, on=ON) == 1

    for row in (renewed, ended, by_hand):
        row.contract.refresh_from_db()
    assert renewed.contract.ends_on == date(2027, 2, 1)
    assert {ended.contract.ends_on, by_hand.contract.ends_on} == {date(2026, 2, 1)}
    assert AuditEntry.objects.get().verb == "renewed"
    assert services.renew_contracts(actor=None, on=ON) == 0


def test_the_days_are_followed_once_a_day(today):
    client = line().client

    generator_of("client_days").function()
    client.refresh_from_db()
    assert (client.next_renewal_on, client.lifecycle) == (date(2027, 2, 1), Lifecycle.ACTIVE)

    other = line().client
    daily.follow_the_days()
    other.refresh_from_db()
    assert other.next_renewal_on is None

    today.move_to("2026-03-03 00:10+00:00")
    daily.follow_the_days()
    other.refresh_from_db()
    assert other.next_renewal_on == date(2027, 2, 1)
