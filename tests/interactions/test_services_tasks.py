from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import Role
from accounts.dispatch.models import Message
from accounts.services import deactivate_member
from interactions import services
from interactions.choices import DueBucket
from interactions.exceptions import ReminderClosed, TaskClosed
from interactions.models import Notification, Reminder, Task
from interactions.services.telling import fire_due_reminders
from tests.factories.clients import ClientFactory, ContactFactory, OpportunityFactory
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = pytest.mark.usefixtures("inside")


def soon(**delta):
    return timezone.now() + timedelta(**(delta or {"hours": 1}))


def test_add_task_takes_the_client_from_its_opportunity_and_the_actor_as_assignee(member):
    opportunity = OpportunityFactory()

    task = services.add_task(actor=member, title=" Call ", opportunity=opportunity, remind_at=soon())

    assert (task.title, task.client, task.assignee, task.created_by) == ("Call", opportunity.client, member, member)
    assert task.reminders.get().member == member


def test_add_task_refuses_what_does_not_belong_together(member, cast):
    with pytest.raises(ValidationError, match="belongs to another client"):
        services.add_task(actor=member, title="Call", client=ClientFactory(), contact=ContactFactory())

    gone = deactivate_member(actor=member, member=cast[Role.MANAGER])
    with pytest.raises(ValidationError, match="no longer active"):
        services.add_task(actor=member, title="Call", assignee=gone)


def test_complete_reopen_and_drop_go_round(member):
    task = TaskFactory()

    done = services.complete_task(actor=member, task=task, version=1)
    assert (done.status, done.done_by, done.done_at is not None) == ("done", member, True)
    with pytest.raises(TaskClosed, match="Reopen it first"):
        services.complete_task(actor=member, task=task)

    opened = services.reopen_task(actor=member, task=done)
    assert (opened.status, opened.done_at, opened.done_by) == ("open", None, None)
    with pytest.raises(TaskClosed, match="open already"):
        services.reopen_task(actor=member, task=opened)
    assert services.drop_task(actor=member, task=opened).status == "dropped"


def test_change_task_does_not_touch_the_status(member):
    with pytest.raises(TypeError):
        services.change_task(actor=member, task=TaskFactory(), status="done")


def test_every_open_task_is_in_exactly_one_bucket():
    today = timezone.localdate()
    for offset in (-400, -1, 0, 1, 7, 8, 90):
        TaskFactory(due_on=today + timedelta(days=offset))
    TaskFactory()
    TaskFactory(due_on=today, status="dropped")

    counts = {bucket: Task.objects.in_bucket(bucket, today).count() for bucket in DueBucket}

    assert counts == {"overdue": 2, "today": 1, "week": 2, "later": 2, "none": 1}
    for task in Task.objects.open().with_bucket(today):
        assert task in Task.objects.in_bucket(task.bucket, today)


def test_by_urgency_puts_the_day_before_the_priority_and_no_day_last():
    today = timezone.localdate()
    tasks = [
        TaskFactory(due_on=today, priority="urgent"),
        TaskFactory(due_on=today, priority="low"),
        TaskFactory(due_on=today + timedelta(days=1), priority="urgent"),
        TaskFactory(priority="urgent"),
    ]

    assert list(Task.objects.by_urgency()) == tasks


def test_members_see_tasks_of_their_clients_and_their_own(cast):
    member = cast[Role.MANAGER]
    manager = AccountManagerFactory(member=member)
    seen = {
        TaskFactory(client__main_manager=manager),
        TaskFactory(assignee=member),
        TaskFactory(client=None, created_by=member),
    }
    TaskFactory()
    TaskFactory(client=None)

    assert set(Task.objects.visible_to(member)) == seen
    assert Task.objects.visible_to(cast[Role.ADMIN]).count() == 5


def test_a_due_reminder_is_told_once_in_the_product_and_by_mail(member):
    reminder = ReminderFactory(member=member)
    ReminderFactory(member=member, due_at=soon())

    assert fire_due_reminders() == 1
    assert fire_due_reminders() == 0

    message = Message.objects.get()
    assert (message.kind, message.lane, message.recipient) == ("task_reminder", 0, member.user.email)
    assert message.send_key == f"reminder:{reminder.pk}:{reminder.due_at.isoformat()}"
    note = Notification.objects.visible_to(member).get()
    assert (note.title, note.url_path) == (reminder.task.title, f"/clients/{reminder.task.client_id}/")
    reminder.refresh_from_db()
    assert None not in (reminder.queued_at, reminder.sent_at)


@pytest.mark.parametrize(("channel", "notes", "mails"), [("in_app", 1, 0), ("email", 0, 1), ("both", 1, 1)])
def test_a_reminder_takes_the_channels_that_were_asked_for(channel, notes, mails):
    reminder = ReminderFactory(channel=channel)

    fire_due_reminders()

    assert (Notification.objects.count(), Message.objects.count()) == (notes, mails)
    reminder.refresh_from_db()
    assert (reminder.sent_at is None) == (channel == "email")


def test_firing_again_after_a_crash_before_the_commit_writes_nothing_twice():
    reminder = ReminderFactory()
    fire_due_reminders()
    Reminder.objects.update(queued_at=None)

    fire_due_reminders()

    assert Message.objects.filter(send_key=reminder.send_key).count() == 1
    assert Notification.objects.count() == 1


def test_reminders_of_closed_tasks_are_not_told(member):
    waiting, told = ReminderFactory(due_at=soon()), ReminderFactory()
    fire_due_reminders()

    services.complete_task(actor=member, task=waiting.task)
    services.drop_task(actor=member, task=told.task)

    waiting.refresh_from_db()
    assert waiting.is_archived
    assert Message.objects.get().status == "cancelled"
    assert not Notification.objects.unread().exists()
    assert fire_due_reminders(soon(days=3)) == 0


def test_snooze_moves_the_reminder_and_tells_it_again_with_another_key(member):
    reminder = ReminderFactory(member=member)
    fire_due_reminders()

    snoozed = services.snooze_reminder(actor=member, reminder=reminder, until=soon(days=1))

    assert (snoozed.queued_at, snoozed.sent_at) == (None, None)
    assert Message.objects.get().status == "cancelled"
    assert fire_due_reminders(soon(days=2)) == 1
    assert Message.objects.filter(status="pending").count() == 1


def test_dismiss_is_harmless_when_repeated_and_the_reminder_never_comes(member):
    reminder = ReminderFactory(member=member)

    seen = services.dismiss_reminder(actor=member, reminder=reminder)
    assert services.dismiss_reminder(actor=member, reminder=reminder).seen_at == seen.seen_at

    assert fire_due_reminders() == 0


def test_reminders_are_refused_for_the_past_and_for_closed_tasks(member):
    task = TaskFactory()
    with pytest.raises(ValidationError, match="has passed"):
        services.set_reminder(actor=member, task=task, due_at=soon(minutes=-1))

    closed = services.drop_task(actor=member, task=task)
    with pytest.raises(ReminderClosed):
        services.set_reminder(actor=member, task=closed, due_at=soon())


def test_a_reassigned_task_takes_its_waiting_reminder_along(member, cast):
    other = cast[Role.LEAD]
    task = TaskFactory(assignee=member)
    reminder = services.set_reminder(actor=member, task=task, due_at=soon())

    services.reassign_task(actor=member, task=task, assignee=other)

    reminder.refresh_from_db()
    assert reminder.member == other
    assert list(Reminder.objects.visible_to(other)) == [reminder]


def test_bell_lines_are_read_by_their_owner_alone(member, cast):
    services.notify(member=member, kind="reminder", title="A", key="a")
    services.notify(member=member, kind="reminder", title="A", key="a")
    services.notify(member=cast[Role.LEAD], kind="reminder", title="A", key="a")

    assert services.unread_count(member) == 1
    assert services.read_all_notifications(actor=member) == 1
    assert (services.unread_count(member), services.unread_count(cast[Role.LEAD])) == (0, 1)
