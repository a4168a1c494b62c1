import pytest
import rules

from accounts.choices import Role
from tests.factories.managers import AbsenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]

EVERYBODY = set(Role)
ABOVE = {Role.ADMIN, Role.LEAD}
DECIDERS = {Role.ADMIN, Role.LEAD, Role.MANAGER}

BY_ROLE = {
    "view_accountmanager": EVERYBODY,
    "add_accountmanager": {Role.ADMIN},
    "appoint_accountmanager": {Role.ADMIN},
    "change_accountmanager": ABOVE,
    "view_cost_accountmanager": ABOVE,
    "move_accountmanager": ABOVE,
    "set_reports_to_accountmanager": ABOVE,
    "remove_accountmanager": {Role.ADMIN},
    "delete_accountmanager": {Role.ADMIN},
    "view_portfolio": {Role.ADMIN, Role.LEAD, Role.VIEWER},
    "view_team": EVERYBODY,
    "add_team": ABOVE,
    "change_team": ABOVE,
    "archive_team": ABOVE,
    "restore_team": ABOVE,
    "delete_team": ABOVE,
    "view_absence": EVERYBODY,
    "add_absence": DECIDERS,
    "plan_absence": ABOVE,
    "change_absence": DECIDERS,
    "end_absence": DECIDERS,
    "delete_absence": DECIDERS,
}


def test_every_rule_of_the_app_is_classified_here():
    assert {f"managers.{name}" for name in BY_ROLE} == {
        name for name in rules.permissions.permissions if name.startswith("managers.")
    }


@pytest.mark.parametrize("role", Role)
def test_rule_without_an_object_asks_the_role(cast, role):
    allowed = {name for name in BY_ROLE if cast[role].can(f"managers.{name}")}

    assert allowed == {name for name, roles in BY_ROLE.items() if role in roles}


@pytest.mark.parametrize(
    ("who", "whose", "allowed"),
    [
        ("vice", "associate", True),
        ("lead", "manager", True),
        ("lead", "lead", True),
        ("lead", "other", False),
        ("lead", "vice", False),
        ("manager", "manager", True),
        ("manager", "other", False),
        ("associate", "manager", False),
        ("associate", "associate", True),
    ],
)
def test_portfolio_figures_are_for_those_above_and_oneself(line, who, whose, allowed):
    assert line[who].member.can("managers.view_portfolio", line[whose]) is allowed


@pytest.mark.parametrize(
    ("who", "whose", "allowed"),
    [
        ("lead", "manager", True),
        ("lead", "other", False),
        ("lead", "lead", True),
        ("manager", "manager", True),
        ("manager", "lead", False),
    ],
)
def test_profiles_are_changed_by_those_above_and_oneself(line, who, whose, allowed):
    assert line[who].member.can("managers.change_accountmanager", line[whose]) is allowed


@pytest.mark.parametrize(("who", "allowed"), [("vice", True), ("lead", False), ("manager", False)])
def test_nobody_moves_themselves(line, who, allowed):
    assert line[who].member.can("managers.set_reports_to_accountmanager", line["lead"]) is allowed


@pytest.mark.parametrize(
    ("who", "allowed"), [("vice", True), ("lead", True), ("manager", True), ("associate", False), ("other", False)]
)
def test_absences_are_planned_for_oneself_and_those_below(line, who, allowed):
    absence = AbsenceFactory(manager=line["manager"])

    assert line[who].member.can("managers.plan_absence", line["manager"]) is allowed
    assert line[who].member.can("managers.change_absence", absence) is allowed
