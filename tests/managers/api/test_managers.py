"""Managers and their reporting line through the API. Teams are shown in tests/accounts/api/test_base.py."""

import pytest

from accounts.choices import Role
from accounts.tenancy.context import tenant
from managers.models import AccountManager
from tests.factories.managers import AccountManagerFactory
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(organization, cast):
    """The profile of the member with the role manager."""
    with tenant(organization.pk):
        return AccountManagerFactory(member=cast[Role.MANAGER], name="Layla", hourly_cost_minor=5000)


def test_a_manager_is_appointed_with_a_superior(rest, cast, own):
    body = {"name": "Omar", "reports_to": str(own.pk), "fte": 50, "hourly_cost_minor": 4200}

    made = rest.call("POST", "managers/", body)

    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in body} == body
    assert rest.rows(f"managers/?reports_to={own.pk}")[0]["id"] == made.json()["id"]
    assert_rows_match_details(rest, "managers/")


def test_a_circle_of_superiors_is_refused(rest, own):
    below = rest.call("POST", "managers/", {"name": "Omar", "reports_to": str(own.pk)}).json()

    answer = rest.call("PATCH", f"managers/{own.pk}/", {"reports_to": below["id"]}, headers={"If-Match": "*"})

    assert "stands below" in problem(answer, 409)["detail"]


def test_costs_are_for_those_above(token_for, cast, own, rest):
    assert rest.call("GET", f"managers/{own.pk}/").json()["hourly_cost_minor"] == 5000
    viewer = token_for(cast[Role.VIEWER])
    assert viewer.call("GET", f"managers/{own.pk}/").json()["hourly_cost_minor"] is None
    assert all("hourly_cost_minor" not in row for row in rest.rows("managers/"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"skills": "Arabic, French"}, 200),
        ({"hourly_cost_minor": 9999}, 403),
        ({"fte": 10}, 403),
        ({"reports_to": None}, 403),
        ({"team": None}, 403),
        ({"member": None}, 403),
    ],
)
def test_in_their_own_profile_people_change_what_is_theirs(token_for, cast, own, organization, body, status):
    answer = token_for(cast[Role.MANAGER]).call("PATCH", f"managers/{own.pk}/", body, headers={"If-Match": "*"})

    assert answer.status_code == status, answer.content
    with tenant(organization.pk):
        assert AccountManager.objects.get().version == (2 if status == 200 else 1)


def test_a_leaving_manager_is_archived_with_the_day(rest, own):
    problem(rest.call("DELETE", f"managers/{own.pk}/"), 428)
    assert rest.call("DELETE", f"managers/{own.pk}/", headers={"If-Match": '"v1"'}).status_code == 204

    gone = rest.call("GET", f"managers/{own.pk}/").json()
    assert gone["left_on"]
    assert gone["archived_at"]
    assert rest.rows("managers/") == []
    assert rest.rows("managers/?archived=true")[0]["id"] == str(own.pk)
