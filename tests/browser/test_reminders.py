"""Reminders in a real browser: what one finds, puts off, does, and chooses."""

import pytest

from accounts.models import Organization
from accounts.tenancy.context import tenant
from interactions.models import ReminderRule
from tests.browser.test_looks import LOOKS, look_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LOOKS)
def test_the_pages_of_reminders(visit, language):
    admin = visit(language=language).sign_in("admin@demo.example")
    with tenant(Organization.objects.get(slug="demo").pk):
        rule = ReminderRule.objects.get(kind="notice_deadline").pk
    faults = []
    for path in ("choices/", "rules/", f"rules/{rule}/"):
        faults += look_at(admin, f"/o/demo/interactions/reminders/{path}", LOOKS[language])
    admin.leave()
    layla = visit(language=language).sign_in("layla@demo.example")
    for path in ("", "?state=upcoming", "?state=snoozed"):
        faults += look_at(layla, f"/o/demo/interactions/reminders/{path}", LOOKS[language])

    assert faults == []


def test_from_the_bell_to_what_is_due(visit):
    layla = visit().sign_in("layla@demo.example")
    page = layla.page
    page.locator("summary.bell").click()
    page.locator(".bell-panel").get_by_role("link", name="Reminders", exact=True).click()
    lines = page.locator("li.task")
    before = lines.count()
    assert before > 3

    first = lines.nth(0).locator(".task-title").inner_text()
    lines.nth(0).locator("summary").click()
    lines.nth(0).get_by_role("button", name="For a week").click()
    layla.sees("Snoozed.")
    assert lines.count() == before - 1
    lines.nth(0).locator(".task-check").click()
    layla.sees("Done.")
    assert lines.count() == before - 2

    page.get_by_role("link", name="Snoozed", exact=True).click()
    assert first in page.locator("li.task").first.inner_text()
    assert layla.complaints == []
