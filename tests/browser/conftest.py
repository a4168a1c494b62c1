"""A real browser against a real server; skipped on a desk without Chromium, a failure in CI."""

import os
import shutil

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.transport import transport
from tests.accounts.dispatch.mailserver import Server
from tests.browser.person import PASSWORD, Person
from tests.conftest import as_owner

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the session, found on PATH."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not on PATH, and CI must not pass without the browser tests.")
        pytest.skip("Chromium is not on PATH; install it to run the browser tests.")
    # Playwright's own loop runs in this thread, and Django would refuse the database while one does.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def demo(transactional_db, live_server, settings, monkeypatch):
    """The demo organizations, served."""
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    settings.PUBLIC_URL = live_server.url
    with open(os.devnull, "w") as quiet:
        call_command("demo", stdout=quiet)
    return live_server.url


@pytest.fixture
def visit(chromium, demo):
    """``visit(language="ar", theme="dark", width=390)`` gives a person with a browser of their own."""
    people = []

    def come(**look):
        person = Person(chromium, demo, **look)
        people.append(person)
        return person

    yield come
    for person in people:
        person.leave()


@pytest.fixture
def post(settings):
    """A real mail server; ``post.deliver()`` lets a worker send what waits and returns the newest mail."""
    server = Server()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    class Post:
        accepted = server.handler.accepted

        def deliver(self):
            with as_owner("worker"):
                drain(Lane.URGENT)
                drain(Lane.BULK)
            return self.accepted[-1]

    yield Post()
    transport().close()
    server.stop(no_assert=True)
