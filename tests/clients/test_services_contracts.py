from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.exceptions import StaleVersion
from accounts.models import AuditEntry
from clients import services
from clients.choices import ChurnReason, Lifecycle
from clients.exceptions import ContactCycle, CurrencyFixed, ForeignRow, LineEnded, ProductArchived
from clients.models import Client, Contact, ContractLine, LifecyclePeriod, Measure
from clients.queries import mrr_by_currency
from clients.signals import client_churned, contract_changed
from tests.factories.clients import ClientFactory, ContactFactory, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def contract(member):
    """A year at 100.00, agreed a year ago, ending in 29 days."""
    return services.add_contract(
        actor=member,
        client=ClientFactory(),
        number="C-1",
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        notice_days=30,
        lines=[{"product": ProductFactory(name="Basic"), "mrr_minor": 10_000, "quantity": 5}],
    )


def test_add_contract_with_lines_moves_the_clients_figures(contract):
    client = contract.client

    assert (contract.name, contract.currency) == ("C-1", "USD")
    assert (client.mrr_minor, client.lifecycle, client.since) == (10_000, Lifecycle.RENEWING, date(2025, 4, 1))
    assert (client.next_renewal_on, client.notice_on) == (date(2026, 3, 31), date(2026, 3, 1))
    assert client.version == 1
    line = contract.lines.get()
    assert (line.client, line.starts_on, line.ends_on, line.quantity) == (client, date(2025, 4, 1), contract.ends_on, 5)


def test_add_contract_gives_itself_a_name(member):
    contract = services.add_contract(actor=member, client=ClientFactory(), starts_on=TODAY)

    assert contract.name == "Contract of 2 March 2026"


def test_add_contract_refuses_the_whole_when_a_line_is_wrong(member):
    client = ClientFactory()

    with pytest.raises(ValidationError):
        services.add_contract(
            actor=member, client=client, starts_on=TODAY, lines=[{"product": ProductFactory(), "mrr_minor": -1}]
        )

    assert not client.contracts.exists()


def test_line_of_a_contract_that_renews_by_itself_runs_on(member):
    contract = services.add_contract(
        actor=member, client=ClientFactory(), starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1), auto_renew=True
    )

    line = services.add_contract_line(actor=member, contract=contract, product=ProductFactory(), mrr_minor=5)

    assert line.ends_on is None
    assert (contract.client.mrr_minor, contract.client.next_renewal_on) == (5, None)


def test_change_contract_takes_its_lines_along(member, contract):
    changed = services.change_contract(actor=member, contract=contract, version=1, ends_on=date(2027, 3, 31))

    assert changed.lines.get().ends_on == date(2027, 3, 31)
    assert (changed.client.lifecycle, changed.client.next_renewal_on) == (Lifecycle.ACTIVE, date(2027, 3, 31))
    with pytest.raises(StaleVersion):
        services.change_contract(actor=member, contract=contract, version=1, notice_days=60)
    with pytest.raises(ValidationError, match="ends before it starts"):
        services.change_contract(actor=member, contract=changed, ends_on=date(2020, 1, 1))


def test_contract_keeps_its_currency_while_it_has_lines(member, contract):
    with pytest.raises(CurrencyFixed, match="Add a new contract"):
        services.change_contract(actor=member, contract=contract, currency="KWD")

    services.archive_contract_line(actor=member, line=contract.lines.get())
    assert services.change_contract(actor=member, contract=contract, currency="KWD").currency == "KWD"


def test_currencies_are_never_added(member, contract):
    client = contract.client
    services.add_contract(
        actor=member,
        client=client,
        starts_on=TODAY,
        currency="KWD",
        lines=[{"product": ProductFactory(), "mrr_minor": 7_000}],
    )

    assert client.mrr_minor == 10_000
    assert mrr_by_currency(Client.objects.all()) == {"USD": 10_000, "KWD": 7_000}
    assert services.change_client(actor=member, client=client, currency="KWD").mrr_minor == 7_000


def test_end_contract_ends_its_lines_and_churns_the_client(member, contract):
    ended = services.end_contract(actor=member, contract=contract, on=TODAY)

    assert (ended.ends_on, ended.lines.get().ends_on) == (TODAY, TODAY)
    assert (ended.client.mrr_minor, ended.client.lifecycle) == (0, Lifecycle.CHURNED)
    with pytest.raises(LineEnded, match="Choose a later day"):
        services.end_contract(actor=member, contract=contract, on=date(2025, 3, 31))


def test_archived_contract_counts_nowhere_until_it_is_restored(member, contract):
    archived = services.archive_contract(actor=member, contract=contract)
    assert (archived.client.mrr_minor, archived.client.lifecycle) == (0, Lifecycle.ONBOARDING)
    assert mrr_by_currency(Client.objects.all()) == {}

    restored = services.restore_contract(actor=member, contract=archived)
    assert restored.client.mrr_minor == 10_000


def test_contract_line_is_changed_ended_and_restored(member, contract):
    line = services.change_contract_line(actor=member, line=contract.lines.get(), version=1, mrr_minor=20_000)
    assert line.client.mrr_minor == 20_000

    ended = services.end_contract_line(actor=member, line=line, version=2)
    assert (ended.ends_on, ended.client.mrr_minor) == (TODAY, 0)
    with pytest.raises(LineEnded, match="ended on 2 March 2026 already"):
        services.end_contract_line(actor=member, line=ended)
    with pytest.raises(LineEnded, match="Choose a later day"):
        services.end_contract_line(actor=member, line=ended, on=date(2025, 1, 1))

    other = services.add_contract_line(actor=member, contract=contract, product=ProductFactory(), mrr_minor=1)
    assert services.archive_contract_line(actor=member, line=other).client.mrr_minor == 0
    assert services.restore_contract_line(actor=member, line=other).client.mrr_minor == 1


def test_archived_product_is_not_sold_any_more(member, contract):
    product = services.archive_product(actor=member, product=contract.lines.get().product)

    with pytest.raises(ProductArchived, match="no longer sold"):
        services.add_contract_line(actor=member, contract=contract, product=product, mrr_minor=1)
    assert contract.client.mrr_minor == 10_000
    assert not services.restore_product(actor=member, product=product).is_archived


def test_products_are_named_and_coded_once(member):
    product = services.add_product(actor=member, name="Basic", code="B", list_price_minor=0)

    with pytest.raises(ValidationError) as refused:
        services.add_product(actor=member, name="Basic", code="B")
    assert len(refused.value.messages) == 2
    services.change_product(actor=member, product=product, version=1, code="")
    services.add_product(actor=member, name="Other")


def test_contract_changes_are_announced(member, contract):
    said = []
    contract_changed.connect(lambda sender, contract, **facts: said.append(contract), weak=False, dispatch_uid="t")
    try:
        services.end_contract_line(actor=member, line=contract.lines.get())
    finally:
        contract_changed.disconnect(dispatch_uid="t")

    assert said == [contract]


def test_record_churn_ends_what_runs_and_is_announced(member, contract):
    said = []
    client_churned.connect(lambda sender, event, **facts: said.append(event), weak=False, dispatch_uid="t")
    client = contract.client
    try:
        event = services.record_churn(actor=member, client=client, reason=ChurnReason.PRICING, refund_minor=403)
    finally:
        client_churned.disconnect(dispatch_uid="t")

    assert (event.on, event.currency, said) == (TODAY, "USD", [event])
    assert (client.lifecycle, client.mrr_minor) == (Lifecycle.CHURNED, 0)
    assert AuditEntry.objects.filter(object_id=event.pk, verb="churned").exists()


def test_record_churn_for_the_future_keeps_revenue_until_then(member, contract):
    event = services.record_churn(actor=member, client=contract.client, on=date(2026, 3, 20))

    assert contract.client.mrr_minor == 10_000
    assert ContractLine.objects.get().ends_on == event.on == contract.client.next_renewal_on


def test_reactivation_ends_nothing(member, contract):
    event = services.record_churn(actor=member, client=contract.client, is_reactivation=True)

    assert event.is_reactivation
    assert ContractLine.objects.running(TODAY).exists()


def test_client_that_comes_back_is_won_back(member, contract, today):
    client = contract.client
    services.record_churn(actor=member, client=client)
    today.move_to("2026-06-01 09:00+00:00")

    services.add_contract(
        actor=member,
        client=client,
        starts_on=date(2026, 6, 1),
        lines=[{"product": ProductFactory(), "mrr_minor": 1}],
    )

    assert client.lifecycle == Lifecycle.WON_BACK
    rows = LifecyclePeriod.objects.filter(client=client).order_by("from_on")
    assert [(row.lifecycle, row.from_on, row.until_on) for row in rows] == [
        (Lifecycle.RENEWING, date(2025, 12, 31), TODAY),
        (Lifecycle.CHURNED, TODAY, date(2026, 6, 1)),
        (Lifecycle.WON_BACK, date(2026, 6, 1), None),
    ]


def test_record_measure_sets_the_month(member):
    client = ClientFactory()

    services.record_measure(actor=member, client=client, name="usage", month=date(2026, 3, 17), value=5)
    services.record_measure(actor=member, client=client, name="usage", month=date(2026, 3, 1), value=6)
    services.record_measure(actor=member, client=client, name="usage", month=date(2026, 3, 1), value=6)

    assert [(row.month, row.value) for row in Measure.objects.all()] == [(date(2026, 3, 1), 6)]
    assert AuditEntry.objects.count() == 2


def test_first_contact_is_primary_and_a_new_one_takes_over(member):
    client = ClientFactory()
    first = services.add_contact(actor=member, client=client, name="Ada")
    second = services.add_contact(actor=member, client=client, name="Bea")
    assert (first.is_primary, second.is_primary) == (True, False)

    services.change_contact(actor=member, contact=second, version=1, is_primary=True)
    first.refresh_from_db()
    assert not first.is_primary
    third = services.add_contact(actor=member, client=client, name="Cleo", is_primary=True)
    assert Contact.objects.get(client=client, is_primary=True) == third


def test_restored_contact_leaves_the_primary_place_to_its_successor(member):
    client = ClientFactory()
    first = services.add_contact(actor=member, client=client, name="Ada")
    archived = services.archive_contact(actor=member, contact=first)
    services.add_contact(actor=member, client=client, name="Bea")

    assert not services.restore_contact(actor=member, contact=archived).is_primary


def test_contacts_stay_with_their_client_and_report_within_it(member):
    client = ClientFactory()
    boss, worker = ContactFactory(client=client, name="Ada"), ContactFactory(client=client, name="Bea")
    stranger = ContactFactory(name="Cleo")

    services.change_contact(actor=member, contact=worker, reports_to=boss)
    with pytest.raises(ContactCycle, match="Bea reports to Ada already"):
        services.change_contact(actor=member, contact=boss, reports_to=Contact.objects.get(pk=worker.pk))
    with pytest.raises(ForeignRow, match="works for another client"):
        services.change_contact(actor=member, contact=boss, reports_to=stranger)
    with pytest.raises(ForeignRow):
        services.add_contact(actor=member, client=client, name="Dora", reports_to=stranger)
    with pytest.raises(ForeignRow, match="stays with its client"):
        services.change_contact(actor=member, contact=boss, client=stranger.client)
    assert services.change_contact(actor=member, contact=boss, client=client, phone="1").phone == "1"


def test_wrong_addresses_are_told_by_field(member):
    with pytest.raises(ValidationError) as refused:
        services.add_contact(actor=member, client=ClientFactory(), name="Ada", email="nowhere")

    assert list(refused.value.error_dict) == ["email"]
