"""Links in reminder mails: they act once, for one member, on a POST, and for nobody else."""

import base64
import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import AuditEntry, Membership, OrganizationSettings
from accounts.services import deactivate_member
from accounts.tenancy.context import tenant
from interactions import act_links, services
from interactions.act_links import Act, act_token, act_url, parse
from interactions.models import Reminder, Task
from tests.factories.accounts import OrganizationFactory
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.pages import text_of
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db
SNOOZES = [Act.SNOOZE_DAY, Act.SNOOZE_WEEK]


@pytest.fixture(autouse=True)
def quick_readers(settings):
    """Nobody here needs two seconds to read the page."""
    settings.SURVEY_SHORTEST_READING = 0


@pytest.fixture
def manager(cast):
    return cast[Role.MANAGER]


@pytest.fixture
def reminder(organization, manager, nile):
    with tenant(organization.pk):
        task = TaskFactory(client=nile, title="Call Mona", assignee=manager)
        return Reminder.objects.select_related("organization", "task__client", "member__user").get(
            pk=ReminderFactory(task=task, member=manager).pk
        )


@pytest.fixture
def browser():
    """A stranger's browser that checks CSRF as ours in production would."""
    return Client(enforce_csrf_checks=True)


def address(reminder, act):
    return urlsplit(act_url(reminder, act)).path


def stamp(browser, url):
    found = re.search(r'name="drawn" value="([^"]+)"', browser.get(url).content.decode())
    assert found, "no form"
    return found[1]


def press(browser, url, drawn=None, **data):
    drawn = drawn or stamp(browser, url)
    return browser.post(url, {"drawn": drawn, **data}, headers={"Origin": "null"}, follow=True)


def task_of(reminder):
    with tenant(reminder.organization_id):
        return Task.objects.get(pk=reminder.task_id)


def row_of(reminder):
    with tenant(reminder.organization_id):
        return Reminder.objects.get(pk=reminder.pk)


def test_open_leads_to_the_page_behind_the_sign_in(reminder):
    assert act_url(reminder, "open").endswith(f"/o/{reminder.organization.slug}/clients/{reminder.task.client_id}/")
    assert sorted(act_links.act_urls(reminder)) == sorted(Act.values)


def test_looking_changes_nothing(browser, reminder):
    for act in (Act.DONE, *SNOOZES):
        url = address(reminder, act)
        for _each in range(3):
            answer = browser.get(url)
            assert (answer.status_code, browser.head(url).status_code) == (200, 200)
        assert "Call Mona" in text_of(answer)
        assert str(act.label) in text_of(answer)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
    assert task_of(reminder).is_open
    assert row_of(reminder).version == reminder.version


def test_done_is_done_once_and_says_so_after(browser, reminder, manager):
    url = address(reminder, Act.DONE)
    drawn = stamp(browser, url)

    done = press(browser, url, drawn)
    again = press(browser, url, drawn)

    assert "Done" in text_of(done)
    assert (again.status_code, "Already done" in text_of(again)) == (200, True)
    task = task_of(reminder)
    assert (task.status, task.done_by_id) == ("done", manager.pk)
    with tenant(reminder.organization_id):
        entry = AuditEntry.objects.get(object_id=task.pk, verb="completed")
    assert (entry.actor_id, entry.token_name) == (manager.pk, "mail:link")


def test_the_history_says_that_a_link_in_a_mail_did_it(browser, page, reminder):
    press(browser, address(reminder, Act.DONE))
    assert "through a link in a mail" in text_of(page.get(page.url("accounts:audit-list")))


@pytest.mark.parametrize(("act", "day"), [(Act.SNOOZE_DAY, 26), (Act.SNOOZE_WEEK, 2)])
def test_snoozing_goes_to_a_working_day_at_the_same_time(browser, organization, reminder, act, day):
    with tenant(organization.pk):
        OrganizationSettings.objects.update(weekend_days=[4, 5], time_zone="Africa/Cairo")
        Reminder.objects.filter(pk=reminder.pk).update(due_at=datetime(2026, 11, 25, 7, 30, tzinfo=UTC))
    reminder.due_at = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        url = address(reminder, act)
        drawn = stamp(browser, url)
        first, again = press(browser, url, drawn), press(browser, url, drawn)

    assert "Snoozed" in text_of(first)
    assert "Already snoozed" in text_of(again)
    row = row_of(reminder)
    assert (row.due_at.day, row.due_at.hour, row.due_at.minute) == (day, 7, 30)
    assert (row.version, row.planned_at) == (reminder.version + 1, reminder.due_at)


def test_a_snooze_over_the_weekend_ends_on_the_next_working_day(browser, organization, reminder):
    with tenant(organization.pk):
        OrganizationSettings.objects.update(weekend_days=[4, 5], time_zone="UTC")
    with time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC)):
        press(browser, address(reminder, Act.SNOOZE_DAY))
    assert row_of(reminder).due_at.date().isoformat() == "2026-11-29"


def test_after_a_snooze_the_old_mail_can_still_say_done(browser, reminder):
    done, snooze = address(reminder, Act.DONE), address(reminder, Act.SNOOZE_DAY)
    press(browser, snooze)
    press(browser, done)
    assert not task_of(reminder).is_open
    assert "Already done" in text_of(browser.get(snooze))


def test_a_repeating_task_says_when_the_next_is_due(browser, organization, manager, nile):
    with tenant(organization.pk):
        today = timezone.localdate()
        task = services.add_task(
            actor=manager, client=nile, title="Weekly call", due_on=today, recurrence="FREQ=WEEKLY"
        )
        reminder = Reminder.objects.select_related("organization", "task").get(
            pk=ReminderFactory(task=task, member=manager).pk
        )
    assert "The next one is due on" in text_of(press(browser, address(reminder, Act.DONE)))
    with tenant(organization.pk):
        assert Task.objects.open().get().due_on == today + timedelta(days=7)


def test_what_is_no_task_is_put_down_as_done_or_put_off(browser, organization, manager, nile):
    with tenant(organization.pk):
        made = ReminderFactory(task=None, member=manager, kind="anniversary", client=nile, title="Ten years")
        reminder = Reminder.objects.select_related("organization", "task", "client").get(pk=made.pk)
    snooze, done = address(reminder, Act.SNOOZE_WEEK), address(reminder, Act.DONE)

    assert "Nile Foods" in text_of(browser.get(snooze))
    with tenant(organization.pk):
        nile.assignments.update(until_on=timezone.localdate())
    unseen = browser.get(snooze)
    assert (unseen.status_code, "Nile Foods" in text_of(unseen)) == (410, False)
    with tenant(organization.pk):
        nile.assignments.update(until_on=None)
    assert "Snoozed" in text_of(press(browser, snooze))
    assert "Done" in text_of(press(browser, done))
    assert row_of(reminder).done_at is not None
    assert "Already done" in text_of(browser.get(done))
    assert "Already done" in text_of(browser.get(snooze))


def test_a_form_that_was_not_drawn_for_this_link_does_nothing(browser, reminder, settings):
    done, snooze = address(reminder, Act.DONE), address(reminder, Act.SNOOZE_DAY)
    for drawn in ("", "x", stamp(browser, snooze)):
        answer = browser.post(done, {"drawn": drawn})
        assert (answer.status_code, "press it once more" in text_of(answer)) == (422, True)
    settings.SURVEY_SHORTEST_READING = 60
    assert browser.post(done, {"drawn": stamp(browser, done)}).status_code == 422
    assert task_of(reminder).is_open


def test_the_link_dies_with_the_member_the_task_the_reminder_and_in_time(
    browser, organization, member, cast, reminder, nile
):
    url = address(reminder, Act.DONE)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        late = browser.get(url)
        assert (late.status_code, "too old" in text_of(late)) == (410, True)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert browser.get(url).status_code == 200

    with tenant(organization.pk):
        services.reassign_task(actor=member, task=reminder.task, assignee=cast[Role.ADMIN])
    gone = browser.get(url)
    assert (gone.status_code, "no longer works" in text_of(gone)) == (410, True)
    assert "Call Mona" not in text_of(gone)
    with tenant(organization.pk):
        services.reassign_task(actor=member, task=reminder.task, assignee=cast[Role.MANAGER])
        # With somebody else it went to them; back with the first, the old link is about it again.
        Reminder.objects.filter(pk=reminder.pk).update(member=cast[Role.MANAGER])
    assert browser.get(url).status_code == 200

    with tenant(organization.pk):
        cancelled = services.archive_reminder(actor=cast[Role.MANAGER], reminder=reminder)
    assert browser.get(url).status_code == 410
    with tenant(organization.pk):
        Reminder.objects.filter(pk=cancelled.pk).update(archived_at=None)
        deactivate_member(actor=member, member=cast[Role.MANAGER])
    assert browser.get(url).status_code == 404


def test_a_reader_who_may_no_longer_act_cannot_by_mail(browser, organization, cast, reminder):
    url = address(reminder, Act.DONE)
    with tenant(organization.pk):
        Membership.objects.filter(pk=reminder.member_id).update(role=Role.VIEWER)
    assert browser.get(url).status_code == 410


def test_nothing_but_our_own_tokens_is_taken(browser, reminder, organization):
    token = act_token(reminder, Act.DONE)
    other = OrganizationFactory()
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    moved = base64.urlsafe_b64encode(other.pk.bytes + raw[16:]).rstrip(b"=").decode()
    flipped = [
        base64.urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).rstrip(b"=").decode()
        for at in range(len(raw))
    ]
    spelled = [token + "=", token + "A", token[:-1], token.replace("-", "+"), f" {token}", token[::-1], "x" * 100, "é"]
    for wrong in (moved, *flipped, *spelled):
        assert wrong == token or parse(wrong) is None
    for wrong in (moved, flipped[40], "garbage"):
        answer = browser.get(f"/s/act/{wrong}/")
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (404, True)
    assert parse(token).reminder_id == reminder.pk


def test_links_survive_a_change_of_the_key_as_long_as_the_old_one_is_kept(reminder, settings):
    token, old = act_token(reminder, Act.DONE), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert parse(token) is not None
    assert act_token(reminder, Act.DONE) != token
    settings.SECRET_KEY_FALLBACKS = []
    assert parse(token) is None


def test_the_page_speaks_the_members_language_and_switches(browser, organization, reminder):
    with tenant(organization.pk):
        reminder.member.user.language = "ar"
        reminder.member.user.save(update_fields=["language"])
    url = address(reminder, Act.DONE)
    arabic, english = browser.get(url), browser.get(f"{url}?lang=en")
    assert 'dir="rtl"' in arabic.content.decode()
    assert "إنجاز" in text_of(arabic) or "تم" in text_of(arabic)
    assert "Mark as done" in text_of(english)
    assert "lang=ar" in english.content.decode()
    assert press(browser, url, lang="en").redirect_chain[0][0].endswith("did=1&lang=en")


def test_it_takes_few_statements(reminder, browser):
    url = address(reminder, Act.SNOOZE_DAY)
    assert_at_most(5, statements(lambda: browser.get(url)))


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_are_one(organization, reminder):
    for act, verb, about in ((Act.SNOOZE_DAY, "snoozed", reminder.pk), (Act.DONE, "completed", reminder.task_id)):
        url = address(row_with_task(reminder), act)
        drawn, together, statuses = stamp(Client(), url), threading.Barrier(20), []

        def send(url=url, drawn=drawn, together=together, statuses=statuses):
            together.wait()
            try:
                statuses.append(Client().post(url, {"drawn": drawn}).status_code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send) for _each in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(statuses) == [200] * 19 + [302]
        with tenant(organization.pk):
            assert AuditEntry.objects.filter(object_id=about, verb=verb).count() == 1


def row_with_task(reminder):
    with tenant(reminder.organization_id):
        return Reminder.objects.select_related("organization", "task__client").get(pk=reminder.pk)
