"""Members, tokens and the audit log through the API."""

import uuid

import pytest

from accounts.choices import Role, Scope
from accounts.models import ApiToken, AuditEntry, IdempotencyKey, Invitation, Membership
from accounts.tenancy.context import tenant
from tests.rest import problem

pytestmark = pytest.mark.django_db


def test_members_are_listed_with_names_and_found_by_them(rest, cast):
    rows = rest.call("GET", "members/").json()["results"]

    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert {row["role"] for row in rows} == set(Role.values)
    viewer = next(row for row in rows if row["role"] == "viewer")
    detail = rest.call("GET", f"members/{viewer['id']}/").json()
    assert viewer == detail
    found = rest.call("GET", f"members/?q={viewer['email'][:9].upper()}").json()["results"]
    assert viewer in found
    assert [row["role"] for row in rest.call("GET", "members/?role=lead").json()["results"]] == ["lead"]


def test_roles_change_with_the_version_and_the_last_admin_stays(rest, cast, member):
    path = f"members/{cast[Role.VIEWER].pk}/"

    changed = rest.call("PATCH", path, {"role": "manager", "title": "Director"}, headers={"If-Match": '"v1"'})
    assert (changed.json()["role"], changed.json()["title"], changed.json()["version"]) == ("manager", "Director", 2)
    problem(rest.call("PATCH", path, {"role": "owner"}, headers={"If-Match": '"v2"'}), 400)
    document = problem(rest.call("PATCH", f"members/{member.pk}/", {"role": "lead"}, headers={"If-Match": '"v1"'}), 409)
    assert "last admin" in document["detail"]


def test_a_member_is_deactivated_with_their_tokens_and_comes_back(rest, cast, token_for):
    colleague = cast[Role.MANAGER]
    theirs = token_for(colleague)

    gone = rest.call("POST", f"members/{colleague.pk}/deactivate/")
    assert (gone.status_code, gone.json()["is_active"]) == (200, False)
    problem(theirs.call("GET", "teams/"), 401)
    back = rest.call("POST", f"members/{colleague.pk}/reactivate/")
    assert back.json()["is_active"] is True
    assert theirs.call("GET", "teams/").status_code == 200


def test_an_invitation_goes_out_by_mail(rest, organization, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = rest.call("POST", "members/", {"email": "New@Example.com", "role": "associate"})

    assert answer.status_code == 201
    assert (answer.json()["email"], answer.json()["role"]) == ("new@example.com", "associate")
    assert [mail.to for mail in mailoutbox] == [["new@example.com"]]
    with tenant(organization.pk):
        assert str(Invitation.objects.get().pk) == answer.json()["id"]
        assert Invitation.objects.get().digest not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "members/", {"email": "a@b.example"}),
        ("PATCH", "members/{member}/", {"role": "admin"}),
        ("POST", "members/{member}/deactivate/", None),
        ("POST", "members/{member}/reactivate/", None),
        ("GET", "tokens/", None),
        ("POST", "tokens/", {"name": "x", "scopes": ["read"]}),
        ("POST", "tokens/{token}/revoke/", None),
        ("GET", "audit/", None),
    ],
)
def test_administration_needs_the_admin_scope(token_for, member, organization, method, path, body):
    rest = token_for(member, Scope.READ, Scope.WRITE)
    path = path.format(member=member.pk, token=rest.token.pk)

    assert "admin" in problem(rest.call(method, path, body, headers={"If-Match": "*"}), 403)["detail"]
    with tenant(organization.pk):
        assert Membership.objects.get(pk=member.pk).is_active
        assert ApiToken.objects.count() == 1
        assert not Invitation.objects.exists()


def test_a_readers_token_knows_the_names_of_colleagues(token_for, cast):
    assert token_for(cast[Role.VIEWER], Scope.READ).call("GET", "members/").status_code == 200


def test_a_new_token_tells_its_secret_once(rest, client, organization):
    answer = rest.call("POST", "tokens/", {"name": "Billing", "scopes": ["read"]}, headers={"Idempotency-Key": "k"})

    assert answer.status_code == 201
    made = answer.json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/teams/", headers=bearer).status_code == 200
    again = rest.call("POST", "tokens/", {"name": "Billing", "scopes": ["read"]}, headers={"Idempotency-Key": "k"})
    problem(again, 409)
    listed = rest.call("GET", "tokens/").content + rest.call("GET", f"tokens/{made['id']}/").content
    with tenant(organization.pk):
        stored = str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))
        stored += str(list(IdempotencyKey.objects.values()))
        assert ApiToken.objects.filter(name="Billing").count() == 1
    secret = made["token"].split(".")[1]
    assert secret not in listed.decode()
    assert secret not in stored


def test_a_token_is_made_for_a_colleague_by_admins_and_dies_when_revoked(rest, cast, client):
    made = rest.call("POST", "tokens/", {"name": "x", "scopes": ["read"], "member": str(cast[Role.MANAGER].pk)}).json()
    bearer = {"Authorization": f"Bearer {made['token']}"}

    assert made["member"] == str(cast[Role.MANAGER].pk)
    assert client.get("/api/v1/teams/", headers=bearer).status_code == 200
    assert rest.call("POST", f"tokens/{made['id']}/revoke/").json()["revoked_at"]
    problem(client.get("/api/v1/teams/", headers=bearer), 401)
    other = rest.call("POST", "tokens/", {"name": "y", "scopes": ["read"]})
    assert rest.call("DELETE", f"tokens/{other.json()['id']}/", headers={"If-Match": '"v1"'}).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x"},
        {"name": "x", "scopes": ["read"], "digest": "0"},
        {"name": "x", "scopes": ["read"], "expires_at": "yesterday"},
        {"name": "x", "scopes": ["read"], "member": str(uuid.uuid4())},
    ],
)
def test_a_token_that_makes_no_sense_is_400(rest, body):
    problem(rest.call("POST", "tokens/", body), 400)


def test_the_audit_log_tells_who_did_what_and_narrows(rest, member, organization):
    team = rest.call("POST", "teams/", {"name": "South"}).json()
    rest.call("PATCH", f"teams/{team['id']}/", {"name": "East"}, headers={"If-Match": '"v1"'})

    rows = rest.call("GET", f"audit/?object={team['id']}").json()["results"]

    assert [(row["verb"], row["actor"], row["token_name"]) for row in rows] == [
        ("changed", str(member.pk), "Test"),
        ("added", str(member.pk), "Test"),
    ]
    assert (rows[0]["before"], rows[0]["after"]) == ({"name": "South"}, {"name": "East"})
    assert rest.call("GET", f"audit/{rows[0]['id']}/").json() == rows[0]
    assert rest.call("GET", f"audit/?object={team['id']}&verb=added").json()["results"] == rows[1:]
    assert rest.call("GET", "audit/?since=2999-01-01").json()["results"] == []
    for method in ("POST", "PUT"):
        assert rest.call(method, "audit/", {}).status_code == 405
    for method in ("PATCH", "DELETE"):
        assert rest.call(method, f"audit/{rows[0]['id']}/", headers={"If-Match": "*"}).status_code == 405


def test_only_admins_read_the_log(api, cast):
    assert api.get(api.path("audit/")).status_code == 200
    api.login_as(cast[Role.LEAD])
    problem(api.get(api.path("audit/")), 403)
