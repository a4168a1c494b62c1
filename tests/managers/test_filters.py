from datetime import timedelta

import pytest
from django.utils import timezone

from managers.filters import AbsenceFilter, ManagerFilter, TeamFilter
from managers.models import Absence, AccountManager, Team
from tests.factories.managers import AbsenceFactory, AccountManagerFactory, SigningManagerFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def ask(member, rf):
    def ask(filter_class, model, **given):
        request = rf.get("/")
        request.member = member
        return filter_class(given, model.objects.for_list(), request=request)

    return ask


def test_managers_are_found_by_folded_words_team_and_line(ask):
    team = TeamFactory()
    top = AccountManagerFactory(name="Top")
    found = SigningManagerFactory(name="أحمد Nasser", team=team, reports_to=top)

    for given in (
        {"q": "nasser احمد"},
        {"team": team.pk},
        {"reports_to": top.pk},
        {"below": top.pk},
        {"has_member": "true"},
    ):
        assert list(ask(ManagerFilter, AccountManager, **given).qs) == [found], given


def test_archived_managers_come_only_when_asked_for(ask):
    here, gone = AccountManagerFactory(name="A"), AccountManagerFactory(name="B", archived_at=timezone.now())

    assert list(ask(ManagerFilter, AccountManager).qs) == [here]
    assert list(ask(ManagerFilter, AccountManager, archived="true").qs) == [gone]
    assert list(ask(ManagerFilter, AccountManager, archived="any").qs) == [here, gone]


@pytest.mark.parametrize(("name", "value"), [("team", "x"), ("has_member", "maybe"), ("archived", "2")])
def test_a_value_that_does_not_hold_is_an_error_and_no_rows(ask, name, value):
    AccountManagerFactory()
    asked = ask(ManagerFilter, AccountManager, **{name: value})

    assert list(asked.qs) == []
    assert list(asked.errors) == [name]


def test_teams_are_found_by_name(ask):
    TeamFactory(name="South")
    north = TeamFactory(name="North")

    assert list(ask(TeamFilter, Team, q="NORTH").qs) == [north]


def test_absences_are_found_by_state(ask):
    today, week = timezone.localdate(), timedelta(7)
    rows = {
        "planned": AbsenceFactory(from_on=today + week, until_on=today + week),
        "active": AbsenceFactory(from_on=today, until_on=today),
        "ended": AbsenceFactory(from_on=today - week, until_on=today - week),
    }

    for state, row in rows.items():
        assert list(ask(AbsenceFilter, Absence, state=state).qs) == [row]
    assert list(ask(AbsenceFilter, Absence, manager=rows["active"].manager.pk).qs) == [rows["active"]]
