"""Traps 1, 4, 8, 9, 20: whose rows these are, from opening to closing."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Holiday
from accounts.tenancy.context import TenantError, current_organization_id, on_commit, tenant
from tests.factories.accounts import OrganizationFactory

pytestmark = pytest.mark.django_db


def add_holiday(name="Founding day"):
    return Holiday.objects.create(on="2026-09-23", name=name)


def names_in_sql():
    """What the database itself shows, past every manager."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_holiday ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


def test_a_query_outside_a_tenant_raises_when_it_is_compiled_not_when_it_is_built():
    queryset = Holiday.objects.filter(name="x")

    with pytest.raises(TenantError, match="No organization is set"):
        list(queryset)


def test_the_database_shows_nothing_outside_a_tenant(organization):
    with tenant(organization.pk):
        add_holiday()
        assert names_in_sql() == ["Founding day"]

    assert names_in_sql() == []
    assert current_organization_id() is None


def test_another_organizations_rows_are_invisible_and_cannot_be_written(organization, other_organization):
    with tenant(other_organization.pk):
        theirs = add_holiday("Theirs")
    with tenant(organization.pk):
        assert names_in_sql() == []
        assert not Holiday.objects.filter(pk=theirs.pk).exists()
        assert Holiday.objects.filter(pk=theirs.pk).update(name="ours") == 0
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_holiday SET name = 'ours'")
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM accounts_holiday")
            assert cursor.rowcount == 0
    with tenant(organization.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Holiday.objects.create(on="2026-01-01", name="Smuggled", organization_id=other_organization.pk)


def test_a_row_cannot_be_moved_to_another_organization(organization, other_organization):
    with tenant(organization.pk):
        add_holiday()
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE accounts_holiday SET organization_id = %s", [other_organization.pk])


def test_another_organization_inside_is_refused_unless_meant(organization, other_organization):
    with tenant(organization.pk):
        with pytest.raises(TenantError, match="switch=True"), tenant(other_organization.pk):
            pass
        with tenant(other_organization.pk, switch=True):
            add_holiday("Theirs")
        assert names_in_sql() == []
        assert current_organization_id() == organization.pk


def add_and_fail(organization):
    with tenant(organization.pk, switch=True):
        add_holiday("Lost")
        raise ZeroDivisionError


def test_the_outer_organization_is_back_after_an_error_inside(organization, other_organization):
    with tenant(organization.pk):
        add_holiday("Ours")
        with pytest.raises(ZeroDivisionError):
            add_and_fail(other_organization)
        with pytest.raises(DatabaseError), tenant(other_organization.pk, switch=True):
            connection.cursor().execute("SELECT no_such_column")
        assert names_in_sql() == ["Ours"]


@pytest.mark.parametrize("wrong", ["'; DROP TABLE accounts_user; --", "", "not-a-key"])
def test_only_a_key_opens_a_tenant(wrong):
    with pytest.raises(ValueError), tenant(wrong):
        pass


def test_an_unknown_organization_has_no_rows(organization):
    with tenant(organization.pk):
        add_holiday()
    with tenant(uuid.uuid4()):
        assert names_in_sql() == []


@pytest.mark.django_db(transaction=True)
def test_on_commit_runs_in_the_organization_that_registered_it():
    ours, theirs = OrganizationFactory(), OrganizationFactory()
    seen = []
    with tenant(ours.pk):
        add_holiday("Ours")
        on_commit(lambda: seen.append((current_organization_id(), names_in_sql())))
        with tenant(theirs.pk, switch=True):
            add_holiday("Theirs")
            on_commit(lambda: seen.append((current_organization_id(), names_in_sql())))
        assert seen == []

    assert seen == [(ours.pk, ["Ours"]), (theirs.pk, ["Theirs"])]


def test_on_commit_outside_a_tenant_is_refused():
    with pytest.raises(TenantError):
        on_commit(print)


def test_the_same_key_in_two_organizations_is_no_conflict(organization, other_organization):
    for each in (organization, other_organization):
        with tenant(each.pk):
            assert add_holiday().organization_id == each.pk


def test_updates_and_deletes_name_the_organization(inside, django_assert_num_queries):
    holiday = add_holiday()
    with django_assert_num_queries(3) as captured:
        holiday.name = "Renamed"
        holiday.save()
        Holiday.objects.filter(pk=holiday.pk).update(name="Again")
        holiday.delete()

    for query in captured.captured_queries:
        assert "organization_id" in query["sql"].split("WHERE")[1], query["sql"]
