"""What is due is told once: in the product at its moment, by mail singly or in one digest a day."""

import datetime
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.dispatch.models import Message
from accounts.models import Holiday, OrganizationSettings
from accounts.quiet import local_wall
from accounts.services import change_settings, deactivate_member
from interactions import services
from interactions.act_links import Act, act_token
from interactions.mail import render_digest, render_reminder
from interactions.models import DeliveryChoice, Notification, Reminder
from interactions.outbox import digest_sent
from interactions.queries.act_links import find_act
from interactions.services.mail_acts import act_by_mail
from interactions.services.telling import fire_due_reminders
from tests.factories.clients import ClientFactory, ContractFactory, OpportunityFactory
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = pytest.mark.usefixtures("inside")

# A Monday; the weekend is Friday and Saturday, quiet are 20 to 8, the zone is UTC.
MONDAY = date(2026, 11, 23)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def at(hour, minute=0, day=MONDAY):
    return datetime.datetime.combine(day, datetime.time(hour, minute), UTC)


@pytest.fixture
def layla(cast):
    return AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")


@pytest.fixture
def nile(layla):
    return ClientFactory(name="Nile Foods", main_manager=layla, lifecycle="active")


def reminder_of(client, *, due_at, member=None, urgent=False, about_on=MONDAY, **fields):
    """A contract's end, told to the client's manager."""
    contract = ContractFactory(client=client, starts_on=date(2026, 1, 1), ends_on=about_on)
    return Reminder.objects.create(
        kind="contract_end",
        key=f"contract_end:{contract.pk}",
        member=member or client.main_manager.member,
        client=client,
        subject_label="clients.contract",
        subject_id=contract.pk,
        title=contract.name,
        url_path=f"/clients/contracts/{contract.pk}/",
        about_on=about_on,
        remind_on=due_at.date(),
        lead_days=0,
        is_urgent=urgent,
        due_at=due_at,
        **fields,
    )


def test_what_can_wait_comes_in_one_mail_at_the_hour(nile):
    rows = [reminder_of(nile, due_at=at(8)) for _number in range(3)]

    assert fire_due_reminders(at(8) + timedelta(seconds=3)) == 3

    assert Notification.objects.count() == 3
    message = Message.objects.get()
    member = nile.main_manager.member
    assert (message.kind, message.send_key) == ("reminder_digest", f"digest:{member.pk}:2026-11-23:08")
    assert set(Reminder.objects.values_list("digest_on", "mail_at")) == {(MONDAY, None)}
    assert fire_due_reminders(at(8, 1)) == 0
    assert Message.objects.count() == 1
    assert len(rows) == 3


def test_the_digest_names_each_by_kind_with_links_in_the_members_language(nile, organization):
    member = nile.main_manager.member
    reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))

    mail = render_digest(Message.objects.get())

    assert mail.to == [member.user.email]
    assert mail.subject == f"Your day at {organization.name}: 1 reminder"
    assert "Contract ends" in mail.body
    assert "ends on 23 Nov 2026" in mail.body
    assert "/s/act/" in mail.body
    member.user.language = "ar"
    member.user.save()
    arabic = render_digest(Message.objects.get())
    assert '<html lang="ar" dir="rtl">' in arabic.alternatives[0].content
    assert "Contract ends" not in arabic.body
    assert "Your day" not in arabic.body


def test_what_comes_after_the_hour_waits_for_the_next_digest(nile):
    reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))
    late = reminder_of(nile, due_at=at(11), about_on=MONDAY + DAY)

    fire_due_reminders(at(11))

    late.refresh_from_db()
    assert late.mail_at == at(8, day=MONDAY + DAY)
    assert Notification.objects.count() == 2
    fire_due_reminders(at(8, day=MONDAY + DAY))
    assert Message.objects.count() == 2


def test_there_is_one_digest_a_day_also_when_the_hour_is_moved(nile):
    member = nile.main_manager.member
    reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))
    DeliveryChoice.objects.create(member=member, digest_at=datetime.time(17))
    reminder_of(nile, due_at=at(16), about_on=MONDAY + DAY)

    fire_due_reminders(at(16))
    fire_due_reminders(at(17))

    assert Message.objects.count() == 1
    fire_due_reminders(at(17, day=MONDAY + DAY))
    assert Message.objects.count() == 2


def test_an_urgent_one_is_a_mail_of_its_own(nile):
    row = reminder_of(nile, due_at=at(8), urgent=True)
    reminder_of(nile, due_at=at(8))

    fire_due_reminders(at(8))

    assert sorted(Message.objects.values_list("kind", flat=True)) == ["reminder_digest", "task_reminder"]
    single = Message.objects.get(kind="task_reminder")
    assert (single.lane, single.send_key) == (0, row.send_key)
    mail = render_reminder(single)
    assert mail.subject.startswith("Reminder: The term of the contract")
    assert "/s/act/" in mail.body


def test_an_urgent_one_waits_for_the_end_of_the_quiet_hours_in_the_members_zone(nile):
    DeliveryChoice.objects.create(member=nile.main_manager.member, time_zone="Asia/Riyadh")
    row = reminder_of(nile, due_at=at(18), urgent=True)

    fire_due_reminders(at(18))

    assert Notification.objects.count() == 1
    assert not Message.objects.exists()
    row.refresh_from_db()
    # 21:00 in Riyadh; the morning there begins at five in UTC.
    assert row.mail_at == at(5, day=MONDAY + DAY)
    fire_due_reminders(at(5, day=MONDAY + DAY))
    assert Message.objects.get().kind == "task_reminder"


def test_an_organization_may_let_urgent_ones_come_at_night(nile):
    OrganizationSettings.objects.update(is_urgent_exempt=True)
    reminder_of(nile, due_at=at(22), urgent=True)

    fire_due_reminders(at(22))

    assert Message.objects.get().kind == "task_reminder"


def test_nobody_is_written_to_on_their_days_off_unless_they_want(nile):
    thursday_night, sunday = at(21, day=date(2026, 11, 26)), date(2026, 11, 29)
    Holiday.objects.create(on=sunday, name="Feast")
    row = reminder_of(nile, due_at=thursday_night, urgent=True)
    fire_due_reminders(thursday_night)
    row.refresh_from_db()
    assert row.mail_at == at(8, day=sunday + DAY)

    services.choose_delivery(member=row.member, is_quiet_on_weekends=False)
    row.refresh_from_db()
    # Derived anew, from now.
    assert row.mail_at != at(8, day=sunday + DAY)


def test_who_wants_no_digest_sees_it_behind_the_bell_alone(nile):
    DeliveryChoice.objects.create(member=nile.main_manager.member, is_digest_on=False)
    reminder_of(nile, due_at=at(8))

    fire_due_reminders(at(8))

    assert Notification.objects.count() == 1
    assert not Message.objects.exists()
    assert Reminder.objects.get().mail_at is None


def test_a_new_zone_or_hour_moves_what_waits(nile, member):
    tomorrow = datetime.datetime.now(UTC).date() + DAY
    while tomorrow.weekday() in (4, 5):
        tomorrow += DAY
    row = reminder_of(nile, due_at=at(8, day=tomorrow), about_on=tomorrow)

    services.choose_delivery(member=row.member, time_zone="Asia/Riyadh", digest_at=datetime.time(9))
    row.refresh_from_db()
    assert row.due_at == at(6, day=tomorrow)

    settings = OrganizationSettings.objects.get()
    DeliveryChoice.objects.all().delete()
    change_settings(actor=member, settings=settings, time_zone="Africa/Cairo")
    row.refresh_from_db()
    assert row.due_at == local_wall(tomorrow, datetime.time(8), ZoneInfo("Africa/Cairo"))


def test_what_is_no_longer_true_is_not_told_and_not_sent(nile):
    row, gone = reminder_of(nile, due_at=at(8)), reminder_of(nile, due_at=at(8))
    type(nile).objects.filter(pk=nile.pk).update(name="Nile")
    ContractFactory._meta.model.objects.filter(pk=gone.subject_id).update(ends_on=date(2027, 1, 1))

    assert fire_due_reminders(at(8)) == 1

    gone.refresh_from_db()
    assert gone.is_archived
    ContractFactory._meta.model.objects.filter(pk=row.subject_id).update(ends_on=date(2027, 1, 1))
    assert render_digest(Message.objects.get()) is None


def test_a_single_mail_is_asked_once_more_whether_it_is_true(nile):
    row = reminder_of(nile, due_at=at(8), urgent=True)
    fire_due_reminders(at(8))

    ContractFactory._meta.model.objects.filter(pk=row.subject_id).update(ends_on=date(2027, 1, 1))

    assert render_reminder(Message.objects.get()) is None


def test_another_manager_gets_what_had_not_been_told_yet(nile, cast, member):
    row = reminder_of(nile, due_at=at(8))
    omar = AccountManagerFactory(member=cast[Role.LEAD])
    type(nile).objects.filter(pk=nile.pk).update(main_manager=omar)

    fire_due_reminders(at(8))

    row.refresh_from_db()
    assert row.member == cast[Role.LEAD]
    assert Notification.objects.get().member == cast[Role.LEAD]


def test_a_reassigned_client_takes_its_reminders_along(nile, cast):
    told = reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))
    omar = AccountManagerFactory(member=cast[Role.LEAD])
    type(nile).objects.filter(pk=nile.pk).update(main_manager=omar)
    nile.refresh_from_db()

    services.hand_over_client_reminders(nile)

    told.refresh_from_db()
    assert (told.member, told.queued_at) == (cast[Role.LEAD], None)
    assert not Notification.objects.visible_to(cast[Role.MANAGER]).unread().exists()


def test_a_deactivated_member_gets_nothing(nile, cast, member):
    AccountManagerFactory(member=cast[Role.LEAD])
    told = reminder_of(nile, due_at=at(8))
    by_hand = ReminderFactory(member=cast[Role.MANAGER], due_at=at(8))
    fire_due_reminders(at(7, 30))
    later = reminder_of(nile, due_at=at(9), urgent=True)
    deactivate_member(actor=member, member=cast[Role.MANAGER])

    fire_due_reminders(at(9))

    assert not Notification.objects.visible_to(cast[Role.MANAGER]).exists()
    assert not Message.objects.filter(recipient=cast[Role.MANAGER].user.email).exists()
    for row in (told, later):
        row.refresh_from_db()
        assert row.member != cast[Role.MANAGER]
    by_hand.refresh_from_db()
    assert by_hand.is_archived


def test_a_later_reminder_of_the_same_fact_takes_the_place_of_the_earlier(nile):
    first = reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))
    second = Reminder.objects.get(pk=first.pk)
    second.pk, second.key, second.due_at, second.queued_at = None, "later", at(9), None
    second._state.adding = True
    second.id = Reminder._meta.get_field("id").default()
    second.save()

    fire_due_reminders(at(9))

    first.refresh_from_db()
    assert first.is_archived
    assert Notification.objects.unread().count() == 1


def test_snoozed_it_comes_back_behind_the_bell_and_in_the_next_digest(nile):
    row = reminder_of(nile, due_at=at(8))
    fire_due_reminders(at(8))
    until = datetime.datetime.now(UTC) + timedelta(hours=4)

    services.snooze_reminder(actor=row.member, reminder=row, until=until)

    assert not Notification.objects.unread().exists()
    assert fire_due_reminders(until + MINUTE) == 1
    assert Notification.objects.unread().count() == 1


def test_done_and_dismissed_are_not_in_the_digest(nile):
    rows = [reminder_of(nile, due_at=at(8)) for _number in range(3)]
    fire_due_reminders(at(8))

    services.complete_reminder(actor=rows[0].member, reminder=rows[0])
    services.complete_reminder(actor=rows[0].member, reminder=rows[0])
    services.dismiss_reminder(actor=rows[1].member, reminder=rows[1])

    assert "1 reminder" in render_digest(Message.objects.get()).subject
    services.dismiss_reminder(actor=rows[2].member, reminder=rows[2])
    assert render_digest(Message.objects.get()) is None


def test_done_by_the_link_in_its_mail_puts_it_down_as_done(nile):
    row = reminder_of(nile, due_at=at(8))

    with find_act(act_token(row, Act.DONE)) as found:
        act_by_mail(found)

    row.refresh_from_db()
    assert row.done_at is not None


def test_a_task_is_completed_from_its_reminder(cast):
    task = TaskFactory(assignee=cast[Role.MANAGER])
    row = ReminderFactory(task=task, member=cast[Role.MANAGER])

    done = services.complete_reminder(actor=cast[Role.MANAGER], reminder=row)

    task.refresh_from_db()
    assert (task.status, done.done_at is not None) == ("done", True)


def test_the_receipt_says_when_the_digest_was_taken(nile):
    reminder_of(nile, due_at=at(8), channel="email")
    fire_due_reminders(at(8))
    message = Message.objects.get()
    message.sent_at = at(8, 2)

    digest_sent(message)

    assert Reminder.objects.get().sent_at == at(8, 2)
    assert not Notification.objects.exists()


def test_a_kind_that_was_switched_off_meanwhile_is_not_told(nile, member):
    row = reminder_of(nile, due_at=at(8))
    rule = services.rule_of("contract_end")
    type(rule).objects.update(is_on=False)

    assert fire_due_reminders(at(8)) == 0
    row.refresh_from_db()
    assert row.is_archived


def test_switching_a_kind_off_calls_its_waiting_mails_back(nile, member):
    reminder_of(nile, due_at=at(21), urgent=True)
    fire_due_reminders(at(21))
    assert Reminder.objects.get().mail_at is not None

    services.change_rule(actor=member, rule=services.rule_of("contract_end"), is_on=False)

    assert Reminder.objects.get().mail_at is None


def test_a_members_choice_goes_before_the_organizations(nile):
    member = nile.main_manager.member
    reminder_of(nile, due_at=at(8))
    services.choose_reminder(member=member, kind="contract_end", is_on=False)
    assert not Reminder.objects.exists()

    reminder_of(nile, due_at=at(8))
    assert fire_due_reminders(at(8)) == 0


def test_the_number_of_statements_does_not_grow_with_the_reminders(layla, nile, cast):
    services.rule_of("contract_end")
    counts = []
    for size in (1, 4):
        Reminder.objects.all().delete()
        Message.objects.all().delete()
        for number in range(size):
            reminder_of(nile, due_at=at(8))
            reminder_of(nile, due_at=at(8), urgent=True)
            opportunity = OpportunityFactory(client=nile, owner=layla, expected_close_on=MONDAY - DAY)
            Reminder.objects.create(
                kind="opportunity_overdue",
                key=f"o{number}",
                member=cast[Role.ADMIN],
                client=nile,
                subject_id=opportunity.pk,
                about_on=MONDAY - DAY,
                due_at=at(8),
            )
            ReminderFactory(member=cast[Role.ADMIN], due_at=at(8))
        with CaptureQueriesContext(connection) as queries:
            assert fire_due_reminders(at(8)) == size * 4
        counts.append(len(queries))

    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as idle:
        fire_due_reminders(at(8, 5))
    assert len(idle) <= 4
