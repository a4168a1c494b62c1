"""Facts that are due become reminders, once; those that change take them back."""

import datetime
from datetime import UTC, date, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.choices import Role
from accounts.dispatch.models import Message
from accounts.models import Holiday
from interactions import services
from interactions.models import Notification, Reminder, ReminderChoice, ReminderRule, Task
from interactions.reminders import registry
from interactions.reminders.generator import generate_reminders
from interactions.reminders.preferences import rules_in_force
from interactions.reminders.registry import Fact, ReminderKind, register_kind
from interactions.reminders.words import words_of
from interactions.services.telling import fire_due_reminders
from tests.factories.clients import ClientFactory, ContractFactory, OpportunityFactory
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.factories.managers import AbsenceFactory, AccountManagerFactory

pytestmark = pytest.mark.usefixtures("inside")

# A Monday; the weekend is Friday and Saturday, the zone UTC, the day begins at 8.
MONDAY = date(2026, 11, 23)
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def layla(cast):
    return AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")


@pytest.fixture
def nile(layla):
    return ClientFactory(name="Nile Foods", main_manager=layla, lifecycle="active", last_contact_at=NOON)


def only(*names):
    """Other kinds are off, so that a test says which one it is about."""
    rules_in_force(MONDAY)
    ReminderRule.objects.update(started_on=MONDAY)
    ReminderRule.objects.exclude(kind__in=names).update(is_on=False)


def found(kind):
    return {(row.lead_days, row.remind_on) for row in Reminder.objects.current().filter(kind=kind)}


def test_tasks_are_told_the_working_day_before_and_on_their_day(cast, nile):
    only("task_due")
    task = TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY + 2 * DAY)
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY + 60 * DAY)
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], status="done", done_at=NOON, due_on=MONDAY + DAY)

    generate_reminders(NOON)

    assert found("task_due") == {(1, MONDAY + DAY), (0, MONDAY + 2 * DAY)}
    row = Reminder.objects.get(lead_days=0)
    assert (row.task, row.client, row.member, row.is_urgent) == (task, nile, cast[Role.MANAGER], True)
    assert row.due_at == datetime.datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert row.url_path == f"/clients/{nile.pk}/"
    assert Reminder.objects.get(lead_days=1).is_urgent is False


def test_lead_times_are_working_days_of_the_organizations_calendar(cast, nile):
    """Sunday is a working day; before it come Thursday, and a holiday on Wednesday."""
    only("task_due")
    ReminderRule.objects.filter(kind="task_due").update(lead_days=[2])
    Holiday.objects.create(on=date(2026, 11, 25), name="Feast")
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=date(2026, 11, 29))

    generate_reminders(NOON)

    assert found("task_due") == {(2, date(2026, 11, 24))}


def test_two_lead_times_never_fall_on_one_day(cast, nile):
    """Due on a Saturday: the day itself is told on Thursday, the day before it on Wednesday."""
    only("task_due")
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=date(2026, 11, 28))

    generate_reminders(NOON)

    assert found("task_due") == {(0, date(2026, 11, 26)), (1, date(2026, 11, 25))}


def test_who_gives_themselves_a_task_on_its_day_is_not_told(cast, nile):
    only("task_due")
    layla, today = cast[Role.MANAGER], datetime.datetime.now(UTC).date()
    TaskFactory(client=nile, assignee=layla, created_by=layla, due_on=today)
    given = TaskFactory(client=nile, assignee=layla, created_by=cast[Role.ADMIN], due_on=today)

    generate_reminders()

    assert set(Reminder.objects.values_list("task", flat=True)) == {given.pk}


def test_running_again_and_two_clocks_write_nothing_twice(cast, nile):
    only("task_due")
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY)

    assert generate_reminders(NOON) == 2
    assert generate_reminders(NOON + timedelta(minutes=1)) == 0
    row = Reminder.objects.current().get()
    Reminder.objects.bulk_create(
        [Reminder(member=row.member, key=row.key, kind=row.kind, due_at=NOON)], ignore_conflicts=True
    )
    assert Reminder.objects.filter(key=row.key).count() == 1


def test_of_several_that_are_due_only_the_latest_is_told(cast, nile):
    only("task_due")
    TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY)

    generate_reminders(NOON)

    assert found("task_due") == {(0, MONDAY)}


def test_the_first_day_is_no_flood(cast, nile):
    """A hundred old tasks, contracts and opportunities are not brought up; what was due lately is."""
    only("task_due", "contract_end", "notice_deadline", "opportunity_overdue", "silence")
    for days in (1, 30, 400):
        TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY - days * DAY)
        OpportunityFactory(client=nile, expected_close_on=MONDAY - days * DAY - DAY)
        ContractFactory(client=nile, starts_on=date(2020, 1, 1), ends_on=MONDAY - days * DAY)
    ClientFactory(lifecycle="active", last_contact_at=NOON - 700 * DAY)

    generate_reminders(NOON)

    told = Reminder.objects.current().exclude(kind="notice_deadline")
    assert sorted(told.values_list("kind", flat=True)) == ["opportunity_overdue", "task_due"]
    assert Reminder.objects.current().filter(due_at__lt=NOON).count() == 0


def test_contracts_are_told_before_their_end_and_before_the_notice_deadline(nile, cast):
    only("contract_end", "notice_deadline")
    calendar = registry.kind_of("contract_end")
    contract = ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 34 * DAY, notice_days=30)

    generate_reminders(NOON)

    assert found("notice_deadline") == {(3, MONDAY), (0, date(2026, 11, 26))}
    # The notice of ten working days lies further back than anybody wants to hear.
    last = Reminder.objects.get(kind="notice_deadline", lead_days=0)
    assert (last.about_on, last.subject_id, last.is_urgent) == (MONDAY + 4 * DAY, contract.pk, True)
    assert last.url_path == f"/clients/contracts/{contract.pk}/"
    assert calendar.words(last).startswith("The term of the contract")


def test_a_contract_that_moves_takes_its_reminders_back_with_mail_and_bell(nile, cast):
    only("notice_deadline")
    contract = ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 30 * DAY, notice_days=30)
    generate_reminders(NOON)
    fire_due_reminders(NOON)
    assert Message.objects.get().status == "pending"
    assert Notification.objects.unread().count() == 1

    services_change(contract, ends_on=MONDAY + 395 * DAY)
    generate_reminders(NOON + timedelta(minutes=1))

    assert not Reminder.objects.live().exists()
    assert Message.objects.get().status == "cancelled"
    assert not Notification.objects.unread().exists()


def services_change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def test_opportunities_are_told_after_their_day_to_the_owner_and_closing_ends_it(nile, cast):
    only("opportunity_overdue")
    omar = AccountManagerFactory(member=cast[Role.LEAD])
    opportunity = OpportunityFactory(client=nile, owner=omar, expected_close_on=MONDAY - DAY)
    OpportunityFactory(client=nile, owner=omar, expected_close_on=MONDAY + 90 * DAY)

    generate_reminders(NOON)

    row = Reminder.objects.get()
    assert (row.member, row.lead_days, row.remind_on) == (cast[Role.LEAD], 1, MONDAY)
    services_change(opportunity, stage="won", closed_at=NOON)
    generate_reminders(NOON)
    assert not Reminder.objects.live().exists()


@pytest.mark.parametrize(
    ("tier", "lifecycle", "nps", "allowed"),
    [
        ("strategic", "active", None, 14),
        ("core", "active", None, 30),
        ("scale", "active", None, 60),
        ("core", "onboarding", None, 15),
        ("core", "active", 3, 15),
        ("strategic", "onboarding", 3, 4),
    ],
)
def test_a_client_may_be_silent_as_long_as_its_tier_allows(layla, tier, lifecycle, nps, allowed):
    only("silence")
    from_day = back(MONDAY, allowed)
    client = ClientFactory(
        main_manager=layla, tier=tier, lifecycle=lifecycle, last_nps=nps, last_contact_at=at_noon(from_day)
    )
    ClientFactory(
        main_manager=layla, tier=tier, lifecycle=lifecycle, last_nps=nps, last_contact_at=at_noon(from_day + DAY)
    )

    generate_reminders(NOON)

    row = Reminder.objects.get()
    assert (row.client, row.about_on, row.remind_on) == (client, from_day, MONDAY)


def back(day, count):
    """The ``count``-th working day before, Friday and Saturday being off: counted, not calculated."""
    while count:
        day -= DAY
        count -= day.weekday() not in (4, 5)
    return day


def at_noon(day):
    return datetime.datetime.combine(day, datetime.time(12), UTC)


def test_a_contact_takes_the_reminder_of_silence_back_and_a_loss_does_too(layla):
    only("silence")
    since = at_noon(back(MONDAY, 30))
    heard = ClientFactory(main_manager=layla, lifecycle="active", last_contact_at=since)
    lost = ClientFactory(main_manager=layla, lifecycle="active", last_contact_at=since)
    generate_reminders(NOON)
    assert Reminder.objects.live().count() == 2

    services_change(heard, last_contact_at=NOON)
    services_change(lost, lifecycle="churned")
    generate_reminders(NOON)

    assert not Reminder.objects.live().exists()


def test_a_client_that_gets_into_trouble_is_told_although_its_limit_passed_long_ago(layla):
    """Once the kind is watched: what had happened before is not brought up."""
    only("silence")
    client = ClientFactory(main_manager=layla, lifecycle="active", last_contact_at=at_noon(back(MONDAY, 10)))
    later = at_noon(MONDAY + 21 * DAY)
    generate_reminders(later)
    assert not Reminder.objects.exists()

    services_change(client, critical_concerns=1)
    generate_reminders(later)

    assert Reminder.objects.live().get().client == client


def test_anniversaries_come_every_year(layla):
    only("anniversary")
    ClientFactory(main_manager=layla, name="Cedar", since=date(2021, 11, 26))
    ClientFactory(main_manager=layla, since=date(2026, 11, 26))
    ClientFactory(main_manager=layla, since=date(2021, 6, 1))

    generate_reminders(NOON)

    row = Reminder.objects.select_related("client").get()
    assert (row.about_on, row.remind_on) == (date(2026, 11, 26), MONDAY)
    assert (
        registry.kind_of("anniversary").words(row) == "\u2068Cedar\u2069 has been a client for 5 years on 26 Nov 2026"
    )
    generate_reminders(NOON)
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "name", "mark"),
    [("en", "الأرز", "\u200e"), ("ar", "Cedar", ""), ("en", "Cedar", ""), ("ar", "الأرز", "")],
)
def test_a_sentence_runs_the_way_its_language_does_whatever_the_name(layla, language, name, mark):
    client = ClientFactory(main_manager=layla, since=date(2021, 11, 26))
    row = Reminder(kind="anniversary", title=name, client=client, about_on=date(2026, 11, 26))

    with translation.override(language):
        words = words_of(row)

    assert words.startswith(mark)
    assert words.startswith("\u200e") == bool(mark)
    assert f"\u2068{name}\u2069" in words


def test_29_february_is_celebrated_on_the_28th(layla):
    only("anniversary")
    ReminderRule.objects.filter(kind="anniversary").update(lead_days=[0])
    ClientFactory(main_manager=layla, since=date(2024, 2, 29))

    generate_reminders(at_noon(date(2027, 2, 27)))

    assert Reminder.objects.get().about_on == date(2027, 2, 28)


def test_the_substitute_is_told_while_the_manager_is_away(layla, nile, cast):
    only("contract_end")
    ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 14 * DAY)
    stand_in = AccountManagerFactory(member=cast[Role.ASSOCIATE])
    AbsenceFactory(manager=layla, substitute=stand_in, from_on=MONDAY, until_on=MONDAY + DAY)

    generate_reminders(NOON)

    assert Reminder.objects.get().member == cast[Role.ASSOCIATE]


def test_without_a_manager_a_lead_is_told(cast):
    only("contract_end")
    ContractFactory(client__main_manager=None, starts_on=date(2026, 1, 1), ends_on=MONDAY + 14 * DAY)

    generate_reminders(NOON)

    assert Reminder.objects.get().member == cast[Role.LEAD]


def test_a_kind_that_is_off_writes_nothing_and_one_that_a_member_does_not_want_is_not_told(nile, cast):
    only("contract_end")
    ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 14 * DAY)
    ReminderChoice.objects.create(member=cast[Role.MANAGER], kind="contract_end", is_on=False)

    assert generate_reminders(NOON) == 1
    assert not Reminder.objects.live().exists()
    assert generate_reminders(NOON) == 0


def test_a_rule_begins_with_what_is_usual_and_may_be_changed(member, nile):
    rule = services.rule_of("contract_end")
    assert (rule.lead_days, rule.is_on, rule.channel) == ([40, 10], True, "both")
    ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 16 * DAY)
    generate_reminders(NOON)
    assert Reminder.objects.filter(kind="contract_end", queued_at=None).count() == 1

    services.change_rule(actor=member, rule=rule, version=rule.version, lead_days=[12, 12, 5])
    assert not Reminder.objects.filter(kind="contract_end").exists()
    assert services.rule_of("contract_end").lead_days == [12, 5]


def test_another_app_teaches_a_kind_without_touching_the_rounds(member, monkeypatch):
    """Promises, concerns and renewals will come in like this."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    task = TaskFactory(client=None, title="A promise")

    def facts(window):
        if not Task.objects.exclude(window.told("pk")).filter(pk=task.pk).exists():
            return
        yield Fact(task.pk, MONDAY, task.title, "/somewhere/")

    kind = ReminderKind(
        name="promise",
        label="Promises",
        hint="",
        icon="handshake",
        subject="interactions.task",
        leads=(0,),
        facts=facts,
        still_true=lambda at: Exists(Task.objects.filter(pk=OuterRef("subject_id"), status="open")),
        words=lambda reminder: f"Keep “{reminder.title}”",
        audience=lambda ids: {task.pk: registry.Audience(member_id=member.pk)},
    )
    register_kind(kind)
    with pytest.raises(Exception, match="registered twice"):
        register_kind(kind)
    only("promise")

    generate_reminders(NOON)
    fire_due_reminders(NOON)

    note = Notification.objects.visible_to(member).get()
    assert (note.title, note.url_path) == ("Keep “A promise”", "/somewhere/")
    services_change(task, status="dropped")
    generate_reminders(NOON)
    assert not Reminder.objects.live().exists()


def test_what_nobody_answers_for_a_quarter_of_a_year_is_put_away(member, nile):
    only("contract_end")
    contract = ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY)
    old = ReminderFactory(
        task=None,
        kind="contract_end",
        key="contract_end:x",
        subject_id=contract.pk,
        about_on=MONDAY,
        queued_at=NOON - 100 * DAY,
        due_at=NOON - 100 * DAY,
    )

    generate_reminders(NOON)

    old.refresh_from_db()
    assert old.is_archived


def test_the_number_of_statements_does_not_grow_with_the_facts(nile, cast):
    only("task_due", "contract_end", "notice_deadline", "opportunity_overdue", "silence", "anniversary")

    def fill(count):
        for _number in range(count):
            TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=MONDAY)
            ContractFactory(client=nile, starts_on=date(2026, 1, 1), ends_on=MONDAY + 14 * DAY)
            OpportunityFactory(client=nile, expected_close_on=MONDAY - DAY)

    counts = []
    for size in (1, 3):
        Reminder.objects.all().delete()
        fill(size)
        with CaptureQueriesContext(connection) as queries:
            generate_reminders(NOON)
        counts.append(len(queries))

    assert counts[0] == counts[1]
