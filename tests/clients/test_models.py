from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clients.choices import AssignmentRole, OpportunityStage
from clients.models import Measure
from tests.factories.clients import (
    AssignmentFactory,
    ClientFactory,
    ContactFactory,
    ContractFactory,
    ContractLineFactory,
    MeasureFactory,
    OpportunityFactory,
    TagFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def refused(make, **facts):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make(**facts)
    return str(error.value)


def test_database_keeps_one_current_main_manager():
    client = ClientFactory()
    AssignmentFactory(client=client, role=AssignmentRole.MAIN)

    assert "assignment_one_main" in refused(AssignmentFactory, client=client, role=AssignmentRole.MAIN)
    AssignmentFactory(client=client, role=AssignmentRole.MAIN, until_on=date(2999, 1, 1))


def test_database_keeps_a_manager_on_a_team_once():
    place = AssignmentFactory()

    assert "once_per_manager" in refused(
        AssignmentFactory, client=place.client, manager=place.manager, role=AssignmentRole.SPONSOR
    )


def test_database_keeps_closed_opportunities_dated():
    assert "closed_has_date" in refused(OpportunityFactory, stage=OpportunityStage.WON)


@pytest.mark.parametrize("amount", [0, None, 2**62])
def test_amounts_may_be_zero_unknown_or_large(amount):
    opportunity = OpportunityFactory(amount_minor=amount)
    opportunity.refresh_from_db()

    assert opportunity.amount_minor == amount


def test_negative_amounts_are_refused_in_words_and_by_the_database():
    with pytest.raises(ValidationError) as error:
        OpportunityFactory.build(client=ClientFactory(), amount_minor=-1).full_clean()

    assert "amount_minor" in error.value.error_dict
    refused(OpportunityFactory, amount_minor=-1)
    refused(ContractLineFactory, mrr_minor=-1)


def test_database_keeps_one_primary_contact():
    contact = ContactFactory(is_primary=True)

    assert "one_primary" in refused(ContactFactory, client=contact.client, is_primary=True)


def test_database_keeps_one_measure_a_month_with_and_without_a_product():
    measure = MeasureFactory(month=date(2026, 3, 1))

    assert "once_a_month" in refused(MeasureFactory, client=measure.client, month=measure.month)
    assert "first_of_month" in refused(MeasureFactory, client=measure.client, month=date(2026, 3, 2))
    assert str(Measure.objects.get()) == "usage 2026-03"


def test_two_spellings_are_one_tag():
    TagFactory(name="مهمة")

    assert "tag_once" in refused(TagFactory, name="مهمه")


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "sa"), ("country", "SAU"), ("currency", "XYZ"), ("time_zone", "Riyadh"), ("language", "xx")],
)
def test_codes_are_checked_in_words(field, value):
    client = ClientFactory.build(**{field: value})

    with pytest.raises(ValidationError) as error:
        client.full_clean()

    assert list(error.value.error_dict) == [field]


def test_contracts_and_lines_end_after_they_start():
    contract = ContractFactory()

    for row in (
        ContractFactory.build(client=contract.client, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)),
        ContractLineFactory.build(contract=contract, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)),
    ):
        with pytest.raises(ValidationError, match="ends before it starts"):
            row.clean()
    refused(ContractFactory, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))


def test_notice_is_given_days_before_the_end():
    assert ContractFactory(ends_on=date(2026, 12, 31), starts_on=date(2026, 1, 1)).notice_on == date(2026, 12, 1)
    assert ContractFactory().notice_on is None


def test_rows_say_what_they_are():
    line = ContractLineFactory(product__name="Basic", quantity=3)
    place = AssignmentFactory(manager__name="Layla", role=AssignmentRole.MAIN)

    assert str(line) == "Basic × 3"
    assert str(place) == "Layla (Main manager)"
    assert place.is_current
    assert str(ContactFactory(name="Ada")) == "Ada"
