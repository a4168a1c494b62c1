import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import AuditEntry, Membership, User
from accounts.queries import memberships_of
from accounts.services.secrets import digest_of
from accounts.services.tokens import find_token
from accounts.tenancy.context import tenant

pytestmark = pytest.mark.django_db


def run(name, *arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def found(*more):
    return run("create_organization", "acme", "--name", "Acme", "--admin", "Ada@Example.com", *more)


def test_create_organization_makes_an_admin_who_can_sign_in(monkeypatch, browser):
    monkeypatch.setenv("ADA", "a-long-secret-7")
    out, err = found("--password-env", "ADA", "--currency", "SAR")

    assert (out, err) == ("http://testserver/o/acme/\n", "")
    user = User.objects.get(email="ada@example.com")
    assert [(m.role, m.organization.slug) for m in memberships_of(user)] == [(Role.ADMIN, "acme")]
    assert EmailAddress.objects.get(user=user).verified
    answer = {"login": "ada@example.com", "password": "a-long-secret-7"}
    assert browser.post("/accounts/login/", answer).url == "/o/acme/"


def test_without_a_password_it_says_how_to_choose_one(browser, committing, mailoutbox):
    _out, err = found()

    assert "http://testserver/accounts/password/reset/" in err
    with committing():
        browser.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_a_known_person_keeps_their_password(person, monkeypatch):
    monkeypatch.setenv("ADA", "a-long-secret-7")
    with pytest.raises(CommandError, match="keeps its password"):
        found("--password-env", "ADA")

    _out, err = found()
    person.refresh_from_db()
    assert err == ""
    assert person.check_password("rafiq-test")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Bad Slug", "--name", "X", "--admin", "a@example.com"], "lower-case"),
        (["api", "--name", "X", "--admin", "a@example.com"], "reserved"),
        (["ours", "--name", "X", "--admin", "a@example.com"], "already exists"),
        (["x", "--name", "X", "--admin", "nobody"], "no e-mail address"),
        (["x", "--name", "X", "--admin", "a@example.com", "--password-env", "NOT_SET"], "empty or not set"),
    ],
)
def test_create_organization_says_what_is_wrong_and_leaves_nothing(organization, arguments, said):
    with pytest.raises(CommandError, match=said):
        run("create_organization", *arguments)

    assert not User.objects.filter(email="a@example.com").exists()


def test_a_weak_password_is_refused(monkeypatch):
    monkeypatch.setenv("ADA", "password")
    with pytest.raises(CommandError, match="too"):
        found("--password-env", "ADA")


def test_create_token_prints_the_token_alone(organization, cast):
    lead = cast[Role.LEAD]
    out, err = run(
        "create_token",
        "--organization",
        "ours",
        "--member",
        lead.user.email,
        "--scope",
        "read",
        "--scope",
        "write",
        "--name",
        "Sync",
    )

    assert err == ""
    assert out.count("\n") == 1
    with tenant(organization.pk):
        token = find_token(digest_of(out.strip()))
        assert (token.name, token.member, token.scopes) == ("Sync", lead, ["read", "write"])
        assert AuditEntry.objects.of(token).get().actor is None


def test_create_token_says_what_is_wrong(organization, cast):
    def attempt(slug="ours", email=cast[Role.LEAD].user.email, scope="read"):
        run("create_token", "--organization", slug, "--member", email, "--scope", scope)

    with pytest.raises(CommandError, match="no organization at /o/nowhere/"):
        attempt(slug="nowhere")
    with pytest.raises(CommandError, match="not an active member"):
        attempt(email="nobody@example.com")
    with pytest.raises(CommandError, match="Only an admin"):
        attempt(scope="admin")
    with pytest.raises(CommandError, match="invalid choice"):
        attempt(scope="root")
    with tenant(organization.pk):
        Membership.objects.filter(pk=cast[Role.LEAD].pk).update(is_active=False)
    with pytest.raises(CommandError, match="not an active member"):
        attempt()
