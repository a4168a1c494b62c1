"""Every page and every verb of the API asks a rule, and the rule exists."""

import pytest
import rules

from accounts.api.base import MemberViewSet
from accounts.api.permissions import MemberPermission
from accounts.pages import MemberPage
from tests.matrix.objects import OPEN, WITHOUT_RULE
from tests.matrix.routes import INSIDE, routes

GUARDED = [route for route in routes(INSIDE) if route.name not in OPEN]
HOW = "Give the view a `permission` that accounts/…/rules.py defines, or list it in tests/matrix/objects.py by name."


def rules_of(route):
    """The rule of a page, or of each of a viewset's actions."""
    if not route.is_api:
        return {route.view.permission}
    view = route.view()
    asked = set()
    for action in route.verbs.values():
        view.action = action
        asked.add(MemberPermission().rule(view))
    return asked


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.label)
def test_a_rule_stands_before_every_door(route):
    assert issubclass(route.view, MemberViewSet if route.is_api else MemberPage), f"{route.label}: {HOW}"
    if route.name in WITHOUT_RULE:
        return
    unknown = sorted(name for name in rules_of(route) if not rules.perm_exists(name))
    assert not unknown, f"{route.label} asks {unknown}, which no app defines. {HOW}"


def test_listed_routes_are_there():
    """A name that is listed as open and gone would cover the next route that takes it."""
    names = {route.name for route in routes(INSIDE)}
    assert names >= OPEN.keys() | WITHOUT_RULE.keys()
