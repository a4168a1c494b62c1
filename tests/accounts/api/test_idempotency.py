"""A POST that is sent twice has one effect and one answer."""

import datetime
import json
import threading

import pytest
from django.db import connections
from django.utils import timezone

from accounts.api.idempotency import MAX_RESPONSE
from accounts.models import IdempotencyKey
from accounts.services.idempotency import purge_idempotency_keys
from accounts.tenancy.context import tenant
from managers import services
from managers.models import Team
from tests.rest import TokenClient

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "8a1b"}


def teams(organization):
    with tenant(organization.pk):
        return sorted(Team.objects.values_list("name", flat=True))


def test_a_repeated_post_has_one_effect_and_the_same_answer(rest, organization):
    first = rest.call("POST", "teams/", {"name": "South"}, headers=KEY)
    again = rest.call("POST", "teams/", {"name": "South"}, headers=KEY)

    assert (first.status_code, "Idempotent-Replayed" in first) == (201, False)
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.content == first.content
    for name in ("Content-Type", "ETag", "Location"):
        assert again[name] == first[name]
    assert teams(organization) == ["South"]


def test_without_a_key_two_posts_are_two(rest, organization):
    rest.call("POST", "managers/", {"name": "Layla"})
    rest.call("POST", "managers/", {"name": "Layla"})

    assert len(rest.call("GET", "managers/").json()["results"]) == 2


@pytest.mark.parametrize(
    ("path", "body"), [("teams/", {"name": "West"}), ("managers/", {"name": "South"}), ("teams/", {"name": "South "})]
)
def test_a_key_belongs_to_one_request(rest, path, body):
    rest.call("POST", "teams/", {"name": "South"}, headers=KEY)

    refused = rest.call("POST", path, body, headers=KEY)

    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json()["title"]
    assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 201


def test_a_refusal_is_kept_like_a_success(rest, organization):
    first = rest.call("POST", "teams/", {"name": ""}, headers=KEY)
    again = rest.call("POST", "teams/", {"name": ""}, headers=KEY)

    assert first.status_code == again.status_code == 400
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == "application/problem+json"


def test_a_fault_is_not_kept_and_leaves_nothing(rest, organization, monkeypatch):
    def broken(**_):
        Team.objects.create(name="Half done")
        raise RuntimeError

    rest.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("managers.services.add_team", broken)
        assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 500

    assert teams(organization) == []
    assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 201
    assert teams(organization) == ["South"]


def test_keys_of_two_tokens_do_not_meet(token_for, member, organization):
    one, other = token_for(member), token_for(member)

    assert one.call("POST", "managers/", {"name": "A"}, headers=KEY).status_code == 201
    answer = other.call("POST", "managers/", {"name": "B"}, headers=KEY)

    assert (answer.status_code, answer.json()["name"]) == (201, "B")


def test_a_key_does_not_open_what_its_token_may_no_longer_see(rest, organization):
    rest.call("POST", "teams/", {"name": "South"}, headers=KEY)
    with tenant(organization.pk):
        type(rest.token).objects.update(scopes=["read"])

    assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 403


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ü", "a\tb"])
def test_an_unusable_key_is_400(rest, organization, key):
    answer = rest.call("POST", "teams/", {"name": "South"}, headers={"Idempotency-Key": key})

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert teams(organization) == []


def test_strangers_keep_no_keys(client, organization):
    answer = client.post("/api/v1/teams/", {"name": "x"}, content_type="application/json", headers=KEY)

    assert answer.status_code == 401
    with tenant(organization.pk):
        assert not IdempotencyKey.objects.exists()


def test_other_methods_ignore_the_header(rest, organization):
    rest.call("GET", "teams/", headers=KEY)

    with tenant(organization.pk):
        assert not IdempotencyKey.objects.exists()


def test_a_very_long_answer_is_not_kept_but_the_effect_is_not_repeated(rest, organization, monkeypatch):
    monkeypatch.setattr("accounts.api.idempotency.MAX_RESPONSE", 10)
    assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 201

    assert rest.call("POST", "teams/", {"name": "South"}, headers=KEY).status_code == 409
    assert teams(organization) == ["South"]
    assert MAX_RESPONSE == 256 * 1024


def test_verbs_have_keys_too(rest, organization):
    key = rest.call("POST", "teams/", {"name": "South"}).json()["id"]
    rest.call("DELETE", f"teams/{key}/", headers={"If-Match": "*"})

    first = rest.call("POST", f"teams/{key}/restore/", headers=KEY)
    rest.call("DELETE", f"teams/{key}/", headers={"If-Match": "*"})
    again = rest.call("POST", f"teams/{key}/restore/", headers=KEY)

    assert again.content == first.content
    assert rest.call("GET", f"teams/{key}/").json()["archived_at"]


def test_keys_are_purged_after_a_day(inside, member):
    now = timezone.now()
    ages = [datetime.timedelta(hours=hours) for hours in (1, 23, 25, 26, 27)]
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(
            principal=member.pk,
            key=str(age),
            method="POST",
            path="/",
            body_sha256="",
            created_at=now - age,
        )
        for age in ages
    )

    assert list(purge_idempotency_keys(batch=2)) == [2, 1]
    assert IdempotencyKey.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_in_flight_is_409_and_asks_to_come_back(rest, organization, monkeypatch):
    """The first request waits in the middle of its work; the second must neither wait nor repeat it."""
    started, go_on = threading.Event(), threading.Event()
    answers = {}

    def slow(**options):
        started.set()
        assert go_on.wait(10)
        return original(**options)

    original = services.add_team
    monkeypatch.setattr("managers.services.add_team", slow)

    def first():
        try:
            client = TokenClient(rest.secret, rest.token)
            answers["first"] = client.call("POST", "teams/", {"name": "South"}, headers=KEY)
        finally:
            connections.close_all()

    worker = threading.Thread(target=first)
    worker.start()
    assert started.wait(10)
    meanwhile = rest.call("POST", "teams/", {"name": "South"}, headers=KEY)
    go_on.set()
    worker.join(10)

    assert (meanwhile.status_code, meanwhile["Retry-After"]) == (409, "1")
    assert answers["first"].status_code == 201
    after = rest.call("POST", "teams/", {"name": "South"}, headers=KEY)
    assert (after.content, after["Idempotent-Replayed"]) == (answers["first"].content, "true")
    assert teams(organization) == ["South"]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one(rest, organization):
    answers = []

    def send():
        try:
            client = TokenClient(rest.secret, rest.token)
            answers.append(client.call("POST", "managers/", {"name": "Layla"}, headers=KEY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({json.loads(answer.content)["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(rest.call("GET", "managers/").json()["results"]) == 1
