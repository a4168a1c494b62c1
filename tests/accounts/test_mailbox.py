import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts.mailbox import list_mails, mailbox_folder, read_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def local(settings, tmp_path):
    settings.RAFIQ_ENV = "local"
    settings.DATA_DIR = tmp_path
    return settings


@pytest.fixture
def mail(local):
    message = EmailMultiAlternatives(
        "استبيان", "Answer here: http://testserver/s/abc/.\nThanks", "a@x.example", ["b@y.example"]
    )
    message.attach_alternative("<script>alert(1)</script><a href='http://evil.example'>x</a>", "text/html")
    assert get_connection("accounts.mailbox.MailboxBackend").send_messages([message]) == 1
    return list_mails()[0]


def test_mail_lands_in_a_private_folder(mail):
    assert mailbox_folder().stat().st_mode & 0o777 == 0o700
    assert [path.suffix for path in mailbox_folder().iterdir()] == [".eml"]
    assert (mail.subject, mail.recipient) == ("استبيان", "b@y.example")
    assert mail.links == ["http://testserver/s/abc/"]


def test_the_page_lists_and_shows_it_with_links_that_can_be_opened(browser, mail):
    assert mail.name in browser.get("/accounts/mailbox/").content.decode()

    shown = browser.get(f"/accounts/mailbox/{mail.name}/").content.decode()
    assert '<a href="http://testserver/s/abc/"' in shown
    assert "alert(1)" not in shown


def test_a_mail_of_html_alone_is_shown_as_text(browser, local):
    message = EmailMultiAlternatives("X", "<b>Hello</b><script>alert(1)</script>", "a@x.example", ["b@y.example"])
    message.content_subtype = "html"
    get_connection("accounts.mailbox.MailboxBackend").send_messages([message])

    shown = browser.get(f"/accounts/mailbox/{list_mails()[0].name}/").content.decode()
    assert "Hello" in shown
    assert "<script>alert" not in shown


def test_an_empty_mailbox_says_so(browser, local):
    assert "No mail yet" in browser.get("/accounts/mailbox/").content.decode()


@pytest.mark.parametrize("place", ["test", "development", "production"])
def test_it_exists_only_on_a_local_product(browser, mail, settings, place):
    settings.RAFIQ_ENV = place

    assert browser.get("/accounts/mailbox/").status_code == 404
    assert browser.get(f"/accounts/mailbox/{mail.name}/").status_code == 404


@pytest.mark.parametrize(
    "origin",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_it_exists_only_for_this_machine(browser, mail, origin):
    assert browser.get("/accounts/mailbox/", **origin).status_code == 404


@pytest.mark.parametrize("name", ["..", "../secret", "0000000000000-00000000", "%2e%2e%2fetc", "x" * 300])
def test_only_names_that_we_gave_are_opened(browser, mail, name):
    assert read_mail(name) is None
    assert browser.get(f"/accounts/mailbox/{name}/").status_code == 404
