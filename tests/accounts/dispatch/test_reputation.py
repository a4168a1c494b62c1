"""Surveys pause before a provider closes the account: at 4 % returned or 0.08 % complaints of the last thousand."""

import pytest
from django.utils import timezone

from accounts.dispatch import suppression
from accounts.dispatch.choices import MailEventKind
from accounts.dispatch.models import MailEvent, Message
from accounts.dispatch.reputation import may_send_bulk, reputation
from accounts.models import AuditEntry, OrganizationSettings
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds
from tests.pages import text_of

pytestmark = pytest.mark.django_db
assert kinds


@pytest.fixture
def mailed(inside):
    """So many mails to contacts, the first of them with an event each."""
    made = []

    def write(count, events=(), status="sent", kind="test.contact", attempts=1):
        start = len(made)
        rows = [
            Message(kind=kind, send_key=f"m{start + number}", status=status, attempts=attempts)
            for number in range(count)
        ]
        Message.objects.bulk_create(rows)
        made.extend(rows)
        MailEvent.objects.bulk_create(
            MailEvent(provider="p", event_id=f"{start}:{number}", kind=event, message=rows[number])
            for number, event in enumerate(events)
        )
        return rows

    return write


BOUNCED, COMPLAINED = MailEventKind.BOUNCED, MailEventKind.COMPLAINED


@pytest.mark.parametrize(
    ("count", "events", "is_good"),
    [
        (0, [], True),
        (99, [BOUNCED] * 99, True),
        (100, [BOUNCED] * 4, True),
        (100, [BOUNCED] * 5, False),
        (1000, [BOUNCED] * 40, True),
        (1000, [BOUNCED] * 41, False),
        (1000, [COMPLAINED], False),
        (100, [MailEventKind.SOFT_BOUNCED] * 50, True),
        (100, [MailEventKind.DELIVERED] * 50, True),
    ],
)
def test_few_or_good_mails_go_on_and_bad_lists_wait(mailed, count, events, is_good):
    mailed(count, events)

    assert may_send_bulk() is is_good
    assert reputation().sent == count


def test_only_the_last_thousand_count(mailed):
    mailed(500, [BOUNCED] * 100)
    mailed(1000)

    assert reputation() == (1000, 0, 0)


def test_mails_that_came_back_at_once_count_and_those_never_tried_do_not(mailed):
    mailed(100)
    mailed(10, [BOUNCED] * 10, status="suppressed")
    mailed(50, status="suppressed", attempts=0)
    mailed(50, status="pending", attempts=0)
    mailed(50, [BOUNCED] * 50, kind="test.plain")

    assert reputation() == (110, 10, 0)


def test_one_statement_and_nobody_elses_mails(mailed, other_organization, django_assert_num_queries):
    mailed(100, [BOUNCED] * 10)

    with django_assert_num_queries(1):
        assert not may_send_bulk()
    with tenant(other_organization.pk, switch=True):
        assert reputation() == (0, 0, 0)


def test_an_admin_deals_with_it_and_surveys_go_on(page, organization):
    with tenant(organization.pk):
        rows = [Message(kind="test.contact", send_key=str(n), status="sent", attempts=1) for n in range(100)]
        Message.objects.bulk_create(rows)
        suppression.suppress(address="x@y.example", reason="hard_bounce")
        MailEvent.objects.bulk_create(
            MailEvent(provider="p", event_id=str(row.pk), kind=BOUNCED, message=row) for row in rows[:5]
        )
    outbox = page.url("accounts:message-list")
    shown = text_of(page.get(outbox))
    assert "Surveys pause" in shown
    assert "Latest mails to contacts: 100. Came back: 5. Reported as spam: 0." in shown

    shown = text_of(page.post(page.url("accounts:trust-lists"), follow=True))

    assert "Surveys may go on" in shown
    assert "Surveys pause" not in shown
    with tenant(organization.pk):
        assert may_send_bulk()
        assert OrganizationSettings.objects.get().reputation_since <= timezone.now()
        assert AuditEntry.objects.filter(verb="resumed_surveys").count() == 1
