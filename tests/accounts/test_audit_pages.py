"""The audit log: read, narrowed, paged, exported; only by admins, never altered."""

import csv
import datetime
import io

import pytest
import time_machine

from accounts.choices import Role
from accounts.models import AuditEntry
from accounts.services import change_member, change_settings, invite_member, record
from accounts.tenancy.context import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(organization, member, cast):
    """Three days of changes."""
    with tenant(organization.pk):
        with time_machine.travel("2026-03-01 10:00Z", tick=False):
            change_member(actor=member, member=cast[Role.LEAD], role=Role.MANAGER)
        with time_machine.travel("2026-03-02 10:00Z", tick=False):
            change_settings(actor=member, settings=organization.settings, currency="SAR")
        with time_machine.travel("2026-03-03 10:00Z", tick=False):
            record(actor=None, verb="archived", obj=cast[Role.VIEWER])


def verbs(response):
    return [line.entry.verb for line in response.context["lines"]]


def test_entries_say_who_did_what_and_what_it_was_before(page, history):
    shown = page.get(page.url("accounts:audit-list")).content.decode()

    assert "Team lead" in shown
    assert "Account manager" in shown
    assert "Rafiq" in shown  # the clock
    assert shown.index("archived") < shown.index("SAR")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?since=2026-03-02&until=2026-03-02", ["changed"]),
        ("?until=2026-03-01", ["changed"]),
        ("?since=2026-03-03", ["archived"]),
        ("?verb=archived", ["archived"]),
        ("?model=accounts.organizationsettings", ["changed"]),
        ("?verb=won", []),
    ],
)
def test_the_log_is_narrowed(page, history, query, found):
    assert verbs(page.get(page.url("accounts:audit-list") + query)) == found


def test_the_log_of_one_person_and_of_one_row(page, history, member, cast):
    url = page.url("accounts:audit-list")

    assert verbs(page.get(f"{url}?actor={member.pk}")) == ["changed", "changed"]
    assert verbs(page.get(f"{url}?object={cast[Role.VIEWER].pk}")) == ["archived"]


def test_pages_show_every_entry_once(page, organization, member, cast):
    with tenant(organization.pk):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                verb="changed",
                model="accounts.membership",
                object_id=member.pk,
                object_name=str(n),
                at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            )
            for n in range(120)
        )
    url, names, query = page.url("accounts:audit-list"), [], ""
    while True:
        context = page.get(url + query).context
        names += [line.name for line in context["lines"]]
        if context["page"].next_cursor is None:
            break
        query = f"?cursor={context['page'].next_cursor}"

    assert sorted(names, key=int) == [str(n) for n in range(120)]


def test_the_export_holds_what_the_filters_show_and_starts_no_formula(page, organization, member, history):
    with tenant(organization.pk):
        invite_member(actor=member, email="cmd@example.com", role=Role.LEAD)
        AuditEntry.objects.create(verb="changed", model="accounts.membership", object_id=member.pk, object_name="=1+1")

    response = page.get(page.url("accounts:audit-export"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert "attachment" in response["Content-Disposition"]
    assert rows[0][:2] == ["When", "Who"]
    assert len(rows) == 6
    assert any(row[6] == "'=1+1" for row in rows)
    assert any("Team lead → Account manager" in row[7] for row in rows)

    narrowed = b"".join(page.get(page.url("accounts:audit-export") + "?verb=archived").streaming_content).decode()
    assert len(narrowed.strip().splitlines()) == 2


def test_the_log_of_others_is_not_shown(page, organization, other_organization, history):
    with tenant(other_organization.pk):
        AuditEntry.objects.create(
            verb="changed", model="accounts.membership", object_id=organization.pk, object_name="Theirs"
        )

    assert "Theirs" not in page.get(page.url("accounts:audit-list")).content.decode()
    exported = b"".join(page.get(page.url("accounts:audit-export")).streaming_content).decode()
    assert "Theirs" not in exported


def test_a_made_up_cursor_does_not_break_the_page(page, history):
    assert page.get(page.url("accounts:audit-list") + "?cursor=garbage").status_code == 400
