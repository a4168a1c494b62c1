"""The outbox and the suppressed addresses through the API: everything that the pages can do."""

import pytest

from accounts.choices import Scope
from accounts.dispatch import suppression
from accounts.dispatch.models import Message, Suppression
from accounts.tenancy.context import tenant
from tests.rest import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def put(organization):
    def write(send_key="a", status="dead", recipient="ada@client.example", **fields):
        with tenant(organization.pk):
            return Message.objects.create(send_key=send_key, status=status, recipient=recipient, kind="x", **fields)

    return write


def test_messages_are_found_by_recipient_and_state(rest, put):
    put("a", attempts=2, last_error="550 No", errors=[{"at": "2026-11-23T10:00:00+00:00", "error": "550 No"}])
    put("b", "pending", "bo@client.example")
    put("c", "pending", "cy@client.example", attempts=1)

    [row] = rest.rows("messages/?q=ADA")
    assert (row["status"], row["attempts"], row["last_error"]) == ("dead", 2, "550 No")
    assert row["errors"] == [{"at": "2026-11-23T10:00:00+00:00", "error": "550 No"}]
    assert "payload" not in row
    assert [each["recipient"] for each in rest.rows("messages/?status=retrying")] == ["cy@client.example"]
    assert [each["recipient"] for each in rest.rows("messages/?status=pending&ordering=created_at")] == [
        "bo@client.example",
        "cy@client.example",
    ]
    problem(rest.call("GET", "messages/?status=nonsense"), 400)


def test_a_message_is_retried_discarded_put_back_and_released(rest, put):
    dead, held = put("a"), put("b", "held")

    assert rest.call("POST", f"messages/{dead.pk}/retry/").json()["status"] == "pending"
    assert rest.call("POST", f"messages/{dead.pk}/discard/").json()["status"] == "cancelled"
    assert rest.call("POST", f"messages/{dead.pk}/put-back/").json()["status"] == "pending"
    assert rest.call("POST", f"messages/{held.pk}/release/").json()["status"] == "pending"
    assert "Only held" in problem(rest.call("POST", f"messages/{held.pk}/release/"), 409)["detail"]
    problem(rest.call("POST", f"messages/{held.pk}/retry/", {"now": True}), 400)


def test_addresses_are_suppressed_and_lifted(rest, organization):
    made = rest.call("POST", "suppressions/", {"address": "Ada@Client.example", "detail": "On the phone"})
    assert made.status_code == 201
    told = made.json()
    assert (told["address"], told["reason"], told["archived_at"]) == ("ada@client.example", "manual", None)
    assert "already" in str(problem(rest.call("POST", "suppressions/", {"address": "ada@client.example"}), 409))
    problem(rest.call("POST", "suppressions/", {"address": "nonsense"}), 400)

    lifted = rest.call("POST", f"suppressions/{told['id']}/lift/").json()
    assert lifted["archived_at"]
    assert rest.rows("suppressions/") == []
    assert [row["id"] for row in rest.rows("suppressions/?archived=true&q=ada&reason=manual")] == [told["id"]]
    problem(rest.call("POST", f"suppressions/{told['id']}/lift/"), 409)
    with tenant(organization.pk):
        assert not suppression.is_suppressed("ada@client.example")


def test_only_the_admin_scope_sees_them(token_for, member, put):
    message = put()
    rest = token_for(member, Scope.READ, Scope.WRITE)

    for method, path in (
        ("GET", "messages/"),
        ("GET", f"messages/{message.pk}/"),
        ("POST", f"messages/{message.pk}/retry/"),
        ("GET", "suppressions/"),
        ("POST", "suppressions/"),
    ):
        problem(rest.call(method, path, {"address": "a@b.example"} if path == "suppressions/" else None), 403)


def test_others_rows_are_not_there(rest, other_organization):
    with tenant(other_organization.pk):
        message = Message.objects.create(send_key="a", kind="x", status="dead")
        theirs = suppression.suppress(address="ada@client.example", reason="manual")

    problem(rest.call("POST", f"messages/{message.pk}/retry/"), 404)
    problem(rest.call("POST", f"suppressions/{theirs.pk}/lift/"), 404)
    assert rest.rows("messages/") == rest.rows("suppressions/") == []


def test_lists_are_one_statement_however_long(rest, put, organization):
    def fill(number):
        put(f"m{number}")
        with tenant(organization.pk):
            Suppression.objects.create(address=f"{number}@x.example", address_digest=str(number), reason="manual")

    fill(1)
    paths = ("messages/", "messages/?status=dead&q=client", "suppressions/?q=x.example")
    one = [len(rest.statements("GET", path)[1]) for path in paths]
    fill(2)
    fill(3)
    assert [len(rest.statements("GET", path)[1]) for path in paths] == one
