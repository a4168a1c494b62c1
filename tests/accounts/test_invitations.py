"""Inviting and joining: single use, expiring, only for the invited address."""

import base64
import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.exceptions import DomainError
from accounts.models import Invitation, User
from accounts.queries import memberships_of
from accounts.services import accept_invitation, find_invitation, invite_member, revoke_invitation
from accounts.tenancy.context import tenant
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def invited(organization, member):
    """An open invitation for ada@example.com, and the path of its link."""
    with tenant(organization.pk):
        invitation, link = invite_member(actor=member, email="Ada@Example.com", role=Role.LEAD)
    return invitation, link.removeprefix("http://testserver")


def test_the_link_is_mailed_and_shown_once(page, committing, mailoutbox):
    with committing():
        response = page.post(page.url("accounts:invitation-add"), {"email": "ada@example.com", "role": "lead"})

    link = re.search(r"http://testserver/accounts/invitation/\S+", mailoutbox[0].body).group()
    assert mailoutbox[0].to == ["ada@example.com"]
    assert link in page.get(response.url).content.decode()
    assert link not in page.get(response.url).content.decode()
    assert Client().get(link.removeprefix("http://testserver")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_could_not_be_sent_is_told_with_the_link_to_hand_over(page, settings):
    settings.EMAIL_BACKEND = "tests.mail.DownBackend"
    response = page.post(page.url("accounts:invitation-add"), {"email": "ada@example.com", "role": "lead"})

    shown = page.get(response.url).content.decode()
    assert "could not be sent" in shown
    assert "/accounts/invitation/rfi_" in shown


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_went_out_is_told(page, mailoutbox):
    response = page.post(page.url("accounts:invitation-add"), {"email": "ada@example.com", "role": "lead"})

    assert "The mail is sent." in page.get(response.url).content.decode()


def test_a_new_person_signs_up_by_the_link_and_is_in(browser, invited, committing, mailoutbox, settings):
    settings.SIGNUP_OPEN = False
    _invitation, path = invited
    assert "Sign up to join" in browser.get(path).content.decode()
    form = browser.get("/accounts/signup/").content.decode()
    assert "ada@example.com" in form
    assert 'name="organization"' not in form

    answers = {
        "name": "Ada",
        "email": "other@example.com",
        "password1": "a-long-secret-7",
        "password2": "a-long-secret-7",
    }
    with committing():
        response = browser.post("/accounts/signup/", answers)

    assert response.url == "/o/ours/"
    user = User.objects.get(email="ada@example.com")  # the address of the invitation, whatever was posted
    assert [m.role for m in memberships_of(user)] == [Role.LEAD]
    assert mailoutbox == []  # the link has proven the address


def test_a_known_person_signs_in_and_joins_by_a_button(browser, invited, person, organization):
    invitation, path = invited
    page = browser.get(path).content.decode()
    assert f"/accounts/login/?next={path}" in page

    response = browser.post("/accounts/login/", {"login": person.email, "password": "rafiq-test", "next": path})
    assert response.url == path
    browser.get(path)
    assert memberships_of(person) == []  # looking is not joining
    assert browser.post(path).url == "/o/ours/"

    assert [m.role for m in memberships_of(person)] == [Role.LEAD]
    assert browser.get(path).url == "/o/ours/"
    with tenant(organization.pk):
        assert Invitation.objects.get(pk=invitation.pk).accepted_at is not None


def test_nobody_else_can_use_the_link(browser, invited):
    _invitation, path = invited
    stranger = UserFactory()
    browser.force_login(stranger, backend=BACKEND)

    assert "This invitation is for somebody else" in browser.get(path).content.decode()
    page = browser.post(path, follow=True).content.decode()
    assert "This invitation is for ada@example.com" in page
    assert memberships_of(stranger) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"revoked_at": timezone.now()}, "It was withdrawn"),
        ({"accepted_at": timezone.now()}, "It was used already"),
        ({"expires_at": timezone.now() - datetime.timedelta(minutes=1)}, "It has expired"),
    ],
)
def test_a_closed_link_says_why_and_lets_nobody_sign_up(browser, invited, organization, settings, change, said):
    settings.SIGNUP_OPEN = False
    invitation, path = invited
    browser.get(path)
    with tenant(organization.pk):
        Invitation.objects.filter(pk=invitation.pk).update(**change)

    response = browser.get(path)
    assert response.status_code == 410
    assert said in response.content.decode()
    assert "By invitation only" in browser.get("/accounts/signup/").content.decode()


def test_an_invitation_withdrawn_during_sign_up_makes_nobody_a_member(browser, invited, organization, member):
    invitation, path = invited
    browser.get(path)
    browser.get("/accounts/signup/")
    with tenant(organization.pk):
        revoke_invitation(actor=member, invitation=invitation)

    answers = {"name": "Ada", "password1": "a-long-secret-7", "password2": "a-long-secret-7"}
    browser.post("/accounts/signup/", answers | {"email": "ada@example.com", "organization": "Own"})

    user = User.objects.get(email="ada@example.com")
    assert memberships_of(user) == []


@pytest.mark.parametrize("secret", ["x", "rfi_x.y", "rfi_AAAAAAAAAAAAAAAAAAAAAA.abc", "rfq_AAAAAAAAAAAAAAAAAAAAAA.abc"])
def test_a_made_up_link_says_so(browser, secret):
    response = browser.get(f"/accounts/invitation/{secret}/")

    assert response.status_code == 410
    assert "never ours" in response.content.decode()


def test_the_secret_finds_nothing_in_another_organization(invited, organization, other_organization):
    _invitation, path = invited
    secret = path.split("/")[-2]
    other = secret.partition(".")[2]
    forged = "rfi_" + base64.urlsafe_b64encode(other_organization.pk.bytes).decode().rstrip("=") + "." + other

    assert find_invitation(secret) is not None
    assert find_invitation(forged) is None


def test_an_invitation_joins_once(inside, invited, person):
    invitation, _path = invited
    accept_invitation(invitation=invitation, user=person)

    with pytest.raises(DomainError, match="used"):
        accept_invitation(invitation=invitation, user=person)


def test_sending_again_replaces_the_link(page, invited, committing, mailoutbox):
    invitation, path = invited
    with committing():
        page.post(page.url("accounts:invitation-resend", invitation.pk))

    assert Client().get(path).status_code == 410
    new = re.search(r"http://testserver(/accounts/invitation/\S+)", mailoutbox[0].body).group(1)
    assert Client().get(new).status_code == 200


def test_withdrawing_stops_the_link(page, invited):
    invitation, path = invited
    page.post(page.url("accounts:invitation-revoke", invitation.pk))

    assert Client().get(path).status_code == 410


def test_members_are_not_invited_again(page, cast):
    response = page.post(page.url("accounts:invitation-add"), {"email": cast[Role.LEAD].user.email, "role": "lead"})

    assert response.status_code == 422
    assert "already a member" in response.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_admins_invite(page, cast, role):
    page.login_as(cast[role])

    for name in ("invitation-list", "invitation-add"):
        response = page.get(page.url(f"accounts:{name}"))
        assert response.status_code == 403
        assert "An admin of Ours may do it: Admin" in response.content.decode()


def test_the_mail_speaks_the_organizations_language(page, organization, committing, mailoutbox):
    with tenant(organization.pk):
        settings = organization.settings
        settings.language = "ar"
        settings.save()
    with committing():
        page.post(page.url("accounts:invitation-add"), {"email": "ada@example.com", "role": "lead"})

    assert "دعوة" in mailoutbox[0].subject
