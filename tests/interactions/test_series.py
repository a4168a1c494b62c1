"""Tasks that repeat: closing one opens the next, once, by the schedule."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import AuditEntry, Holiday, OrganizationSettings
from accounts.services import deactivate_member
from clients.services import archive_client
from interactions import services
from interactions.choices import TaskStatus
from interactions.exceptions import TaskClosed
from interactions.models import Reminder, Task
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import TaskFactory

pytestmark = pytest.mark.usefixtures("inside")

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def weekly(member, recurrence="FREQ=WEEKLY", due_on=date(2026, 11, 23), **fields):
    return services.add_task(actor=member, title="Call", due_on=due_on, recurrence=recurrence, **fields)


def the_open_one():
    return Task.objects.current().open().get()


def days():
    return [f"{day}" for day in Task.objects.order_by("due_on").values_list("due_on", flat=True)]


def test_the_first_one_keeps_the_canonical_rule_and_its_own_day(member):
    task = weekly(member, "freq=weekly;interval=1")
    assert task.recurrence == "FREQ=WEEKLY;BYDAY=MO"
    assert (task.occurrence_on, task.occurrence_number, task.repeats) == (date(2026, 11, 23), 1, True)
    assert task.series is not None


def test_completing_opens_the_next_with_what_the_series_is(member):
    client = ClientFactory()
    contact = ContactFactory(client=client)
    task = weekly(member, client=client, contact=contact, priority="high", notes="Ask about the order", source="crm")

    done = services.complete_task(actor=member, task=task)

    following = the_open_one()
    assert done.status == TaskStatus.DONE
    assert (following.due_on, following.occurrence_on) == (date(2026, 11, 30), date(2026, 11, 30))
    assert (following.series, following.occurrence_number, following.recurrence) == (task.series, 2, task.recurrence)
    same = ("title", "client", "contact", "assignee", "priority", "notes", "created_by", "source")
    assert [getattr(following, name) for name in same] == [getattr(task, name) for name in same]
    assert services.next_occurrence(task) == following
    entry = AuditEntry.objects.get(object_id=following.pk)
    assert (entry.verb, entry.actor) == ("repeated", member)
    assert not entry.after.keys() & {"series", "series_fields", "occurrence_on", "occurrence_number"}


def test_dropping_skips_one_and_can_end_the_series(member):
    services.drop_task(actor=member, task=weekly(member))
    following = the_open_one()
    assert following.due_on == date(2026, 11, 30)

    services.drop_task(actor=member, task=following, ends_series=True)
    assert not Task.objects.open().exists()


def test_reopening_and_completing_again_opens_nothing_more(member, on_monday):
    task = weekly(member)
    services.complete_task(actor=member, task=task)
    on_monday.shift(30 * 86_400)
    services.reopen_task(actor=member, task=task)
    services.complete_task(actor=member, task=task)
    assert days() == ["2026-11-23", "2026-11-30"]

    following = the_open_one()
    services.complete_task(actor=member, task=following)
    services.reopen_task(actor=member, task=following)
    services.complete_task(actor=member, task=following)
    assert Task.objects.count() == 3


def test_the_database_takes_no_second_task_for_one_day_of_a_series(member):
    task = weekly(member)
    task.pk = None
    with pytest.raises(Exception, match="task_once_per_occurrence"):
        Task.objects.bulk_create(
            [Task(title="x", series=task.series, occurrence_on=task.occurrence_on, occurrence_number=9)]
        )


def test_early_and_late_the_schedule_counts_and_what_has_passed_is_skipped(member, on_monday):
    early = weekly(member, due_on=date(2026, 12, 3))
    services.complete_task(actor=member, task=early)
    late = the_open_one()
    assert late.due_on == date(2026, 12, 10)

    on_monday.move_to(datetime(2027, 1, 8, 9, tzinfo=UTC))
    services.complete_task(actor=member, task=late)
    following = the_open_one()
    assert (following.due_on, following.occurrence_number) == (date(2027, 1, 14), 7)
    assert services.skipped_between(late, following) == 4


def test_one_that_is_due_today_has_not_passed(member, on_monday):
    task = weekly(member)
    on_monday.move_to(datetime(2026, 11, 30, 9, tzinfo=UTC))
    services.complete_task(actor=member, task=task)
    assert the_open_one().due_on == date(2026, 11, 30)


def test_the_series_ends(member, on_monday):
    services.complete_task(actor=member, task=weekly(member, "FREQ=DAILY;COUNT=2"))
    services.complete_task(actor=member, task=the_open_one())
    assert not Task.objects.open().exists()

    last = weekly(member, "FREQ=DAILY;UNTIL=20261124", due_on=date(2026, 11, 24))
    services.complete_task(actor=member, task=last)
    assert not Task.objects.open().exists()


def test_holidays_and_a_weekend_on_friday_and_saturday_move_the_day_not_the_schedule(member):
    OrganizationSettings.objects.update(weekend_days=[4, 5])
    Holiday.objects.create(on=date(2026, 11, 29), name="Feast")
    task = weekly(member, "FREQ=WEEKLY;BYDAY=FR", due_on=date(2026, 11, 20), working_days="next")
    services.complete_task(actor=member, task=task)
    moved = the_open_one()
    assert (moved.occurrence_on, moved.due_on) == (date(2026, 11, 27), date(2026, 11, 30))
    services.complete_task(actor=member, task=moved)
    assert (the_open_one().occurrence_on, the_open_one().due_on) == (date(2026, 12, 4), date(2026, 12, 6))


def test_weeks_begin_after_the_organizations_weekend(member):
    OrganizationSettings.objects.update(weekend_days=[4, 5])
    task = weekly(member, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", due_on=date(2026, 11, 22))
    assert task.recurrence.endswith("WKST=SU")
    services.complete_task(actor=member, task=task)
    assert the_open_one().due_on == date(2026, 11, 24)


def test_reminders_repeat_at_their_distance_even_when_they_were_snoozed(member, on_monday):
    OrganizationSettings.objects.update(time_zone="Africa/Cairo")
    task = weekly(member, due_on=date(2026, 11, 26))
    services.set_reminder(actor=member, task=task, due_at=datetime(2026, 11, 25, 7, 30, tzinfo=UTC), channel="email")
    cancelled = services.set_reminder(actor=member, task=task, due_at=datetime(2026, 11, 25, 9, tzinfo=UTC))
    services.archive_reminder(actor=member, reminder=cancelled)
    on_monday.move_to(datetime(2026, 11, 25, 8, tzinfo=UTC))
    services.fire_due_reminders()
    told = task.reminders.get(channel="email")
    services.snooze_reminder(actor=member, reminder=told, until=datetime(2026, 11, 26, 20, tzinfo=UTC))

    services.complete_task(actor=member, task=task)

    repeated = the_open_one().reminders.get()
    assert repeated.due_at == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert (repeated.member, repeated.channel, repeated.queued_at) == (member, "email", None)
    assert not Reminder.objects.pending().filter(task=task).exists()


def test_a_reminder_whose_moment_has_passed_comes_on_the_day_itself(member, on_monday):
    task = weekly(member, "FREQ=DAILY", due_on=date(2026, 11, 24))
    services.set_reminder(actor=member, task=task, due_at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    on_monday.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    services.complete_task(actor=member, task=task)
    assert the_open_one().reminders.get().due_at == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_only_this_one_is_changed_or_the_whole_series(member, cast):
    task = weekly(member, notes="Always")
    task = services.change_task(actor=member, task=task, only_this=True, title="Call twice", assignee=cast[Role.LEAD])
    task = services.change_task(actor=member, task=task, notes="From now on")
    services.complete_task(actor=member, task=task)

    following = the_open_one()
    assert (following.title, following.assignee, following.notes) == ("Call", member, "From now on")
    assert following.series_fields == {}


def test_changing_the_series_forgets_what_this_one_had_alone(member):
    task = weekly(member)
    task = services.change_task(actor=member, task=task, only_this=True, title="Call twice")
    task = services.change_task(actor=member, task=task, title="Visit")
    services.complete_task(actor=member, task=task)
    assert the_open_one().title == "Visit"


def test_moving_the_day_moves_this_one_alone(member):
    task = weekly(member)
    task = services.change_task(actor=member, task=task, due_on=date(2026, 11, 25))
    services.complete_task(actor=member, task=task)
    assert the_open_one().due_on == date(2026, 11, 30)
    with pytest.raises(ValidationError, match="due first"):
        services.change_task(actor=member, task=the_open_one(), due_on=None)


def test_another_rule_goes_on_from_the_day_it_is_due_by_then(member):
    task = weekly(member)
    task = services.change_task(
        actor=member, task=task, due_on=date(2026, 11, 25), recurrence="FREQ=MONTHLY", working_days="previous"
    )
    assert (task.recurrence, task.occurrence_on) == ("FREQ=MONTHLY;BYMONTHDAY=25", date(2026, 11, 25))
    services.complete_task(actor=member, task=task)
    assert (the_open_one().occurrence_on, the_open_one().due_on) == (date(2026, 12, 25), date(2026, 12, 24))


def test_another_rule_never_takes_a_day_that_the_series_had(member):
    services.complete_task(actor=member, task=weekly(member))
    following = services.change_task(
        actor=member, task=the_open_one(), due_on=date(2026, 11, 23), recurrence="FREQ=DAILY;INTERVAL=2"
    )
    assert following.occurrence_on == date(2026, 11, 30)
    services.complete_task(actor=member, task=following)
    assert the_open_one().due_on == date(2026, 12, 2)


def test_a_series_is_started_later_and_stopped(member):
    task = TaskFactory(due_on=date(2026, 11, 24), assignee=member)
    task = services.change_task(actor=member, task=task, recurrence="FREQ=DAILY", working_days="next")
    assert (task.occurrence_number, task.occurrence_on) == (1, date(2026, 11, 24))
    task = services.change_task(actor=member, task=task, recurrence="")
    assert (task.recurrence, task.working_days) == ("", "")
    services.complete_task(actor=member, task=task)
    assert not Task.objects.open().exists()


def test_a_closed_one_does_not_change_the_rule(member):
    done = services.complete_task(actor=member, task=weekly(member))
    with pytest.raises(TaskClosed, match="one that is open"):
        services.change_task(actor=member, task=done, recurrence="FREQ=DAILY")
    assert services.change_task(actor=member, task=done, title="Called").title == "Called"


@pytest.mark.parametrize(
    "fields, where",
    [
        ({"recurrence": "FREQ=DAILY", "due_on": None}, "due_on"),
        ({"recurrence": "FREQ=HOURLY"}, "recurrence"),
        ({"recurrence": "FREQ=DAILY;UNTIL=20261101"}, "recurrence"),
        ({"recurrence": "FREQ=WEEKLY", "working_days": "only"}, "working_days"),
        ({"recurrence": "FREQ=DAILY", "working_days": "sometimes"}, "working_days"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(member, fields, where):
    with pytest.raises(ValidationError) as refusal:
        weekly(member, **fields)
    assert list(refusal.value.message_dict) == [where]


def test_a_week_without_working_days_counts_none(member):
    OrganizationSettings.objects.update(weekend_days=list(range(7)))
    with pytest.raises(ValidationError, match="no working days"):
        weekly(member, "FREQ=DAILY", working_days="only")


def test_an_archived_client_ends_the_series_and_so_does_an_archived_task(member):
    client = ClientFactory()
    task = weekly(member, client=client)
    archive_client(actor=member, client=client)
    services.complete_task(actor=member, task=Task.objects.get(pk=task.pk))
    assert not Task.objects.open().exists()


def test_whoever_has_left_gets_no_further_task(member, cast):
    gone = cast[Role.MANAGER]
    task = weekly(member, assignee=gone)
    task = services.change_task(actor=member, task=task, only_this=True, assignee=member)
    deactivate_member(actor=member, member=gone)
    services.complete_task(actor=member, task=task)
    assert the_open_one().assignee == member


def test_a_task_that_does_not_repeat_costs_nothing_more(member, django_assert_max_num_queries):
    once, again = TaskFactory(), weekly(member)
    with CaptureQueriesContext(connection) as plain:
        services.complete_task(actor=member, task=once)
    assert 'occurrence_on" >' not in str(plain.captured_queries)
    with django_assert_max_num_queries(len(plain) + 12):
        services.complete_task(actor=member, task=again)


def test_the_three_days_that_come():
    assert [f"{day:%d}" for day in services.preview("FREQ=DAILY", "", date(2026, 11, 23))] == ["24", "25", "26"]
    assert services.preview("FREQ=DAILY;COUNT=1", "", date(2026, 11, 23)) == []
