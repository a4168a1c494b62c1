"""A poor answer that nobody has followed up for two working days is told to somebody above, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import wording
from accounts.calendar import WorkingCalendar, working_calendar
from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from accounts.models import Membership, OrganizationSettings
from accounts.quiet import local_wall
from accounts.services import changes
from interactions.choices import NotificationKind, Priority, TaskSource
from interactions.models import Task
from interactions.reminders.delivery import deliveries
from interactions.services.follow_ups import is_touched, language_of_member, tie, whom_to_tell_above
from interactions.services.notifications import notify, task_path
from interactions.services.tasks import add_task, complete_task

ESCALATION_MAIL = "escalation"
_BATCH = 100


@transaction.atomic
def escalate_untouched(now: datetime | None = None) -> int:
    """Tell the lead of every poor answer whose patience has ended; answers how many.

    Two clocks may run at once: the rows are locked, and what is written carries the task's key. What somebody has taken
    up in the meantime is never looked at again.
    """
    now = now or timezone.now()
    organization = OrganizationSettings.objects.get()
    calendar = working_calendar(organization)
    waiting = (
        Task.objects.current()
        .open()
        .filter(escalate_on__lte=calendar.day_of(now), escalated_at__isnull=True)
        .select_related("client__main_manager__reports_to", "contact", "assignee__user", "survey_response")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("escalate_on", "pk")[:_BATCH]
    )
    told = 0
    for task in waiting:
        if _ends_at(task, calendar) > now:
            continue
        if is_touched(task) or task.client is None or task.client.is_archived:
            _forget(task)
        else:
            told += _escalate(task, now, organization, calendar)
    return told


@transaction.atomic
def close_escalation(*, actor: Membership | None, task: Task) -> None:
    """The client was called after all: what the lead was given because of it is done as well."""
    if task.survey_response_id is None or task.source != TaskSource.DETRACTOR:
        return
    for above in (
        Task.objects.current().open().filter(survey_response=task.survey_response_id, source=TaskSource.ESCALATION)
    ):
        complete_task(actor=actor, task=above)


def _ends_at(task: Task, calendar: WorkingCalendar) -> datetime:
    """On the day that patience ends, at the time of day at which the answer came."""
    came = task.created_at.astimezone(calendar.zone)
    return local_wall(task.escalate_on or came.date(), came.time(), calendar.zone)


def _escalate(task: Task, now: datetime, organization: OrganizationSettings, calendar: WorkingCalendar) -> int:
    lead = whom_to_tell_above(task)
    if lead is None:
        _forget(task)
        return 0
    changes.change(actor=None, obj=task, verb="escalated", escalated_at=now, priority=Priority.URGENT)
    with translation.override(language_of_member(lead)):
        title = _("Nobody has called %(contact)s of %(client)s yet") % {"contact": task.contact, "client": task.client}
        notes = _("%(task)s. Assigned to %(assignee)s; nothing has happened since %(day)s.") % {
            "task": task.title,
            "assignee": task.assignee or _("nobody"),
            "day": wording.in_days(calendar.day_of(task.created_at)),
        }
    above = add_task(
        actor=None,
        title=title,
        client=task.client,
        contact=task.contact,
        assignee=lead,
        due_on=calendar.add_working_days(calendar.day_of(now), 0),
        priority=Priority.URGENT,
        notes="\n".join(part for part in (notes, task.notes) if part),
        source=TaskSource.ESCALATION,
    )
    if task.survey_response is not None:
        tie(above, task.survey_response)
    _tell(lead, task, above, now, organization, calendar)
    return 1


def _tell(
    lead: Membership, task: Task, above: Task, now: datetime, organization: OrganizationSettings, calendar: Any
) -> None:
    """Behind the bell at once, by mail outside quiet hours."""
    key = f"escalation:{task.pk}"
    notify(
        member=lead,
        kind=NotificationKind.ESCALATION,
        title=above.title,
        url_path=task_path(above),
        object_id=above.pk,
        key=key,
    )
    queue.enqueue(
        kind=ESCALATION_MAIL,
        send_key=key,
        lane=Lane.URGENT,
        due_at=deliveries([lead.pk], organization, calendar)[lead.pk].urgent_at(now),
        recipient=lead.user.email,
        payload={"task": str(above.pk), "about": str(task.pk)},
    )


def _forget(task: Task) -> None:
    """Not to be looked at again. It is the clock's own note, so no version moves."""
    Task.objects.filter(pk=task.pk).update(escalate_on=None)
