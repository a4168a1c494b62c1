"""Statements that are compiled once, and what a request is spared: nothing of one tenant or day stays in them."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.models import DateField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Holiday, Membership
from accounts.tenancy.context import TenantError, tenant
from accounts.tenancy.kept import Kept, NotKept, Slot, kept
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 9, 23)


def holidays():
    return Holiday.objects.filter(on__gte=Slot("day", DateField())).order_by("name")


def test_each_organization_gets_its_own_rows_from_one_statement(organization, other_organization):
    with tenant(organization.pk):
        Holiday.objects.create(on=DAY, name="Ours")
        statement = Kept(holidays())
        assert [row.name for row in statement.run(day=DAY)] == ["Ours"]
        assert statement.run(day=DAY + datetime.timedelta(days=1)) == []
    with tenant(other_organization.pk):
        assert statement.run(day=DAY) == []
        Holiday.objects.create(on=DAY, name="Theirs")
        assert [row.name for row in statement.run(day=DAY)] == ["Theirs"]


def test_outside_every_organization_it_raises_like_any_other_query(organization):
    with tenant(organization.pk):
        statement = Kept(holidays())

    with pytest.raises(TenantError):
        statement.run(day=DAY)
    with pytest.raises(TenantError):
        Kept(holidays())


def test_it_gives_what_the_queryset_would(inside, cast):
    members = Membership.objects.select_related("user").filter(is_active=True).order_by("user__name")
    rows, names = members.values("id", "user__name"), members.values_list("user__name", flat=True)

    again = Kept(members).run()
    with CaptureQueriesContext(connection) as queries:
        assert [member.user.name for member in again] == list(names)
    assert len(queries) == 1
    assert Kept(rows).run() == list(rows)
    assert Kept(names).run() == list(names)
    assert Kept(members.none()).run() == []


def test_a_value_in_the_queryset_becomes_a_slot_but_an_equal_one_does_not(inside, cast):
    lead, admin = cast[Role.LEAD], cast[Role.ADMIN]
    equal = type(lead.pk)(str(lead.pk))
    statement = Kept(Membership.objects.filter(pk=lead.pk).exclude(user_id=equal), {"one": lead.pk})

    assert statement.run(one=admin.pk) == [admin]


def test_a_day_or_a_moment_is_refused_because_it_would_stay(inside):
    for queryset in (Holiday.objects.filter(on=DAY), Membership.objects.filter(created_at__lt=timezone.now())):
        with pytest.raises(NotKept, match="make it a slot"):
            Kept(queryset)


def test_a_slot_that_is_nowhere_is_refused(inside):
    with pytest.raises(NotKept, match="client"):
        Kept(Holiday.objects.all(), {"client": object()})


def test_the_same_key_is_made_once():
    first = kept("test", lambda: ["made"])

    assert kept("test", lambda: ["made again"]) is first


def frame(page, method, path):
    with CaptureQueriesContext(connection) as queries:
        response = getattr(page, method)(path)
    return response, [each["sql"].partition(" ")[0] for each in queries]


def test_only_a_request_that_may_write_has_a_savepoint_round_its_view(page):
    page.get(page.url("accounts:member-list"))

    # One is the suite's own: its transaction holds the request's.
    _response, reading = frame(page, "get", page.url("accounts:member-list"))
    _response, writing = frame(page, "post", page.url("accounts:member-list"))

    assert writing.count("SAVEPOINT") == reading.count("SAVEPOINT") + 1


@pytest.mark.django_db(transaction=True)
def test_begin_goes_along_with_the_first_setting(organization):
    with CaptureQueriesContext(connection) as queries, tenant(organization.pk):
        pass

    assert [each["sql"] for each in queries][-2:] == [
        f"BEGIN; SET LOCAL app.organization_id = '{organization.pk}'",
        "COMMIT",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced(organization):
    connection.ensure_connection()
    assert connection.is_usable()
    assert connection.is_usable(), "proved a moment ago"
    connection.connection.pgconn.exec_(b"SELECT pg_terminate_backend(pg_backend_pid())")

    assert not connection.is_quiet()
    connection.health_check_enabled, connection.health_check_done = True, False
    with tenant(organization.pk):
        assert MembershipFactory().pk


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_database_undoes_the_request(organization):
    with tenant(organization.pk):
        Holiday.objects.create(on=DAY, name="Half")
        assert not connection.is_broken
        connection.connection.pgconn.exec_(b"SELECT 1 / 0")
        assert connection.is_broken
        transaction.set_rollback(True)

    with tenant(organization.pk):
        assert not Holiday.objects.exists()
