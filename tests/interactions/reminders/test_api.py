"""Reminders, their rules and everybody's choices through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions.models import Reminder
from tests.factories.clients import ContractFactory
from tests.factories.interactions import ReminderFactory, TaskFactory

pytestmark = pytest.mark.django_db

ANY = {"If-Match": "*"}


@pytest.fixture
def reminder(organization, member, nile):
    with tenant(organization.pk):
        contract = ContractFactory(client=nile, name="Master agreement")
        return Reminder.objects.create(
            kind="contract_end",
            key="contract_end:1",
            member=member,
            client=nile,
            subject_label="clients.contract",
            subject_id=contract.pk,
            title=contract.name,
            url_path=f"/clients/contracts/{contract.pk}/",
            about_on=timezone.localdate(),
            lead_days=10,
            due_at=timezone.now(),
            queued_at=timezone.now(),
        )


def test_reminders_of_every_kind_are_listed_and_narrowed(rest, organization, member, nile, reminder):
    with tenant(organization.pk):
        ReminderFactory(member=member, due_at=timezone.now() + timedelta(days=5))

    row = rest.rows("reminders/?kind=contract_end")[0]
    assert (row["title"], row["client"], row["subject"], row["lead_days"]) == (
        "Master agreement",
        str(nile.pk),
        "clients.contract",
        10,
    )
    assert row["path"] == f"/clients/contracts/{row['subject_id']}/"
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    for query, count in (
        ("", 2),
        ("kind=task", 1),
        ("state=due", 1),
        ("state=upcoming", 1),
        ("state=snoozed", 0),
        (f"due_before={tomorrow}", 1),
        (f"due_after={tomorrow}", 1),
        (f"client={nile.pk}", 1),
    ):
        assert len(rest.rows(f"reminders/?{query}")) == count, query


def test_a_reminder_is_done_snoozed_and_dismissed(rest, organization, reminder):
    path = f"reminders/{reminder.pk}/"
    later = (timezone.now() + timedelta(days=1)).isoformat()

    snoozed = rest.call("POST", f"{path}snooze/", {"until": later})
    assert snoozed.status_code == 200
    assert snoozed.json()["snoozed_until"] is not None
    assert rest.rows("reminders/?state=snoozed")
    done = rest.call("POST", f"{path}done/")
    assert done.json()["done_at"] is not None
    assert rest.call("POST", f"{path}snooze/", {"until": later}).status_code == 409
    assert rest.rows("reminders/?state=done")


def test_done_of_a_task_needs_the_right_to_complete_it(rest, organization, member, cast, nile):
    with tenant(organization.pk):
        task = TaskFactory(client=nile, assignee=member)
        row = ReminderFactory(task=task, member=member)

    assert rest.call("POST", f"reminders/{row.pk}/done/").status_code == 200
    assert rest.call("GET", f"tasks/{task.pk}/").json()["status"] == "done"


def test_setting_one_by_hand_still_needs_a_task(rest, nile):
    refused = rest.call("POST", "reminders/", {"due_at": (timezone.now() + timedelta(days=1)).isoformat()})

    assert refused.status_code == 400
    assert "task" in refused.json()["errors"]


def test_rules_are_listed_and_changed_by_admins(rest, token_for, cast):
    rows = {row["kind"]: row for row in rest.rows("reminder-rules/")}
    assert rows["notice_deadline"]["lead_days"] == [10, 3, 0]
    path = f"reminder-rules/{rows['notice_deadline']['id']}/"

    changed = rest.call("PATCH", path, {"lead_days": [5, 20], "is_urgent": False}, headers=ANY)
    assert changed.status_code == 200, changed.content
    assert changed.json()["lead_days"] == [20, 5]
    assert rest.call("PATCH", path, {"lead_days": []}, headers=ANY).status_code == 400
    assert rest.call("PATCH", path, {"kind": "x"}, headers=ANY).status_code == 400
    assert rest.call("PATCH", path, {"is_on": False}).status_code == 428
    hers = token_for(cast[Role.MANAGER])
    assert hers.call("GET", path).status_code == 200
    assert hers.call("PATCH", path, {"is_on": False}, headers=ANY).status_code == 403


def test_choices_are_ones_own(rest, token_for, organization, member, cast):
    said = rest.call("POST", "reminder-choices/", {"kind": "silence", "is_on": False})
    assert said.status_code == 201, said.content
    again = rest.call("POST", "reminder-choices/", {"kind": "silence", "channel": "email"})
    assert (again.json()["id"], again.json()["is_on"]) == (said.json()["id"], True)
    path = f"reminder-choices/{said.json()['id']}/"
    assert rest.call("PATCH", path, {"is_on": False}, headers=ANY).json()["channel"] == "email"
    assert rest.call("POST", "reminder-choices/", {"kind": "nothing"}).status_code == 400
    hers = token_for(cast[Role.VIEWER])
    assert hers.rows("reminder-choices/") == []
    assert hers.call("GET", path).status_code == 404
    assert hers.call("POST", "reminder-choices/", {"kind": "silence", "is_on": False}).status_code == 201


def test_times_are_ones_own(rest, token_for, cast):
    said = rest.call("POST", "delivery-choices/", {"digest_at": "07:30", "time_zone": "Asia/Riyadh"})
    assert said.status_code == 201, said.content
    assert (said.json()["digest_at"], said.json()["is_digest_on"]) == ("07:30:00", True)
    path = f"delivery-choices/{said.json()['id']}/"
    changed = rest.call("PATCH", path, {"quiet_from": "19:00", "quiet_until": "06:00"}, headers=ANY)
    assert changed.json()["quiet_from"] == "19:00:00"
    assert rest.call("PATCH", path, {"time_zone": "Mars/Base"}, headers=ANY).status_code == 400
    assert token_for(cast[Role.MANAGER]).rows("delivery-choices/") == []
