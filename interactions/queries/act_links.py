"""From a link in a reminder's mail to the reminder, and what is still to be done there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import TextChoices

from accounts.models import Membership
from accounts.tenancy.context import tenant
from clients.models import Client
from interactions import act_links
from interactions.act_links import Act, ActLink
from interactions.models import Reminder, Task


class ActState(TextChoices):
    """Whether a link can still act, and why not."""

    READY = "ready"
    DONE = "done"
    SNOOZED = "snoozed"
    EXPIRED = "expired"
    GONE = "gone"


@dataclass(frozen=True)
class FoundAct:
    """A link of ours and its reminder, in the reminder's organization."""

    link: ActLink
    reminder: Reminder

    @property
    def state(self) -> ActState:
        return state_of(self.link, self.reminder)


@contextmanager
def find_act(token: str) -> Iterator[FoundAct | None]:
    """Enter the organization that a token names, with the reminder; None when the link is not one of ours, the
    reminder is gone or its member has left. Whoever gets None must not query."""
    link = act_links.parse(token)
    if link is None:
        yield None
        return
    with tenant(link.organization_id):
        reminder = (
            Reminder.objects.select_related("organization", "member__user", "task__client", "client")
            .filter(pk=link.reminder_id)
            .first()
        )
        yield FoundAct(link, reminder) if reminder is not None and _is_active(link, reminder) else None


def state_of(link: ActLink, reminder: Reminder) -> ActState:
    """What a link can still do about its reminder, as the row stands."""
    if link.is_expired:
        return ActState.EXPIRED
    if not link.is_for(reminder):
        return ActState.GONE
    if _is_closed(reminder):
        return ActState.DONE
    if reminder.is_archived or not _is_allowed(link, reminder):
        return ActState.GONE
    # A task can be done whatever its reminder's time has become meanwhile.
    if link.act != Act.DONE and not link.is_of_this_time(reminder):
        return ActState.SNOOZED
    return ActState.READY


def _is_active(link: ActLink, reminder: Reminder) -> bool:
    """Whether the reader of the mail is still a member; the reminder itself may have gone to somebody else."""
    if reminder.member_id == link.member_id:
        return reminder.member.is_active
    return Membership.objects.filter(pk=link.member_id, is_active=True).exists()


def _is_closed(reminder: Reminder) -> bool:
    """The work is done; a reminder that was only put away does not close its task."""
    if reminder.task is None:
        return reminder.done_at is not None or reminder.seen_at is not None
    return not reminder.task.is_open


def _is_allowed(link: ActLink, reminder: Reminder) -> bool:
    """Whether the member still sees what it is about, and may do the act."""
    member, task = reminder.member, reminder.task
    if task is not None:
        seen = not task.is_archived and Task.objects.visible_to(member).filter(pk=task.pk).exists()
    elif reminder.client_id is not None:
        seen = Client.objects.visible_to(member).filter(pk=reminder.client_id).exists()
    else:
        seen = True
    if not seen:
        return False
    if link.act == Act.DONE and task is not None:
        return member.can("interactions.complete_task", task)
    return member.can("interactions.snooze_reminder", reminder)
