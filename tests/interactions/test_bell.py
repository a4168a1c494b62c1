"""The bell on every page, in both languages."""

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions import services
from interactions.models import Notification
from tests.factories.interactions import NotificationFactory, ReminderFactory
from tests.pages import text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language, words", [("en", "{} unread notice"), ("ar", "إشعار")])
@pytest.mark.parametrize("unread", [0, 1, 2, 3, 11, 100])
def test_the_bell_counts_in_every_plural_form(page, member, organization, language, words, unread):
    with tenant(organization.pk):
        NotificationFactory.create_batch(unread, member=member)

    answer = page.get(page.url("my-day"), headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert words.format(unread) in answer.content.decode()


def notices(organization, member, count, **fields):
    with tenant(organization.pk):
        return NotificationFactory.create_batch(count, member=member, **fields)


def test_asking_how_many_wait_is_one_count_and_as_before_when_nothing_changed(page, member, organization, cast):
    notices(organization, member, 2)
    notices(organization, cast[Role.LEAD], 3)
    url = page.url("interactions:notification-bell")

    first = page.get(url)
    assert "2 unread notices" in text_of(first)
    assert "<html" not in first.content.decode()
    assert first["Cache-Control"] == "private, no-cache"
    again = page.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    notices(organization, member, 1)
    assert "3 unread notices" in text_of(page.get(url, headers={"If-None-Match": first["ETag"]}))
    arabic = page.get(url, headers={"If-None-Match": first["ETag"], "Accept-Language": "ar"})
    assert (arabic.status_code, "إشعارات" in text_of(arabic)) == (200, True)
    assert len([sql for sql in statements(lambda: page.get(url)) if "session" not in sql]) <= 2


def test_whoever_signed_out_is_sent_away(client, organization):
    assert client.get(f"/o/{organization.slug}/interactions/notifications/bell/").status_code == 302


def test_the_bell_opens_on_the_latest_with_what_can_be_done_at_once(page, member, organization):
    with tenant(organization.pk):
        reminder = ReminderFactory(member=member, channel="in_app")
        services.fire_due_reminders()
    notices(organization, member, 1, title="Seen", read_at=timezone.now())
    url, where = page.url("interactions:notification-latest"), page.url("interactions:task-list")

    panel = page.get(url, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{where}"})
    content = panel.content.decode()
    snooze = page.url("interactions:reminder-snooze", reminder.pk)
    assert snooze in content
    assert content.count('name="for"') == 1
    assert f'name="next" value="{where}"' in content
    assert reminder.task.title in text_of(panel)

    assert page.post(snooze, {"for": "24", "next": where})["Location"] == where
    with tenant(organization.pk):
        assert not Notification.objects.unread().exists()
    assert 'name="for"' not in page.get(url).content.decode()
    assert page.post(page.url("interactions:notification-read-all"), {"next": where})["Location"] == where


def test_an_empty_bell_says_so_and_a_full_one_costs_the_same(page, member, organization):
    url = page.url("interactions:notification-latest")
    assert "Nothing new" in text_of(page.get(url))
    notices(organization, member, 1)
    one = statements(lambda: page.get(url))
    notices(organization, member, 20)
    assert len(statements(lambda: page.get(url))) == len(one)
    assert page.get(url).content.decode().count("notice-title") == 8
