"""API tokens on the settings page: shown once, one's own, revoked at once."""

import re

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import ApiToken, AuditEntry
from accounts.services import create_token
from accounts.services.secrets import digest_of
from accounts.services.tokens import find_token
from accounts.tenancy.context import tenant

pytestmark = pytest.mark.django_db


def make(page, **answers):
    return page.post(page.url("accounts:token-add"), {"name": "Sync", "scopes": ["read"], **answers})


def test_the_secret_is_shown_once_and_not_kept(page, organization):
    response = make(page, scopes=["read", "write"])
    secret = re.search(r"rfq_[\w-]+\.[\w-]+", response.content.decode()).group()

    assert "no-store" in response["Cache-Control"]
    assert secret not in page.get(page.url("accounts:token-list")).content.decode()
    with tenant(organization.pk):
        token = find_token(digest_of(secret))
        assert (token.name, token.scopes, token.member.role) == ("Sync", ["read", "write"], Role.ADMIN)
        kept = [
            str(value) for row in (*ApiToken.objects.values(), *AuditEntry.objects.values()) for value in row.values()
        ]
        assert not any(secret in value for value in kept)


def test_a_token_is_valid_until_the_end_of_its_last_day(page, organization):
    today = timezone.localdate()
    make(page, expires_on=today.isoformat())

    with tenant(organization.pk):
        token = ApiToken.objects.get()
        assert token.is_live
        assert token.expires_at.date() == today


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"scopes": []}, "required"),
        ({"name": ""}, "required"),
        ({"expires_on": "2001-01-01"}, "has passed"),
        ({"scopes": ["root"]}, "Select a valid choice"),
    ],
)
def test_the_form_says_what_to_mend(page, organization, answers, said):
    response = make(page, **answers)

    assert response.status_code == 422
    assert said in response.content.decode()
    with tenant(organization.pk):
        assert ApiToken.objects.count() == 0


def test_others_make_and_see_only_their_own_without_the_admin_scope(page, cast, organization):
    with tenant(organization.pk):
        create_token(actor=None, member=cast[Role.LEAD], name="The lead’s", scopes=["read"])
    page.login_as(cast[Role.MANAGER])

    assert "Select a valid choice" in make(page, scopes=["admin"]).content.decode()
    make(page, name="Mine")

    shown = page.get(page.url("accounts:token-list")).content.decode()
    assert "Mine" in shown
    assert "The lead’s" not in shown
    shown = page.login_as(cast[Role.ADMIN]).get(page.url("accounts:token-list")).content.decode()
    assert "Mine" in shown
    assert "The lead’s" in shown


def test_viewers_make_none_and_are_told_whom_to_ask(page, cast):
    page.login_as(cast[Role.VIEWER])

    response = make(page)

    assert response.status_code == 403
    assert "An admin of Ours may do it" in response.content.decode()


def test_revoking_is_at_once_and_for_one_s_own_or_by_an_admin(page, cast, organization):
    with tenant(organization.pk):
        token, secret = create_token(actor=None, member=cast[Role.LEAD], name="Sync", scopes=["read"])
    url = page.url("accounts:token-revoke", token.pk)

    assert page.login_as(cast[Role.MANAGER]).post(url).status_code == 404
    assert page.login_as(cast[Role.LEAD]).post(url).status_code == 302

    with tenant(organization.pk):
        assert find_token(digest_of(secret)) is None
    assert "Revoked" in page.get(page.url("accounts:token-list")).content.decode()
