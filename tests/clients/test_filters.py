from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from clients.choices import AssignmentRole
from clients.filters import ClientFilter, ContactFilter, ContractFilter, OpportunityFilter, ProductFilter
from clients.models import Contract, Product
from tests.factories.clients import (
    AssignmentFactory,
    ClientFactory,
    ClientTagFactory,
    ContactFactory,
    ContractLineFactory,
    OpportunityFactory,
    ProductFactory,
)
from tests.factories.managers import AccountManagerFactory, SigningManagerFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def ask(member, rf):
    """Rows that a filter keeps for somebody (the admin unless said otherwise)."""

    def ask(filter_class, given, by=member):
        request = rf.get("/")
        request.member = by
        rows = filter_class.Meta.model.objects.for_list().visible_to(by)
        return filter_class(given, rows, request=request)

    return ask


def test_clients_are_narrowed_by_everything_a_list_shows(ask):
    today, now = timezone.localdate(), timezone.now()
    manager, helper = AccountManagerFactory(team=TeamFactory()), AccountManagerFactory()
    parent = ClientFactory(last_contact_at=now, main_manager=AccountManagerFactory())
    wanted = ClientFactory(
        name="الأمل Trading",
        main_manager=manager,
        tier="strategic",
        lifecycle="renewing",
        country="SA",
        industry="Retail",
        segment="Large",
        parent=parent,
        last_contact_at=now - timedelta(days=70),
        next_renewal_on=today + timedelta(days=20),
    )
    AssignmentFactory(client=wanted, manager=helper, role=AssignmentRole.ASSISTANT)
    tag = ClientTagFactory(client=wanted).tag
    product = ContractLineFactory(contract__client=wanted).product

    for given in (
        {"q": "trading الامل"},
        {"tier": ["strategic", "scale"]},
        {"lifecycle": ["renewing"]},
        {"manager": manager.pk},
        {"account_team": helper.pk},
        {"team": manager.team.pk},
        {"tag": tag.pk},
        {"country": "SA"},
        {"industry": "Retail"},
        {"segment": "Large"},
        {"parent": parent.pk},
        {"at_risk": "true"},
        {"silent_days": "70"},
        {"renewal_within": "20"},
        {"product": product.pk},
    ):
        asked = ask(ClientFilter, given)
        assert (list(asked.qs), asked.errors) == ([wanted], {}), given
    assert list(ask(ClientFilter, {"at_risk": "false"}).qs) == [parent]
    assert list(ask(ClientFilter, {"unassigned": "true"}).qs) == []
    assert set(ask(ClientFilter, {"unassigned": "false"}).qs) == {wanted, parent}


def test_archived_rows_come_only_when_asked_for(ask):
    here, gone = ClientFactory(name="a"), ClientFactory(name="b", archived_at=timezone.now())

    assert list(ask(ClientFilter, {}).qs) == [here]
    assert list(ask(ClientFilter, {"archived": "true"}).qs) == [gone]
    assert list(ask(ClientFilter, {"archived": "any"}).qs) == [here, gone]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tier", ["huge"]),
        ("lifecycle", ["lost"]),
        ("manager", "someone"),
        ("manager", "00000000-0000-7000-8000-000000000000"),
        ("country", "Egypt"),
        ("at_risk", "1"),
        ("unassigned", "maybe"),
        ("silent_days", "many"),
        ("silent_days", "-1"),
        ("renewal_within", "99999"),
        ("archived", "no"),
    ],
)
def test_a_value_that_does_not_hold_is_an_error_and_no_rows(ask, name, value):
    ClientFactory()
    asked = ask(ClientFilter, {name: value})

    assert list(asked.qs) == []
    assert list(asked.errors) == [name]


def test_somebody_elses_client_is_no_choice(ask):
    manager = SigningManagerFactory(member__role=Role.MANAGER)
    theirs = ContactFactory().client

    asked = ask(ContactFilter, {"client": theirs.pk}, by=manager.member)

    assert list(asked.errors) == ["client"]


def test_contacts_are_narrowed(ask):
    contact = ContactFactory(name="Ada", role="champion", left_on=timezone.localdate())
    other = ContactFactory(name="Bea")

    for given in ({"q": "ada"}, {"client": contact.client.pk}, {"role": ["champion"]}, {"left": "true"}):
        assert list(ask(ContactFilter, given).qs) == [contact], given
    assert list(ask(ContactFilter, {"left": "false"}).qs) == [other]


def test_contracts_and_products_are_narrowed(ask):
    today = timezone.localdate()
    line = ContractLineFactory(contract__number="C-7", contract__ends_on=today + timedelta(days=10))
    ContractLineFactory()

    for given in (
        {"q": "c-7"},
        {"client": line.client.pk},
        {"product": line.product.pk},
        {"ending_within": "10"},
    ):
        assert list(ask(ContractFilter, given).qs) == [line.contract], given
    ProductFactory(name="Other")
    wanted = ProductFactory(name="Basic", code="B-1")
    assert list(ask(ProductFilter, {"q": "b-1"}).qs) == [wanted]
    assert Product.objects.count() == 4
    assert Contract.objects.count() == 2


def test_opportunities_are_narrowed(ask):
    today = timezone.localdate()
    manager, owner = AccountManagerFactory(), AccountManagerFactory()
    wanted = OpportunityFactory(
        name="More seats",
        client__main_manager=manager,
        owner=owner,
        kind="price",
        stage="proposed",
        product=ProductFactory(),
        expected_close_on=today - timedelta(days=1),
    )
    won = OpportunityFactory(stage="won", closed_at=timezone.now())

    for given in (
        {"q": "SEATS"},
        {"stage": ["proposed"]},
        {"kind": ["price"]},
        {"open": "true"},
        {"owner": owner.pk},
        {"manager": manager.pk},
        {"client": wanted.client.pk},
        {"product": wanted.product.pk},
        {"closing_before": today.isoformat()},
        {"overdue": "true"},
    ):
        assert list(ask(OpportunityFilter, given).qs) == [wanted], given
    assert list(ask(OpportunityFilter, {"open": "false"}).qs) == [won]
    assert list(ask(OpportunityFilter, {"overdue": "false"}).qs) == [won]
    assert list(ask(OpportunityFilter, {"closing_before": "soon"}).errors) == ["closing_before"]


def test_a_filter_can_be_described_without_a_request():
    for filter_class in (ClientFilter, ContactFilter, ContractFilter, OpportunityFilter):
        assert filter_class({}, filter_class.Meta.model.objects.none()).form.fields


def test_choices_of_a_filter_stand_by_name(member, rf):
    for name in ("Maha", "Adam", "Zaid", "basma"):
        AccountManagerFactory(name=name)
    request = rf.get("/")
    request.member = member

    form = ClientFilter({}, request=request).form

    assert [str(row) for row in form.fields["manager"].queryset] == ["Adam", "basma", "Maha", "Zaid"]
