"""One's own affairs: a forgotten password, mails, addresses, the second step, language and theme."""

import re

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from tests.accounts.doors import link_in, sign_in

pytestmark = pytest.mark.django_db


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(browser, client, person, committing, mailoutbox):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with committing():
        browser.post("/accounts/password/reset/", {"email": person.email})
    path = link_in(mailoutbox[0])

    form = browser.get(path, follow=True)
    answer = {"password1": "quite-another-8", "password2": "quite-another-8"}
    with committing():
        browser.post(form.request["PATH_INFO"], answer)

    assert sign_in(browser, password="quite-another-8").status_code == 302
    assert "does not work any more" in client.get(path, follow=True).content.decode()
    assert client.get("/accounts/profile/").url.startswith("/accounts/login/")  # the other session has ended
    assert mailoutbox[-1].subject == "Your password was changed"


def test_a_reset_for_an_unknown_address_looks_the_same(browser, committing, mailoutbox):
    with committing():
        response = browser.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    assert response.url == "/accounts/password/reset/done/"
    assert "No sign-in to Rafiq has this address" in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_a_reset_that_could_not_be_sent_says_so(browser, person, settings):
    settings.EMAIL_BACKEND = "tests.mail.DownBackend"
    response = browser.post("/accounts/password/reset/", {"email": person.email})

    page = browser.get(response.url).content.decode()
    assert "could not be sent" in page
    assert "Send again" in page


def test_links_in_mails_never_come_from_the_host_header(browser, person, committing, mailoutbox):
    with committing():
        browser.post("/accounts/password/reset/", {"email": person.email}, headers={"host": "evil.example"})

    assert "evil.example" not in mailoutbox[0].body
    assert "http://testserver/accounts/password/reset/key/" in mailoutbox[0].body


def test_mails_speak_the_language_of_their_reader(browser, person, committing, mailoutbox):
    User.objects.filter(pk=person.pk).update(language="ar")
    with committing():
        browser.post("/accounts/password/reset/", {"email": person.email})

    assert re.search("[\u0600-\u06ff]", mailoutbox[0].subject)
    assert "مرحبًا" in mailoutbox[0].body


@pytest.mark.parametrize(
    "path", ["login", "signup", "password/reset", "confirm-email", "password/reset/done", "inactive"]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_doors_open_in_both_languages(browser, path, language):
    page = browser.get(f"/accounts/{path}/", headers={"accept-language": language}).content.decode()

    assert f'lang="{language}"' in page
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    "path",
    [
        "profile",
        "email",
        "password/change",
        "2fa",
        "2fa/webauthn",
        "organizations",
        "organizations/new",
        "logout",
        "reauthenticate",
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_ones_own_pages_open_in_both_languages(browser, person, path, language):
    sign_in(browser)
    User.objects.filter(pk=person.pk).update(language=language)

    response = browser.get(f"/accounts/{path}/")

    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


def test_two_step_sign_in_is_asked_for_once_it_is_set_up(browser, client, person, committing, monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.validate_totp_code", lambda secret, code: code == "123456")
    sign_in(browser)
    asked = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Is it you?" in asked.content.decode()
    browser.post("/accounts/reauthenticate/", {"password": "rafiq-test", "next": "/accounts/2fa/totp/activate/"})
    assert "<img" in browser.get("/accounts/2fa/totp/activate/").content.decode()
    with committing():
        response = browser.post("/accounts/2fa/totp/activate/", {"code": "١٢٣ ٤٥٦"}, follow=True)
    assert "Recovery codes" in response.content.decode()

    response = sign_in(client)
    assert response.url == "/accounts/2fa/authenticate/"
    assert "Second step" in client.get(response.url).content.decode()
    assert "not right" in client.post(response.url, {"code": "000000"}).content.decode()


def test_profile_changes_name_language_and_theme(browser, person):
    sign_in(browser)
    browser.post("/accounts/profile/", {"name": "آدا", "language": "ar", "theme": "dark"})

    page = browser.get("/accounts/profile/").content.decode()
    person.refresh_from_db()
    assert (person.name, person.language, person.theme) == ("آدا", "ar", "dark")
    assert 'lang="ar" dir="rtl" data-theme="dark"' in page


def test_language_and_theme_are_remembered_before_signing_in(browser):
    browser.post("/accounts/language/", {"language": "ar", "next": "/accounts/login/"})
    browser.post("/accounts/theme/", {"theme": "dark"})
    browser.post("/accounts/language/", {"language": "xx"})

    assert 'lang="ar" dir="rtl" data-theme="dark"' in browser.get("/accounts/login/").content.decode()
    assert browser.get("/accounts/language/").status_code == 405


def test_the_stylesheet_of_a_hue_is_the_same_for_everybody(browser):
    response = browser.get("/accounts/brand/150.css")

    assert response.content.decode() == ":root{--brand-h:150}"
    assert response["Content-Type"] == "text/css"
    assert "immutable" in response["Cache-Control"]


def test_address_management_keeps_one_confirmed_main_address(browser, person, committing, mailoutbox):
    sign_in(browser)
    with committing():
        browser.post("/accounts/email/", {"action_add": "1", "email": "second@example.com"})
    page = browser.get("/accounts/email/").content.decode()
    assert "Not confirmed" in page

    browser.post(link_in(mailoutbox[-1]))
    with committing():
        browser.post("/accounts/email/", {"action_primary": "1", "email": "second@example.com"})
    person.refresh_from_db()
    assert person.email == "second@example.com"
    assert EmailAddress.objects.get(email="ada@example.com").primary is False
