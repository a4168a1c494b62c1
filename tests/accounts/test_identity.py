"""Signing up, confirming, signing in and out: through the pages, as people do it."""

from contextlib import nullcontext

import pytest
from django.contrib.sessions.models import Session

from accounts.choices import Role
from accounts.models import Organization, User
from accounts.queries import memberships_of
from accounts.tenancy.context import tenant
from tests.accounts.doors import link_in, sign_in
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "Noor",
    "organization": "شركة النور",
    "email": "Noor@Example.com",
    "password1": "a-long-secret-7",
    "password2": "a-long-secret-7",
}


def sign_up(browser, committing, **changes):
    with committing():
        return browser.post("/accounts/signup/", ANSWERS | changes)


def test_sign_up_founds_the_organization_when_the_address_is_confirmed(browser, committing, mailoutbox):
    response = sign_up(browser, committing)

    assert response.url == "/accounts/confirm-email/"
    assert Organization.objects.count() == 0
    assert mailoutbox[0].to == ["noor@example.com"]
    assert "شركة النور" in mailoutbox[0].body

    path = link_in(mailoutbox[0])
    assert browser.get(path).status_code == 200
    assert Organization.objects.count() == 0  # looking is not confirming: mail scanners follow links
    response = browser.post(path)

    user = User.objects.get()
    member = memberships_of(user)[0]
    assert (member.role, member.organization.name, user.founding) == (Role.ADMIN, "شركة النور", "")
    assert response.url == f"/o/{member.organization.slug}/"


def test_the_link_works_in_another_browser_but_signs_nobody_in(browser, committing, mailoutbox, client):
    sign_up(browser, committing)

    response = client.post(link_in(mailoutbox[0]))

    assert Organization.objects.count() == 1
    assert response.url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_confirming_twice_founds_once(browser, committing, mailoutbox):
    sign_up(browser, committing)
    path = link_in(mailoutbox[0])
    browser.post(path)
    browser.post(path)

    assert Organization.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_is_told_and_the_mail_can_be_sent_again(browser, settings, mailoutbox):
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.mail.DownBackend"
    response = sign_up(browser, nullcontext)
    assert "could not be sent" in browser.get(response.url).content.decode()

    settings.EMAIL_BACKEND = backend
    response = browser.post("/accounts/confirm-email/resend/")
    page = browser.get(response.url).content.decode()
    assert "could not be sent" not in page
    assert "on its way again" in page
    assert len(mailoutbox) == 1


def test_a_confirmation_that_went_out_is_not_sent_again_at_once(browser, committing, mailoutbox):
    sign_up(browser, committing)
    with committing():
        response = browser.post("/accounts/confirm-email/resend/", follow=True)

    assert "wait three minutes" in response.content.decode()
    assert len(mailoutbox) == 1


def test_nobody_can_have_mail_sent_to_others_by_the_resend_button(browser, mailoutbox):
    assert browser.post("/accounts/confirm-email/resend/", {"email": "victim@example.com"}).url == "/accounts/login/"
    assert mailoutbox == []


def test_a_known_address_looks_like_an_unknown_one_at_sign_up(browser, client, person, committing, mailoutbox):
    known = sign_up(browser, committing, email=person.email)
    unknown = sign_up(client, committing)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert browser.get(known.url).content.decode().count("<form") == client.get(unknown.url).content.decode().count(
        "<form"
    )
    assert mailoutbox[0].to == [person.email]
    assert "http://testserver/accounts/login/" in mailoutbox[0].body
    assert User.objects.filter(email=person.email).count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password1": "short", "password2": "short"}, "10 characters"),
        ({"password2": "something-else-9"}, "same password"),
        ({"organization": ""}, "required"),
        ({"name": ""}, "required"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_sign_up_says_what_to_mend(browser, committing, changes, said):
    response = sign_up(browser, committing, **changes)

    assert said in response.content.decode()
    assert User.objects.count() == 0


def test_a_closed_server_takes_nobody_without_an_invitation(browser, committing, settings):
    settings.SIGNUP_OPEN = False

    assert "By invitation only" in browser.get("/accounts/signup/").content.decode()
    sign_up(browser, committing)
    assert User.objects.count() == 0


def test_signing_in_leads_to_the_only_organization(browser, person, organization):
    with tenant(organization.pk):
        MembershipFactory(user=person)

    assert sign_in(browser).url == "/o/ours/"


def test_signing_in_with_several_organizations_leads_to_the_switcher(browser, person, organization, other_organization):
    for each in (organization, other_organization):
        with tenant(each.pk):
            MembershipFactory(user=person)

    response = sign_in(browser)
    page = browser.get(response.url).content.decode()

    assert response.url == "/accounts/organizations/"
    assert "/o/ours/" in page
    assert "/o/theirs/" in page


def test_the_switcher_shows_only_ones_own_active_organizations(browser, person, organization, other_organization):
    with tenant(organization.pk):
        MembershipFactory(user=person, is_active=False)
    with tenant(other_organization.pk):
        MembershipFactory()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    page = browser.get("/accounts/organizations/").content.decode()

    assert "/o/ours/" not in page
    assert "/o/theirs/" not in page


def test_signing_in_without_an_organization_offers_to_found_one(browser, person):
    response = sign_in(browser)
    assert response.url == "/accounts/organizations/new/"

    response = browser.post(response.url, {"name": "Second wind", "slug": "wind"})

    assert response.url == "/o/wind/"
    assert [member.role for member in memberships_of(person)] == [Role.ADMIN]


@pytest.mark.parametrize(
    ("slug", "said"), [("admin", "reserved"), ("No Way!", "lower-case"), ("ours", "already exists")]
)
def test_founding_says_what_is_wrong_with_the_address(browser, person, organization, slug, said):
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    response = browser.post("/accounts/organizations/new/", {"name": "X", "slug": slug})

    assert response.status_code == 422
    assert said in response.content.decode()


def test_nobody_founds_on_a_closed_server(browser, person, settings):
    settings.SIGNUP_OPEN = False
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    assert "By invitation only" in browser.get("/accounts/organizations/new/").content.decode()
    assert browser.post("/accounts/organizations/new/", {"name": "X", "slug": "x"}).status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        "\\\\evil.example",
        "/%0d%0a//evil.example\r\n",
        "https://testserver@evil.example/",
    ],
)
def test_next_never_leaves_the_site(browser, person, target):
    assert sign_in(browser, next=target).url == "/accounts/organizations/new/"
    for path in ("/accounts/language/", "/accounts/theme/"):
        assert browser.post(path, {"next": target, "language": "ar", "theme": "dark"}).url == "/"
    assert browser.post("/accounts/logout/", {"next": target}).url == "/accounts/login/"


def test_next_within_the_site_is_followed(browser, person):
    assert sign_in(browser, next="/o/ours/clients/?q=x").url == "/o/ours/clients/?q=x"


def test_a_new_session_begins_when_signing_in_and_ends_when_signing_out(browser, person):
    browser.get("/accounts/login/")
    browser.post("/accounts/language/", {"language": "ar"})
    session = browser.session
    session["seen"] = True
    session.save()
    before = session.session_key

    sign_in(browser)
    inside = browser.session.session_key
    assert inside != before
    browser.post("/accounts/logout/")

    assert not Session.objects.filter(session_key__in=[before, inside]).exists()


def test_wrong_passwords_are_stopped_after_five(browser, person):
    pages = [sign_in(browser, password="wrong-password").content.decode() for _ in range(6)]

    assert "is not right" in pages[0]
    assert "Too many failed attempts" in pages[5]
    assert "Too many failed attempts" in sign_in(browser).content.decode()  # the right one too


def test_an_unknown_address_is_answered_like_a_wrong_password(browser, person):
    wrong = sign_in(browser, password="wrong-password").content.decode()
    unknown = sign_in(browser, email="nobody@example.com", password="wrong-password").content.decode()

    assert "The e-mail address or the password is not right." in wrong
    assert "The e-mail address or the password is not right." in unknown


def test_the_first_page_sends_everybody_where_they_belong(browser, person):
    assert browser.get("/").url == "/accounts/login/"
    sign_in(browser)
    assert browser.get("/").url == "/accounts/organizations/new/"
