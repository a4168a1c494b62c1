"""Campaigns through the API: everything that the pages can do."""

from datetime import time

import pytest

from accounts.models import OrganizationSettings
from accounts.tenancy.context import tenant
from interactions.campaigns.turning import run_campaigns
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory
from tests.rest import problem

ANY = {"If-Match": "*"}


@pytest.fixture
def survey(organization):
    with tenant(organization.pk):
        OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[])
        ContactFactory.create_batch(3, client=ClientFactory(lifecycle="active", tier="core"))
        return SurveyFactory()


def body(survey, **fields):
    return {"name": "Autumn", "survey": str(survey.pk), "audience": {"tiers": ["core"]}, "reminders": [4], **fields}


def test_a_campaign_goes_its_way(rest, organization, survey, member):
    counted = rest.call("POST", "campaigns/headcount/", {"audience": {"tiers": ["core"]}})
    assert (counted.status_code, counted.json()["to_ask"], counted.json()["left_out"]["resting"]) == (200, 3, 0)

    made = rest.call("POST", "campaigns/", body(survey))
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["status"], row["audience"], row["reminders"]) == ("draft", {"tiers": ["core"]}, [4])
    assert row["created_by"] == str(member.pk)
    path = f"campaigns/{row['id']}/"
    changed = rest.call("PATCH", path, {"rest_days": 30}, headers=ANY)
    assert (changed.status_code, changed.json()["rest_days"]) == (200, 30)

    assert rest.call("POST", f"{path}start/").json()["status"] == "running"
    with tenant(organization.pk):
        assert run_campaigns() == 3
    told = rest.call("GET", f"{path}progress/").json()
    assert (told["asked"], told["queued"], told["percent"], told["response_rate"]) == (3, 3, 0.0, None)
    invitations = rest.rows(f"survey-invitations/?campaign={row['id']}")
    assert {each["campaign"] for each in invitations} == {row["id"]}
    assert rest.call("POST", f"{path}pause/").json()["status"] == "paused"
    assert rest.call("POST", f"{path}resume/").json()["status"] == "running"
    assert "only its name" in problem(rest.call("PATCH", path, {"rest_days": 1}, headers=ANY), 409)["detail"].lower()
    problem(rest.call("DELETE", path, headers=ANY), 409)
    stopped = rest.call("POST", f"{path}stop/").json()
    assert (stopped["status"], bool(stopped["finished_at"])) == ("stopped", True)
    assert rest.call("GET", f"{path}progress/").json()["cancelled"] == 3
    problem(rest.call("POST", f"{path}resume/"), 409)
    assert [each["id"] for each in rest.rows("campaigns/?status=stopped&once=true")] == [row["id"]]
    assert rest.call("DELETE", path, headers=ANY).status_code == 204
    assert rest.call("POST", f"{path}restore/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"audience": {"tiers": ["golden"]}}, "audience"),
        ({"audience": {"colour": ["red"]}}, "audience"),
        ({"audience": "everybody"}, "audience"),
        ({"trigger": "full_moon"}, "trigger"),
        ({"reminders": [10, 4]}, "reminders"),
        ({"reminders": [1, 2, 3]}, "reminders"),
        ({"sample_percent": 0}, "sample_percent"),
        ({"status": "running"}, "status"),
        ({"created_by": None}, "created_by"),
    ],
)
def test_what_makes_no_sense_is_refused(rest, survey, change, field):
    assert field in problem(rest.call("POST", "campaigns/", body(survey, **change)), 400)["errors"]
