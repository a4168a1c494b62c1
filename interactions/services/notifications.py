"""The lines behind the bell."""

import uuid
from typing import Any

from django.utils import timezone

from accounts.links import inside_path
from accounts.models import Membership
from interactions.models import Notification, Reminder, Task


def notify(
    *, member: Membership, kind: str, title: str, key: str, url_path: str = "", object_id: uuid.UUID | None = None
) -> None:
    """Put a line behind a member's bell, once per ``key``."""
    line = Notification(member=member, kind=kind, title=title[:300], url_path=url_path, object_id=object_id, key=key)
    Notification.objects.bulk_create([line], ignore_conflicts=True)


def read_notification(*, actor: Membership, notification: Notification) -> Notification:
    """Mark one line as read. Reading is not a change of the business, so it leaves no audit entry."""
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return notification


def read_all_notifications(*, actor: Membership) -> int:
    return Notification.objects.visible_to(actor).unread().update(read_at=timezone.now())


def unread_count(member: Membership) -> int:
    return Notification.objects.visible_to(member).unread().count()


def task_path(task: Task) -> str:
    """Where a task is worked on: its client's page, or the list of tasks."""
    return client_path(task.client_id) if task.client_id else inside_path("interactions:task-list")


def reminder_path(reminder: Reminder) -> str:
    """Where one works on what a reminder is about."""
    if reminder.url_path:
        return reminder.url_path
    return task_path(reminder.task) if reminder.task else inside_path("interactions:reminder-list")


def client_path(client_id: Any) -> str:
    return inside_path("client", client_id)
