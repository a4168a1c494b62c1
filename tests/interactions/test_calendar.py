"""The private calendar: read by code that is not ours, for its member alone, with what they may see now."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from accounts.choices import Role
from accounts.models import AuditEntry, Membership, OrganizationSettings
from accounts.services import deactivate_member
from accounts.tenancy.context import tenant
from interactions import services, tokens
from interactions.models import CalendarFeed, Task
from tests.factories.clients import ClientFactory, ContractFactory
from tests.factories.interactions import InteractionFactory, ParticipantFactory, TaskFactory
from tests.pages import text_of
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def manager(cast):
    return cast[Role.MANAGER]


@pytest.fixture
def feed(organization, manager):
    with tenant(organization.pk):
        return services.renew_calendar_feed(actor=manager)


def address(feed):
    token = tokens.link_token(feed.organization_id, feed.pk, feed.token_digest, purpose=tokens.CALENDAR)
    return f"/s/calendar/{token}.ics"


def read(feed, **headers):
    return Client().get(address(feed), headers=headers)


def events(feed):
    answer = read(feed)
    assert answer.status_code == 200, answer.content
    calendar = IcsCalendarStream.calendar_from_ics(answer.content.decode())
    return {event.uid.partition("@")[0]: event for event in calendar.events}


def fill(organization, manager, client, count=1):
    with tenant(organization.pk):
        for number in range(count):
            TaskFactory(
                client=client, title=f"Task {number}", assignee=manager, due_on=timezone.localdate(), notes="Notes"
            )
            ContractFactory(client=client, ends_on=timezone.localdate() + timedelta(days=90), notice_days=30)
            InteractionFactory(client=client, kind="meeting", logged_by=manager, summary="Review")


def test_tasks_contracts_and_meetings_are_read_by_another_parser(organization, manager, nile, feed):
    with time_machine.travel(NOW, tick=False), tenant(organization.pk):
        OrganizationSettings.objects.update(time_zone="Africa/Cairo")
        task = TaskFactory(
            client=nile,
            title="Ask about: price; terms, and\nmore \\ less",
            assignee=manager,
            due_on=date(2026, 12, 1),
            notes="Zeile 1\nسطر ٢",
        )
        contract = ContractFactory(client=nile, name="Support", ends_on=date(2027, 3, 31), notice_days=60)
        held = InteractionFactory(
            client=nile, kind="meeting", logged_by=manager, happened_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
            minutes=45, summary="Quarterly review\nAgenda",
        )  # fmt: skip
        joined = InteractionFactory(client=nile, kind="visit", happened_at=NOW - timedelta(days=3))
        ParticipantFactory(interaction=joined, contact=None, member=manager)

        found = events(feed)

    task_event = found[f"task-{task.pk}"]
    assert task_event.summary == "Ask about: price; terms, and\nmore \\ less · Nile Foods"
    assert (task_event.dtstart, task_event.dtend) == (date(2026, 12, 1), date(2026, 12, 2))
    assert task_event.description == "Zeile 1\nسطر ٢"
    assert task_event.transparency == "TRANSPARENT"
    assert (task_event.sequence, task_event.categories) == (0, ["Task"])
    assert str(task_event.url).endswith(f"/o/{organization.slug}/interactions/tasks/{task.pk}/change/")
    assert found[f"contract-end-{contract.pk}"].dtstart == date(2027, 3, 31)
    assert found[f"contract-notice-{contract.pk}"].dtstart == date(2027, 1, 30)
    meeting = found[f"meeting-{held.pk}"]
    assert (meeting.dtstart, meeting.dtend) == (
        datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 25, 10, 15, tzinfo=UTC),
    )
    assert meeting.summary == "Quarterly review · Nile Foods"
    assert found[f"meeting-{joined.pk}"].dtend - found[f"meeting-{joined.pk}"].dtstart == timedelta(hours=1)
    assert len(found) == 5


def test_the_file_is_what_the_standard_and_calendar_programs_ask_for(organization, manager, nile, feed):
    with tenant(organization.pk):
        TaskFactory(client=nile, title="عنوان طويل " * 20, assignee=manager, due_on=timezone.localdate())
    answer = read(feed)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    whole = answer.content.replace(b"\r\n ", b"").decode().split("\r\n")
    for line in (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-CALNAME:Rafiq · Ours",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "SEQUENCE:0",
    ):
        assert line in whole, line
    assert sum(line.startswith("DTSTAMP:") for line in whole) == 1
    assert f"SUMMARY:{('عنوان طويل ' * 20).strip()} · Nile Foods" in [line.replace("  ·", " ·") for line in whole]


def test_it_holds_only_what_the_member_may_see_at_this_moment(organization, member, manager, cast, nile, hidden, feed):
    with tenant(organization.pk):
        today = timezone.localdate()
        mine = TaskFactory(client=nile, assignee=manager, due_on=today)
        TaskFactory(client=nile, assignee=member, due_on=today)
        TaskFactory(client=nile, assignee=manager, due_on=None)
        TaskFactory(client=nile, assignee=manager, due_on=today, status="dropped")
        ContractFactory(client=hidden, ends_on=today + timedelta(days=30))
        ContractFactory(client=nile, starts_on=date(2020, 1, 1), ends_on=today - timedelta(days=91))
        InteractionFactory(client=nile, kind="call", logged_by=manager)
        InteractionFactory(client=nile, kind="meeting", logged_by=manager, happened_at=NOW - timedelta(days=900))
        meeting = InteractionFactory(client=nile, kind="meeting", logged_by=manager)
        contract = ContractFactory(client=nile, ends_on=today + timedelta(days=30), notice_days=0, auto_renew=True)
    assert set(events(feed)) == {f"task-{mine.pk}", f"meeting-{meeting.pk}", f"contract-end-{contract.pk}"}

    with tenant(organization.pk):
        nile.assignments.update(until_on=today)
    assert set(events(feed)) == {f"task-{mine.pk}"}
    with tenant(organization.pk):
        services.complete_task(actor=manager, task=mine)
    assert events(feed) == {}


def test_a_changed_row_is_the_same_event_in_a_newer_version(organization, manager, nile, feed):
    with time_machine.travel(NOW, tick=False) as clock:
        with tenant(organization.pk):
            task = TaskFactory(client=nile, assignee=manager, due_on=date(2026, 11, 30))
        before = events(feed)[f"task-{task.pk}"]
        clock.shift(3600)
        with tenant(organization.pk):
            services.change_task(actor=manager, task=task, due_on=date(2026, 12, 2))
        after = events(feed)[f"task-{task.pk}"]
    assert (before.sequence, after.sequence) == (0, 1)
    assert after.dtstart == date(2026, 12, 2)
    assert after.last_modified - before.last_modified == timedelta(hours=1)
    assert after.dtstamp == after.last_modified


def test_what_did_not_change_is_not_sent_again(organization, manager, nile, feed):
    fill(organization, manager, nile)
    first = read(feed)
    again = read(feed, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Client().head(address(feed)).status_code == 200
    with tenant(organization.pk):
        services.drop_task(actor=manager, task=Task.objects.get())
    changed = read(feed, If_None_Match=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_it_speaks_the_members_language(organization, manager, nile, feed):
    with tenant(organization.pk):
        manager.user.language = "ar"
        manager.user.save(update_fields=["language"])
        contract = ContractFactory(client=nile, name="الدعم", ends_on=timezone.localdate() + timedelta(days=60))
    found = events(feed)
    assert found[f"contract-end-{contract.pk}"].summary == "نهاية العقد: الدعم · Nile Foods"


def test_it_costs_the_same_for_one_and_for_three(organization, manager, nile, feed):
    fill(organization, manager, nile)
    one = statements(lambda: read(feed))
    fill(organization, manager, nile, 2)
    three = statements(lambda: read(feed))
    assert len(one) == len(three)
    assert_at_most(7, three)


def test_the_address_dies_when_it_is_renewed_revoked_or_its_member_leaves(organization, member, manager, feed):
    assert read(feed).status_code == 200
    with tenant(organization.pk):
        renewed = services.renew_calendar_feed(actor=manager)
    assert (read(feed).status_code, read(renewed).status_code) == (404, 200)

    with tenant(organization.pk):
        deactivate_member(actor=member, member=manager)
    assert read(renewed).status_code == 404
    with tenant(organization.pk):
        Membership.objects.filter(pk=manager.pk).update(is_active=True)
        assert read(renewed).status_code == 200
        assert services.revoke_calendar_feed(actor=manager)
        assert not services.revoke_calendar_feed(actor=manager)
        assert list(AuditEntry.objects.filter(model="interactions.calendarfeed").values_list("verb", flat=True))
    assert read(renewed).status_code == 404


def test_other_links_and_garbage_are_not_calendars(feed):
    right = address(feed)
    survey = tokens.link_token(feed.organization_id, feed.pk, tokens.digest_for(feed.pk))
    for wrong in (f"/s/calendar/{survey}.ics", right.replace(".ics", "A.ics"), "/s/calendar/x.ics"):
        assert Client().get(wrong).status_code == 404
    assert Client().post(right).status_code == 405


def test_when_it_was_last_read_is_noted_but_not_each_time(organization, feed):
    with time_machine.travel(NOW, tick=False) as clock:
        read(feed)
        clock.shift(300)
        read(feed)
        with tenant(organization.pk):
            assert CalendarFeed.objects.get().last_read_at == NOW
        clock.shift(600)
        read(feed)
        with tenant(organization.pk):
            assert CalendarFeed.objects.get().last_read_at == NOW + timedelta(seconds=900)


def test_the_page_makes_shows_renews_and_revokes_the_address(page, organization, cast, settings):
    for role in (Role.VIEWER, Role.ASSOCIATE):
        page.login_as(cast[role])
        url = page.url("interactions:calendar-feed")
        assert "You have no address yet" in text_of(page.get(url))

        page.post(page.url("interactions:calendar-feed-renew"))
        shown = page.get(url)
        with tenant(organization.pk):
            feed = CalendarFeed.objects.live().get(member=cast[role])
        assert f'value="{settings.PUBLIC_URL.rstrip("/")}{address(feed)}"' in shown.content.decode()
        assert f'href="webcal://{urlsplit(settings.PUBLIC_URL).netloc}{address(feed)}"' in shown.content.decode()
        assert "No calendar program has read it yet" in text_of(shown)
        read(feed)
        assert "Last read" in text_of(page.get(url))

        settings.SECRET_KEY, kept = "another", settings.SECRET_KEY
        page.login_as(cast[role])
        assert "cannot be shown again" in text_of(page.get(url))
        settings.SECRET_KEY = kept
        page.login_as(cast[role])
        page.post(page.url("interactions:calendar-feed-revoke"))
        assert read(feed).status_code == 404
        assert "You have no address yet" in text_of(page.get(url))


def test_a_repeating_task_says_how(organization, manager, nile, feed):
    with tenant(organization.pk):
        task = services.add_task(
            actor=manager, client=nile, title="Call", due_on=timezone.localdate(), recurrence="FREQ=DAILY;INTERVAL=2"
        )
    assert "every 2 days" in events(feed)[f"task-{task.pk}"].description


def test_a_client_that_is_seen_but_not_ones_own_sends_no_renewals(organization, cast):
    with tenant(organization.pk):
        feed = services.renew_calendar_feed(actor=cast[Role.ADMIN])
        ContractFactory(client=ClientFactory(), ends_on=timezone.localdate() + timedelta(days=30))
    assert events(feed) == {}
