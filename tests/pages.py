"""What tests of any app's pages share."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rest import FRAME


def text_of(response):
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def statements_of(browser, url):
    """The SQL that a page takes, without opening and closing its transaction."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(url)
    assert response.status_code == 200, response.status_code
    return [each["sql"] for each in queries if not each["sql"].startswith(FRAME)]


def undo_of(response):
    """Presses the Undo button of the message that the followed response shows."""
    found = re.search(r'action="([^"]+/restore/|[^"]+/reopen/)"', response.content.decode())
    assert found, "no undo"
    return response.client.post(found[1], follow=True)
