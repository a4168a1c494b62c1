"""Interactions, tasks, reminders, concerns, surveys and scores through the API."""

import uuid
from datetime import time, timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.dispatch.models import Message
from accounts.tenancy.context import tenant
from interactions import services
from interactions.models import Reminder, SurveyInvitation, Task
from tests.factories.clients import ClientFactory, ContactFactory, OpportunityFactory
from tests.factories.interactions import (
    CampaignFactory,
    ConcernFactory,
    InteractionFactory,
    ParticipantFactory,
    ReminderFactory,
    ScoreFactory,
    SurveyFactory,
    SurveyInvitationFactory,
    SurveyResponseFactory,
    TaskFactory,
)
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db

ANY = {"If-Match": "*"}
RESOURCES = [
    "interactions",
    "tasks",
    "reminders",
    "reminder-rules",
    "reminder-choices",
    "delivery-choices",
    "concerns",
    "surveys",
    "campaigns",
    "survey-invitations",
    "survey-responses",
    "scores",
]


def at(**delta):
    return (timezone.now() + timedelta(**delta)).isoformat()


def of(client, **fields):
    return {"client": str(client.pk), **fields}


@pytest.fixture
def task(organization, cast, nile):
    with tenant(organization.pk):
        return TaskFactory(client=nile, title="Call Mona", assignee=cast[Role.MANAGER])


def fill(organization, member, client, contact, count):
    """``count`` rows of each resource; what a member says once is there once."""
    with tenant(organization.pk):
        services.rule_of("contract_end")
        services.choose_reminder(member=member, kind="contract_end", channel="in_app")
        services.choose_delivery(member=member, quiet_from=time(19), quiet_until=time(7))
        for _ in range(count):
            interaction = InteractionFactory(client=client, logged_by=member)
            ParticipantFactory(interaction=interaction, contact=contact)
            task = TaskFactory(
                client=client, contact=contact, opportunity=OpportunityFactory(client=client), created_by=member
            )
            ReminderFactory(task=task, member=member)
            ReminderFactory(task=None, member=member, kind="contract_end", client=client, title="A contract")
            ConcernFactory(client=client)
            survey = SurveyFactory()
            campaign = CampaignFactory(survey=survey, audience={"tiers": ["core"]}, reminders=[4], created_by=member)
            now = timezone.now()
            invitation = SurveyInvitationFactory(
                survey=survey, client=client, contact=contact, sent_by=member, status="answered", answered_at=now
            )
            answer = SurveyResponseFactory(invitation=invitation, comment="Good")
            ScoreFactory(client=client, contact=contact, survey_response=answer, interaction=interaction)
            SurveyInvitationFactory(survey=survey, client=client, campaign=campaign, period="2026Q4")
            TaskFactory(client=None, created_by=member)


def test_lists_and_details_say_the_same(rest, organization, member, nile, mona):
    fill(organization, member, nile, mona, 2)

    for resource in RESOURCES:
        assert_rows_match_details(rest, f"{resource}/")


def test_lists_cost_the_same_few_statements(rest, token_for, cast, organization, member, nile, mona):
    hers = token_for(cast[Role.MANAGER])
    costs = []
    for count in (1, 2):
        fill(organization, cast[Role.MANAGER], nile, mona, count)
        costs.append(
            [len(caller.statements("GET", f"{resource}/")[1]) for caller in (rest, hers) for resource in RESOURCES]
        )

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 5
    assert max(costs[0][: len(RESOURCES)]) <= 4


def test_logging_needs_three_words(rest, member, nile):
    made = rest.call("POST", "interactions/", of(nile, kind="call", summary="They want more seats."))

    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["direction"], row["hat"], row["logged_by"]) == ("both", "service", str(member.pk))
    assert row["contacts"] == row["members"] == row["managers"] == []
    assert rest.call("GET", f"clients/{nile.pk}/").json()["last_contact_at"] == row["happened_at"]


def test_everything_about_an_interaction_can_be_said(rest, member, nile, mona):
    body = of(
        nile,
        kind="meeting",
        direction="inbound",
        hat="sales",
        happened_at="2026-01-02T09:30:00Z",
        minutes=45,
        summary="Talked about the year.",
        sentiment="positive",
        contacts=[str(mona.pk)],
        members=[str(member.pk)],
        managers=[str(nile.main_manager_id)],
    )
    follow_up = {"follow_up": "Send the offer", "follow_up_on": "2026-01-05"}

    made = rest.call("POST", "interactions/", {**body, **follow_up})

    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in body} == body
    todo = rest.rows("tasks/?q=offer")[0]
    assert (todo["title"], todo["due_on"], todo["contact"]) == ("Send the offer", "2026-01-05", str(mona.pk))
    for query in ("q=year", f"contact={mona.pk}", "kind=meeting", "hat=sales", "since=2026-01-02T00:00:00Z"):
        assert [row["id"] for row in rest.rows(f"interactions/?{query}")] == [made.json()["id"]]
    assert rest.rows("interactions/?until=2026-01-02T00:00:00Z") == []


def test_an_interaction_is_corrected_archived_and_restored(rest, nile, mona):
    made = rest.call("POST", "interactions/", of(nile, kind="call", summary="Helo", contacts=[str(mona.pk)]))
    path, first = f"interactions/{made.json()['id']}/", made["ETag"]

    changed = rest.call("PATCH", path, {"summary": "Hello", "contacts": []}, headers={"If-Match": first})

    assert (changed.json()["summary"], changed.json()["contacts"]) == ("Hello", [])
    stale = problem(rest.call("PATCH", path, {"summary": "Hm"}, headers={"If-Match": first}), 412)
    assert stale["current"]["summary"] == "Hello"
    problem(rest.call("PATCH", path, {"summary": "Hm"}), 428)
    assert rest.call("DELETE", path, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert rest.rows("interactions/") == []
    assert len(rest.rows("interactions/?archived=true")) == 1
    assert rest.call("GET", f"clients/{nile.pk}/").json()["last_contact_at"] is None
    assert rest.call("POST", f"{path}restore/").json()["archived_at"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "telepathy"}, "kind"),
        ({"summary": " "}, "summary"),
        ({"happened_at": "2099-01-01T00:00:00Z"}, "happened_at"),
        ({"minutes": 5000}, "minutes"),
        ({"contacts": [str(uuid.uuid4())]}, "contacts"),
        ({"colour": "red"}, "colour"),
        ({"logged_by": str(uuid.uuid4())}, "logged_by"),
        ({"client": str(uuid.uuid4())}, "client"),
    ],
)
def test_what_cannot_have_happened_is_refused(rest, nile, change, field):
    body = {**of(nile, kind="call", summary="x"), **change}

    assert field in problem(rest.call("POST", "interactions/", body), 400)["errors"]


def test_the_client_of_what_was_logged_stays(rest, nile, hidden, organization):
    made = rest.call("POST", "interactions/", of(nile, kind="call", summary="x")).json()
    opened = rest.call("POST", "concerns/", of(nile, title="Down")).json()

    for path in (f"interactions/{made['id']}/", f"concerns/{opened['id']}/"):
        assert "client" in problem(rest.call("PATCH", path, of(hidden), headers=ANY), 400)["errors"]
    with tenant(organization.pk):
        stranger = ContactFactory()
    body = of(nile, kind="call", summary="x", contacts=[str(stranger.pk)])
    errors = problem(rest.call("POST", "interactions/", body), 400)["errors"]
    assert "another client" in errors["contacts"][0]


def test_a_task_needs_only_a_title(rest, member):
    made = rest.call("POST", "tasks/", {"title": "Tidy up"})

    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["status"], row["priority"], row["client"]) == ("open", "normal", None)
    assert row["assignee"] == row["created_by"] == str(member.pk)


def test_a_task_goes_its_way(rest, cast, task, organization):
    path = f"tasks/{task.pk}/"

    done = rest.call("POST", f"{path}complete/")
    assert (done.json()["status"], bool(done.json()["done_at"])) == ("done", True)
    assert "closed already" in problem(rest.call("POST", f"{path}complete/"), 409)["detail"]
    assert rest.call("POST", f"{path}reopen/").json()["status"] == "open"
    problem(rest.call("POST", f"{path}reopen/"), 409)
    assert rest.call("POST", f"{path}drop/").json()["status"] == "dropped"
    rest.call("POST", f"{path}reopen/")
    given = rest.call("POST", f"{path}reassign/", {"assignee": str(cast[Role.LEAD].pk)})
    assert given.json()["assignee"] == str(cast[Role.LEAD].pk)
    assert rest.call("POST", f"{path}reassign/", {"assignee": None}).json()["assignee"] is None
    problem(rest.call("POST", f"{path}reassign/"), 400)
    for name in ("status", "done_at", "done_by", "created_by"):
        assert name in problem(rest.call("PATCH", path, {name: None}, headers=ANY), 400)["errors"]
    changed = rest.call("PATCH", path, {"due_on": "2026-03-01", "priority": "urgent"}, headers=ANY)
    assert (changed.json()["due_on"], changed.json()["priority"]) == ("2026-03-01", "urgent")
    for query in ("due_from=2026-03-01", "due_until=2026-03-01", "priority=urgent", f"client={task.client_id}"):
        assert [row["id"] for row in rest.rows(f"tasks/?{query}")] == [str(task.pk)], query
    assert rest.rows("tasks/?due_from=2026-03-02") == []
    assert rest.rows("tasks/?status=done&status=dropped") == []
    assert rest.call("DELETE", path, headers=ANY).status_code == 204
    assert rest.rows("tasks/") == []
    assert rest.call("POST", f"{path}restore/").status_code == 200


def test_adding_a_task_twice_with_one_key_adds_one(rest, organization):
    key = {"Idempotency-Key": "one"}

    first, second = (rest.call("POST", "tasks/", {"title": "Once"}, headers=key) for _ in range(2))

    assert (first.status_code, second.content) == (201, first.content)
    assert second["Idempotent-Replayed"] == "true"
    with tenant(organization.pk):
        assert Task.objects.count() == 1


def test_reminders_are_ones_own(rest, token_for, cast, task, organization):
    hers = token_for(cast[Role.MANAGER])
    body = {"task": str(task.pk), "due_at": at(hours=2), "channel": "in_app"}

    made = hers.call("POST", "reminders/", body)

    assert made.status_code == 201, made.content
    path = f"reminders/{made.json()['id']}/"
    assert made.json()["member"] == str(cast[Role.MANAGER].pk)
    assert rest.call("GET", path).status_code == 404
    assert rest.rows("reminders/") == []
    assert [row["id"] for row in hers.rows(f"reminders/?task={task.pk}&pending=true")] == [made.json()["id"]]
    later = hers.call("POST", f"{path}snooze/", {"until": "2099-01-01T08:00:00Z"})
    assert later.json()["due_at"] == later.json()["snoozed_until"] == "2099-01-01T08:00:00Z"
    assert "due_at" in problem(hers.call("POST", f"{path}snooze/", {"until": at(hours=-1)}), 400)["errors"]
    assert hers.call("POST", f"{path}dismiss/").json()["seen_at"]
    problem(hers.call("DELETE", path), 428)
    assert hers.call("DELETE", path, headers=ANY).status_code == 204
    problem(hers.call("POST", f"{path}snooze/", {"until": at(hours=1)}), 409)
    problem(hers.call("POST", "reminders/", {**body, "due_at": at(hours=-1)}), 400)


def test_a_task_may_come_with_a_reminder(rest, cast, organization):
    body = {"title": "x", "assignee": str(cast[Role.LEAD].pk), "remind_at": at(hours=1)}

    assert rest.call("POST", "tasks/", body).status_code == 201
    with tenant(organization.pk):
        assert Reminder.objects.get().member == cast[Role.LEAD]


def test_a_concern_goes_its_way(rest, nile):
    body = of(nile, title="Portal is down", kind="technical", severity="critical", mrr_at_stake_minor=90_000)

    made = rest.call("POST", "concerns/", body)

    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["currency"]) == ("open", "USD")
    path = f"concerns/{made.json()['id']}/"
    assert rest.call("GET", f"clients/{nile.pk}/").json()["critical_concerns"] == 1
    assert rest.call("POST", f"{path}advance/", {"state": "plan"}).json()["state"] == "plan"
    assert rest.call("POST", f"{path}advance/", {"state": "working"}).json()["state"] == "working"
    problem(rest.call("POST", f"{path}advance/", {"state": "resolved"}), 400)
    assert rest.call("POST", f"{path}resolve/").json()["resolved_at"]
    problem(rest.call("POST", f"{path}lose/"), 409)
    problem(rest.call("POST", f"{path}advance/", {"state": "plan"}), 409)
    assert rest.rows("concerns/?open=true") == []
    assert len(rest.rows("concerns/?open=false&severity=critical&kind=technical")) == 1
    assert rest.call("POST", f"{path}reopen/").json()["resolved_at"] is None
    assert rest.call("POST", f"{path}lose/").json()["state"] == "lost"
    assert "state" in problem(rest.call("PATCH", path, {"state": "open"}, headers=ANY), 400)["errors"]
    assert rest.call("PATCH", path, {"detail": "Since Monday"}, headers=ANY).json()["detail"] == "Since Monday"
    assert rest.call("DELETE", path, headers=ANY).status_code == 204
    assert rest.call("POST", f"{path}restore/").status_code == 200


def test_surveys_are_made_changed_and_archived(rest, organization):
    body = {"name": "Autumn", "kind": "csat", "question_en": "Happy?", "question_ar": "راضٍ؟"}

    made = rest.call("POST", "surveys/", body)

    assert made.status_code == 201, made.content
    path = f"surveys/{made.json()['id']}/"
    assert made.json()["is_active"] is True
    assert rest.call("PATCH", path, {"kind": "nps", "is_active": False}, headers=ANY).json()["kind"] == "nps"
    assert rest.rows("surveys/?is_active=true") == []
    with tenant(organization.pk):
        SurveyInvitationFactory(survey_id=made.json()["id"], survey=None)
    assert "kind" in problem(rest.call("PATCH", path, {"kind": "ces"}, headers=ANY), 409)["errors"]
    assert rest.call("DELETE", path, headers=ANY).status_code == 204
    assert rest.call("POST", f"{path}restore/").status_code == 200


def test_posting_an_invitation_sends_the_survey(rest, organization, nile, mona):
    with tenant(organization.pk):
        survey = SurveyFactory()
    body = {"survey": str(survey.pk), "contact": str(mona.pk)}

    sent = rest.call("POST", "survey-invitations/", body)

    assert sent.status_code == 201, sent.content
    row = sent.json()
    assert (row["status"], row["language"], row["client"], row["value"]) == ("queued", "ar", str(nile.pk), None)
    assert "token" not in sent.content.decode()
    assert "was asked on" in problem(rest.call("POST", "survey-invitations/", body), 409)["detail"]
    with tenant(organization.pk):
        invitation = SurveyInvitation.objects.get()
        services.answer_survey(invitation=invitation, value=3, comment="Slow")
    answered = rest.call("GET", f"survey-invitations/{row['id']}/").json()
    assert (answered["status"], answered["value"], answered["comment"]) == ("answered", 3, "Slow")
    assert rest.rows(f"survey-invitations/?answered=true&client={nile.pk}")[0]["value"] == 3
    assert rest.rows("survey-invitations/?answered=false") == []
    score = rest.rows("scores/?scale=nps")[0]
    assert (score["value"], score["source"], score["contact"]) == (3, "survey", str(mona.pk))
    assert rest.rows(f"tasks/?source=detractor&client={nile.pk}")
    assert rest.call("PATCH", f"survey-invitations/{row['id']}/", {}, headers=ANY).status_code == 405


def test_a_score_is_recorded_once_and_stays(rest, organization, nile, mona):
    body = of(nile, scale="csat", value=2, at="2026-01-02T09:30:00Z", source="helpdesk", contact=str(mona.pk))

    made = rest.call("POST", "scores/", body)

    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in body} == body
    client = rest.call("GET", f"clients/{nile.pk}/").json()
    assert (client["last_csat"], client["last_csat_on"]) == (2, "2026-01-02")
    assert rest.rows("scores/?source=helpdesk&until=2026-01-03T00:00:00Z")[0]["id"] == made.json()["id"]
    assert rest.call("DELETE", f"scores/{made.json()['id']}/", headers=ANY).status_code == 405
    with tenant(organization.pk):
        stranger = ContactFactory()
    for change, field in (
        ({"value": 6}, "value"),
        ({"scale": "stars"}, "scale"),
        ({"at": "2099-01-01T00:00:00Z"}, "at"),
        ({"contact": str(stranger.pk)}, "contact"),
        ({"survey_response": str(stranger.pk)}, "survey_response"),
    ):
        assert field in problem(rest.call("POST", "scores/", {**body, **change}), 400)["errors"]


def test_somebody_elses_rows_are_not_there(token_for, cast, organization, nile, hidden):
    hers = token_for(cast[Role.MANAGER])
    with tenant(organization.pk):
        invitation = SurveyInvitationFactory(client=hidden)
        rows = {
            "interactions": InteractionFactory(client=hidden),
            "tasks": TaskFactory(client=hidden),
            "reminders": ReminderFactory(task__client=nile),
            "concerns": ConcernFactory(client=hidden),
            "survey-invitations": invitation,
            "scores": ScoreFactory(client=hidden),
        }

    for resource, row in rows.items():
        assert str(row.pk) not in [seen["id"] for seen in hers.rows(f"{resource}/")]
        problem(hers.call("GET", f"{resource}/{row.pk}/"), 404)
    for resource, verbs in (
        ("tasks", ["complete", "reopen", "drop", "reassign"]),
        ("reminders", ["snooze", "dismiss"]),
        ("concerns", ["advance", "resolve", "lose", "reopen"]),
    ):
        for verb in verbs:
            problem(hers.call("POST", f"{resource}/{rows[resource].pk}/{verb}/"), 404)
    for resource, body in (
        ("interactions", {"kind": "call", "summary": "x"}),
        ("tasks", {"title": "x"}),
        ("concerns", {"title": "x"}),
        ("scores", {"scale": "nps", "value": 1}),
    ):
        assert "client" in problem(hers.call("POST", f"{resource}/", of(hidden, **body)), 400)["errors"]
    body = {"survey": str(invitation.survey_id), "contact": str(invitation.contact_id)}
    assert "contact" in problem(hers.call("POST", "survey-invitations/", body), 400)["errors"]
    assert "client" in problem(hers.call("GET", f"tasks/?client={hidden.pk}"), 400)["errors"]


@pytest.mark.parametrize(
    ("role", "completes", "sends"),
    [
        (Role.ADMIN, 200, 201),
        (Role.LEAD, 404, 400),
        (Role.MANAGER, 200, 201),
        (Role.ASSOCIATE, 404, 403),
        (Role.VIEWER, 403, 403),
    ],
)
def test_each_role_may_do_its_part(token_for, cast, organization, task, mona, role, completes, sends):
    """A lead without anybody below, and an associate of nobody, do not see the client at all."""
    with tenant(organization.pk):
        survey = SurveyFactory()
    caller = token_for(cast[role])

    assert caller.call("POST", f"tasks/{task.pk}/complete/").status_code == completes
    body = {"survey": str(survey.pk), "contact": str(mona.pk)}
    assert caller.call("POST", "survey-invitations/", body).status_code == sends


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("tasks/?due=someday", "due"),
        ("tasks/?status=closed", "status"),
        ("tasks/?colour=red", "colour"),
        ("tasks/?ordering=title", "ordering"),
        ("interactions/?since=yesterday", "since"),
        ("concerns/?open=maybe", "open"),
        ("reminders/?pending=1", "pending"),
        ("scores/?archived=true", "archived"),
        ("survey-invitations/?archived=true", "archived"),
    ],
)
def test_a_misspelt_filter_is_refused(rest, query, field):
    assert field in problem(rest.call("GET", query), 400)["errors"]


def test_lists_page_by_position(rest, organization, nile):
    with tenant(organization.pk):
        moment = timezone.now()
        made = {str(InteractionFactory(client=nile, happened_at=moment).pk) for _ in range(5)}
        made |= {str(InteractionFactory(client=ClientFactory()).pk)}

    seen, path = [], "interactions/?page_size=2"
    while path:
        page = rest.call("GET", path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]
    assert (len(seen), set(seen)) == (6, made)


def test_a_task_repeats_through_the_api(rest, organization, nile):
    body = of(nile, title="Review", due_on="2026-11-30", recurrence="FREQ=MONTHLY;BYMONTHDAY=31", working_days="next")
    added = rest.call("POST", "tasks/", body).json()
    assert added["recurrence"] == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert (added["occurrence_on"], added["series"] is not None) == ("2026-11-30", True)

    one = rest.call("PATCH", f"tasks/{added['id']}/", {"title": "Big review", "only_this": True}, headers=ANY)
    assert (one.status_code, one.json()["title"]) == (200, "Big review")
    assert rest.call("POST", f"tasks/{added['id']}/complete/").status_code == 200

    following = rest.call("GET", "tasks/?status=open").json()["results"][0]
    assert (following["title"], following["due_on"], following["series"]) == ("Review", "2026-12-31", added["series"])
    assert rest.call("POST", f"tasks/{following['id']}/drop/", {"ends_series": True}).status_code == 200
    assert rest.call("GET", "tasks/?status=open").json()["results"] == []

    refused = rest.call("POST", "tasks/", of(nile, title="x", due_on="2026-11-30", recurrence="FREQ=HOURLY"))
    assert "recurrence" in problem(refused, 400)["errors"]


def test_a_test_mail_goes_to_oneself(rest, organization, member):
    with tenant(organization.pk):
        survey = SurveyFactory()

    response = rest.call("POST", f"surveys/{survey.pk}/test/", {"language": "ar"})

    assert response.status_code == 200, response.content
    problem(rest.call("POST", f"surveys/{survey.pk}/test/", {"language": "fr"}), 400)
    with tenant(organization.pk):
        assert Message.objects.get().recipient == member.user.email
        assert not SurveyInvitation.objects.exists()


def test_words_come_in_both_languages_or_in_none(rest):
    body = {"name": "x", "question_en": "Would you?", "question_ar": "هل؟", "intro_en": "Hello"}

    assert "intro_ar" in problem(rest.call("POST", "surveys/", body), 400)["errors"]
    made = rest.call("POST", "surveys/", {**body, "intro_ar": "أهلًا", "asks_comment": False}).json()
    assert (made["intro_ar"], made["asks_comment"]) == ("أهلًا", False)
