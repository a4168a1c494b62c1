"""What every resource has in common, shown on teams: the smallest one that people edit."""

import json
import uuid

import pytest

from accounts.choices import Role, Scope
from accounts.models import AuditEntry
from accounts.services import revoke_token
from accounts.tenancy.context import tenant
from managers.models import Team
from managers.services import add_team, archive_team, change_team
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(organization, member):
    with tenant(organization.pk):
        return add_team(actor=member, name="North")


@pytest.fixture
def their_team(other_organization):
    with tenant(other_organization.pk):
        return Team.objects.create(name="Secret team")


# Who is asking


def test_without_a_token_it_is_401_and_says_how(client):
    response = client.get("/api/v1/teams/")

    problem(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


def test_signed_out_inside_an_organization_it_is_401_too(client, organization):
    problem(client.get(f"/o/{organization.slug}/api/v1/teams/"), 401)
    problem(client.post(f"/o/{organization.slug}/api/v1/teams/", {}, content_type="application/json"), 401)


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer rfq_x.y", "Basic eDp5", "Token abc", "Bearer é"])
def test_a_wrong_token_is_401(client, header):
    problem(client.get("/api/v1/teams/", headers={"Authorization": header}), 401)


def test_a_session_is_ignored_where_tokens_are_asked_for(api):
    problem(api.get("/api/v1/teams/"), 401)


def test_a_revoked_token_stops_at_the_next_request(rest, organization, member):
    assert rest.call("GET", "teams/").status_code == 200
    with tenant(organization.pk):
        revoke_token(actor=member, token=rest.token)

    problem(rest.call("GET", "teams/"), 401)


def test_a_session_reads_inside_its_organization_and_writes_with_a_csrf_token(page, team):
    browser = type(page)(page.organization, enforce_csrf_checks=True)
    browser.cookies = page.cookies
    path = f"/o/{page.organization.slug}/api/v1/teams/"

    assert browser.get(path).json()["results"][0]["name"] == "North"
    refused = browser.post(path, {"name": "South"}, content_type="application/json")
    assert "CSRF" in problem(refused, 403)["detail"]

    browser.cookies["csrftoken"] = token = "a" * 32
    accepted = browser.post(path, {"name": "South"}, content_type="application/json", headers={"X-CSRFToken": token})
    assert accepted.status_code == 201


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [((Scope.READ,), 200, 403), ((Scope.WRITE,), 200, 201), ((Scope.ADMIN,), 403, 403)],
)
def test_scopes_narrow_what_a_token_may_do(token_for, member, scopes, read, write):
    rest = token_for(member, *scopes)

    assert rest.call("GET", "teams/").status_code == read
    assert rest.call("POST", "teams/", {"name": "South"}).status_code == write


def test_a_token_does_not_widen_what_its_member_may_do(token_for, cast, team):
    rest = token_for(cast[Role.VIEWER])

    assert "Viewer" in problem(rest.call("POST", "teams/", {"name": "South"}), 403)["detail"]
    assert rest.call("GET", f"teams/{team.pk}/").status_code == 200
    problem(rest.call("PATCH", f"teams/{team.pk}/", {"name": "x"}, headers={"If-Match": "*"}), 403)


# Other organizations


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "POST", "PUT"])
@pytest.mark.parametrize("body", [None, {"name": "taken over", "organization": str(uuid.uuid4())}])
def test_their_rows_answer_like_rows_that_never_were(rest, their_team, other_organization, method, body):
    answers = [
        rest.call(method, f"teams/{key}/", body, headers={"If-Match": '"v1"'}) for key in (their_team.pk, uuid.uuid4())
    ]

    assert answers[0].status_code == answers[1].status_code == (405 if method in ("POST", "PUT") else 404)
    assert answers[0].content == answers[1].content
    with tenant(other_organization.pk):
        assert Team.objects.get().name == "Secret team"


def test_an_unknown_address_is_a_problem_document(rest):
    problem(rest.call("GET", "teams/not-a-key/"), 404)
    problem(rest.call("GET", "nothing/here"), 404)


@pytest.mark.parametrize("slug", ["nobody-has-this", "other"])
def test_an_organization_that_is_not_ones_own_is_not_found_in_json(page, other_organization, slug):
    answer = page.get(f"/o/{slug if slug != 'other' else other_organization.slug}/api/v1/clients/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "urn:rafiq:problem:not-found"


# Lists


def test_a_list_has_results_and_links(rest, organization, member):
    with tenant(organization.pk):
        Team.objects.bulk_create([Team(name=f"Team {n:03}", search_text=f"team {n:03}") for n in range(120)])

    names, links = [], 0
    page = rest.call("GET", "teams/").json()
    assert set(page) == {"results", "next", "previous"}
    assert (len(page["results"]), page["previous"]) == (50, None)
    while page:
        names += [row["name"] for row in page["results"]]
        assert all(row["id"] for row in page["results"])
        links += 1
        last, page = page, rest.call("GET", page["next"]).json() if page["next"] else None
    assert names == [f"Team {n:03}" for n in range(120)]
    assert links == 3
    back = rest.call("GET", last["previous"]).json()
    assert [row["name"] for row in back["results"]] == names[50:100]


def test_ordering_and_page_size_are_the_callers(rest, organization):
    with tenant(organization.pk):
        Team.objects.bulk_create([Team(name=f"T{n}", search_text=f"t{n}") for n in range(9)])

    page = rest.call("GET", "teams/?ordering=-name&page_size=2").json()
    page = rest.call("GET", page["next"]).json()

    assert [row["name"] for row in page["results"]] == ["T6", "T5"]
    assert len(rest.call("GET", "teams/?page_size=1000").json()["results"]) == 9


@pytest.mark.parametrize("query", ["page_size=0", "page_size=x", "page_size=-1", "page_size=1.5", "page_size=²"])
def test_a_page_size_that_is_none_is_400(rest, query):
    assert "page_size" in problem(rest.call("GET", f"teams/?{query}"), 400)["errors"]


@pytest.mark.parametrize(
    "query",
    ["name__icontains=x", "page=2", "offset=5", "limit=5", "format=xml", "organization=x", "member__user__password=x"],
)
def test_an_unknown_parameter_is_400_and_the_known_ones_are_told(rest, query):
    errors = problem(rest.call("GET", f"teams/?{query}"), 400)["errors"]

    assert "page_size" in errors[query.partition("=")[0]][0]


def test_details_and_verbs_know_no_parameters(rest, team):
    problem(rest.call("GET", f"teams/{team.pk}/?expand=all"), 400)
    problem(rest.call("POST", "teams/?dry_run=1", {"name": "South"}), 400)


@pytest.mark.parametrize(
    "query", ["cursor=x", "ordering=organization", "ordering=-", "ordering=name,password", "archived=2"]
)
def test_an_unusable_value_is_400(rest, query):
    assert query.partition("=")[0] in problem(rest.call("GET", f"teams/?{query}"), 400)["errors"]


def test_archived_rows_are_asked_for(rest, team, organization, member):
    with tenant(organization.pk):
        archive_team(actor=member, team=team)
        add_team(actor=member, name="South")

    names = {
        value: [row["name"] for row in rest.call("GET", f"teams/?archived={value}").json()["results"]]
        for value in ("", "false", "true", "any")
    }

    assert names == {"": ["South"], "false": ["South"], "true": ["North"], "any": ["North", "South"]}


@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_list_costs_the_same_few_statements(rest, organization, count):
    with tenant(organization.pk):
        Team.objects.bulk_create([Team(name=f"T{n}", search_text=f"t{n}") for n in range(count)])

    _, statements = rest.statements("GET", "teams/")

    assert len(statements) == 2, statements


def test_rows_say_what_the_serializer_says(rest, team):
    assert_rows_match_details(rest, "teams/")


# Writing


def test_a_new_row_answers_201_with_its_address_and_version(rest, organization):
    response = rest.call("POST", "teams/", {"name": "South"})

    assert response.status_code == 201
    row = response.json()
    assert (row["name"], row["version"], response["ETag"]) == ("South", 1, '"v1"')
    assert rest.call("GET", response["Location"]).json() == row
    with tenant(organization.pk):
        entry = AuditEntry.objects.get(object_id=row["id"])
        assert (entry.verb, entry.token_name) == ("added", "Test")


@pytest.mark.parametrize("name", ["id", "version", "archived_at", "organization", "search_text", "nmae", "created_at"])
def test_fields_that_are_not_there_to_be_written_are_named(rest, name):
    document = problem(rest.call("POST", "teams/", {"name": "South", name: "x"}), 400)

    assert list(document["errors"]) == [name]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": ["a"]}, "name"),
        ([], "non_field_errors"),
        ("text", "non_field_errors"),
        (5, "non_field_errors"),
        (None, "name"),
    ],
)
def test_a_bad_body_is_400_by_field(rest, body, field):
    raw = b"" if body is None else json.dumps(body).encode()

    assert field in problem(rest.call("POST", "teams/", raw=raw), 400)["errors"]


def test_broken_json_is_400_and_says_where(rest):
    assert "line 1, column" in problem(rest.call("POST", "teams/", raw=b'{"name": '), 400)["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
def test_anything_but_json_is_415(rest, content_type):
    problem(rest.call("POST", "teams/", raw=b'{"name": "South"}', content_type=content_type), 415)


def test_too_large_a_body_is_413(rest):
    problem(rest.call("POST", "teams/", raw=b'{"name": "' + b"x" * 2_700_000 + b'"}'), 413)


def test_a_name_taken_is_refused_by_a_sentence(rest, team):
    document = problem(rest.call("POST", "teams/", {"name": "North"}), 400)

    assert "already" in document["detail"]


def test_errors_speak_the_callers_language(rest, team):
    arabic = rest.call("GET", "teams/?x=1", headers={"Accept-Language": "ar"}).json()
    english = rest.call("GET", "teams/?x=1", headers={"Accept-Language": "en"}).json()

    assert english["title"] == "The request is not valid"
    assert arabic["title"] != english["title"]


def test_options_and_head_are_answered(rest, team):
    options = rest.call("OPTIONS", f"teams/{team.pk}/")
    head = rest.call("HEAD", "teams/")

    assert options.status_code == 200
    assert set(options.json()["methods"]) == {"GET", "PATCH", "DELETE", "HEAD", "OPTIONS"}
    assert options["Allow"]
    assert (head.status_code, head.content) == (200, b"")


def test_answers_are_never_kept_by_a_cache(rest, team):
    assert rest.call("GET", "teams/")["Cache-Control"] == "private, no-store"


# Versions


def test_a_change_needs_the_version_it_is_based_on(rest, team):
    path = f"teams/{team.pk}/"

    assert "If-Match" in problem(rest.call("PATCH", path, {"name": "East"}), 428)["detail"]
    assert "If-Match" in problem(rest.call("DELETE", path), 428)["detail"]
    tag = rest.call("GET", path)["ETag"]
    changed = rest.call("PATCH", path, {"name": "East"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"], changed["ETag"]) == (200, "East", '"v2"')


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', '"v9"', '"x"', "v2", '"v1", "v9"'])
def test_a_stale_version_is_412_with_the_row_as_it_is(rest, team, organization, member, method, tag):
    with tenant(organization.pk):
        change_team(actor=member, team=team, name="West")

    response = rest.call(method, f"teams/{team.pk}/", {"name": "East"}, headers={"If-Match": tag})

    document = problem(response, 412)
    assert (document["current"]["name"], response["ETag"]) == ("West", '"v2"')
    assert rest.call("GET", f"teams/{team.pk}/").json()["name"] == "West"


@pytest.mark.parametrize("tag", ["*", '"v1"', 'W/"v1"', '"v7", "v1"'])
def test_any_form_of_the_right_version_is_taken(rest, team, tag):
    assert rest.call("PATCH", f"teams/{team.pk}/", {"name": "East"}, headers={"If-Match": tag}).status_code == 200


def test_archiving_and_restoring(rest, team):
    path = f"teams/{team.pk}/"

    gone = rest.call("DELETE", path, headers={"If-Match": '"v1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert rest.call("GET", path).json()["archived_at"]
    conflict = problem(rest.call("PATCH", path, {"name": "x"}, headers={"If-Match": "*"}), 409)
    assert "Restore" in conflict["detail"]
    back = rest.call("POST", f"{path}restore/")
    assert (back.status_code, back.json()["archived_at"], back["ETag"]) == (200, None, '"v3"')
    problem(rest.call("POST", f"{path}restore/", {"why": "x"}), 400)


def test_a_fault_of_ours_says_nothing_about_it(rest, monkeypatch, organization):
    def broken(**_):
        Team.objects.create(name="Half done")
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("managers.services.add_team", broken)
    rest.raise_request_exception = False

    response = rest.call("POST", "teams/", {"name": "South"})

    problem(response, 500)
    assert b"secret" not in response.content
    with tenant(organization.pk):
        assert not Team.objects.exists()
