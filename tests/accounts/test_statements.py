"""Who signs in is found in two statements: the session, and its user with all memberships."""

import pytest
from django.contrib.auth import HASH_SESSION_KEY

from accounts.choices import Role
from accounts.tenancy.context import tenant
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db


def test_signing_in_takes_two_statements(page):
    found = statements(lambda: page.get(page.url("accounts:member-list")))
    assert '"django_session"' in found[0]
    assert '"accounts_membership"' in found[1]
    assert '"accounts_user"' in found[1]
    assert_at_most(8, found)


def test_a_session_opened_with_another_password_ends(page, member):
    member.user.set_password("another-one-now")
    member.user.save()
    assert page.get(page.url("my-day")).status_code == 302
    assert HASH_SESSION_KEY not in page.session


def test_a_session_of_a_user_who_was_switched_off_is_signed_out(page, member):
    member.user.is_active = False
    member.user.save()
    assert page.get(page.url("my-day")).status_code == 302


def test_a_session_signed_with_the_previous_key_goes_on(page, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    session, settings.SECRET_KEY = page.session, "the-next-one"
    assert session[HASH_SESSION_KEY]
    response = page.get(page.url("my-day"))
    assert response.status_code == 200


def test_a_member_who_was_switched_off_finds_nothing(page, cast):
    viewer = cast[Role.VIEWER]
    page.login_as(viewer)
    with tenant(page.organization.pk):
        viewer.is_active = False
        viewer.save()
    assert page.get(page.url("my-day")).status_code == 404
