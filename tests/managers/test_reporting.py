from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from managers.models import Absence, AccountManager
from managers.queries.reporting import covered_manager_ids, forget_portfolio, own_manager_id, portfolio_ids, subtree_ids
from tests.factories.managers import AbsenceFactory, SigningManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def names(ids):
    return set(AccountManager.objects.filter(pk__in=ids).values_list("name", flat=True))


def test_subtree_holds_everyone_below_and_oneself(line):
    assert names(subtree_ids(line["vice"].pk)) == set(line)
    assert names(subtree_ids(line["lead"].pk)) == {"lead", "manager", "associate"}
    assert names(subtree_ids(line["associate"].pk)) == {"associate"}


def test_subtree_ends_even_in_a_stored_cycle(line):
    AccountManager.objects.filter(pk=line["vice"].pk).update(reports_to=line["associate"])

    assert names(subtree_ids(line["lead"].pk)) == set(line)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("vice", {"vice", "lead", "manager", "associate", "sibling", "other"}),
        ("lead", {"lead", "manager", "associate"}),
        ("sibling", {"sibling", "other"}),
        ("manager", {"manager"}),
        ("associate", {"associate", "manager"}),
    ],
)
def test_portfolio_follows_the_reporting_line(line, who, seen):
    assert names(portfolio_ids(line[who].member)) == seen


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_admin_and_viewer_see_everything_without_a_statement(cast, role, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert portfolio_ids(cast[role]) is None


def test_portfolio_is_one_statement_kept_on_the_member(line, django_assert_num_queries):
    member = line["vice"].member

    with django_assert_num_queries(1):
        first = portfolio_ids(member)
        assert portfolio_ids(member) == first
        assert own_manager_id(member) == line["vice"].pk

    forget_portfolio(member)
    with django_assert_num_queries(1):
        portfolio_ids(member)


def test_member_without_a_profile_has_an_empty_portfolio(cast):
    assert portfolio_ids(cast[Role.LEAD]) == ()
    assert own_manager_id(cast[Role.LEAD]) is None


@pytest.mark.parametrize(("starts", "ends", "covers"), [(-1, 1, True), (0, 0, True), (1, 2, False), (-2, -1, False)])
def test_substitute_covers_on_the_days_of_the_absence_only(line, starts, ends, covers):
    today = timezone.localdate()
    AbsenceFactory(
        manager=line["other"],
        substitute=line["manager"],
        from_on=today + timedelta(days=starts),
        until_on=today + timedelta(days=ends),
    )

    assert ("other" in names(portfolio_ids(line["manager"].member))) is covers
    assert bool(covered_manager_ids(line["manager"].member)) is covers


def test_cancelled_absence_covers_nothing(line):
    AbsenceFactory(manager=line["other"], substitute=line["manager"])
    Absence.objects.update(archived_at=timezone.now())

    assert names(portfolio_ids(line["manager"].member)) == {"manager"}


def test_lead_covering_a_lead_sees_that_leads_people(line):
    AbsenceFactory(manager=line["sibling"], substitute=line["lead"])

    assert names(portfolio_ids(line["lead"].member)) == {"lead", "manager", "associate", "sibling", "other"}


def test_lead_covering_a_manager_sees_the_manager_alone(line):
    SigningManagerFactory(name="helper", reports_to=line["other"], member__role=Role.ASSOCIATE)
    AbsenceFactory(manager=line["other"], substitute=line["lead"])

    assert names(portfolio_ids(line["lead"].member)) == {"lead", "manager", "associate", "other"}


def test_manager_who_left_sees_nothing(line):
    AccountManager.objects.filter(pk=line["manager"].pk).update(left_on=timezone.localdate())

    assert portfolio_ids(line["manager"].member) == ()
