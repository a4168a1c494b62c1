"""What a poor answer sets in motion."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.calendar import WorkingCalendar, local_today, working_calendar
from accounts.choices import Role
from accounts.models import AuditEntry, Membership, OrganizationSettings
from accounts.services import changes
from clients.models import Client
from interactions.choices import NotificationKind, Priority, TaskSource, TaskStatus
from interactions.models import Interaction, Score, SurveyInvitation, SurveyResponse, Task
from interactions.services.notifications import notify, task_path
from interactions.services.tasks import add_task, drop_task, reopen_task
from managers.models import Absence, AccountManager

# Working days after which a poor answer that nobody has followed up is told to somebody above.
PATIENCE = 2


@transaction.atomic
def follow_up_poor_answer(*, invitation: SurveyInvitation, response: SurveyResponse, score: Score) -> Task | None:
    """Open a task, due the next working day, for whoever looks after the client; one per answer.

    An answer that was changed and is still poor says so in the task it has; one that had become good takes it up again.
    """
    before = _task_of(response)
    if before is not None:
        _tell_of_change(before, response, score)
        return None
    calendar = working_calendar()
    assignee = whom_to_tell(invitation.client)
    with translation.override(language_of_member(assignee)):
        names = {"contact": invitation.contact, "value": score.value, "scale": score.get_scale_display()}
        title = _("Call %(contact)s about the %(scale)s answer %(value)s") % names
        notes = _words_of(response)
    task = add_task(
        actor=None,
        title=title,
        client=invitation.client,
        contact=invitation.contact,
        assignee=assignee,
        due_on=calendar.add_working_days(calendar.today, 1),
        priority=Priority.HIGH,
        notes=notes,
        source=TaskSource.DETRACTOR,
    )
    tie(task, response, escalate_on=patience_ends_on(calendar))
    if assignee is not None:
        notify(
            member=assignee,
            kind=NotificationKind.DETRACTOR,
            title=title,
            url_path=task_path(task),
            object_id=task.pk,
            key=f"detractor:{invitation.pk}",
        )
    return task


@transaction.atomic
def settle_follow_up(*, response: SurveyResponse, score: Score) -> Task | None:
    """The contact thought better of it within the day: what nobody has begun is dropped, what was begun is told."""
    task = _task_of(response)
    if task is None or not task.is_open:
        return None
    was_touched = is_touched(task)
    task = _note(task, response, score, escalate_on=None)
    if not was_touched:
        task = drop_task(actor=None, task=task)
    if task.assignee is not None:
        with translation.override(language_of_member(task.assignee)):
            title = _("%(contact)s changed the %(scale)s answer to %(value)s") % {
                "contact": task.contact,
                "scale": score.get_scale_display(),
                "value": score.value,
            }
        notify(
            member=task.assignee,
            kind=NotificationKind.DETRACTOR,
            title=title,
            url_path=task_path(task),
            object_id=task.pk,
            key=f"settled:{response.pk}:{response.version}",
        )
    return task


def tie(task: Task, response: SurveyResponse, **more: Any) -> None:
    """Remember which answer opened a task. Part of opening it, so it is no change of its own."""
    Task.objects.filter(pk=task.pk).update(survey_response=response, **more)


def patience_ends_on(calendar: WorkingCalendar) -> date:
    """The day on which two whole working days have passed; what comes in on a day off waits for the next to begin."""
    today = calendar.today
    return calendar.add_working_days(today, PATIENCE if calendar.is_working_day(today) else PATIENCE + 1)


def is_touched(task: Task) -> bool:
    """Whether somebody has done anything about it: changed the task, or logged something with its client."""
    return (
        AuditEntry.objects.filter(object_id=task.pk, actor__isnull=False).exists()
        or Interaction.objects.current().filter(client=task.client_id, created_at__gt=task.created_at).exists()
    )


def _task_of(response: SurveyResponse) -> Task | None:
    tasks = Task.objects.current().filter(survey_response=response, source=TaskSource.DETRACTOR)
    return tasks.select_related("client", "contact", "assignee__user").first()


def _tell_of_change(task: Task, response: SurveyResponse, score: Score) -> None:
    if task.status == TaskStatus.DROPPED:
        task = reopen_task(actor=None, task=task)
        _note(task, response, score, escalate_on=patience_ends_on(working_calendar()))
    else:
        _note(task, response, score)


def _note(task: Task, response: SurveyResponse, score: Score, **fields: Any) -> Task:
    """Write the new answer under what the task says already."""
    with translation.override(language_of_member(task.assignee)):
        line = _("The answer was changed to %(value)d.") % {"value": score.value}
        words = _words_of(response)
    notes = "\n".join(part for part in (task.notes, line, words if words != task.notes else "") if part)
    return changes.change(actor=None, obj=task, notes=notes, **fields)


def _words_of(response: SurveyResponse) -> str:
    said = " · ".join(part for part in (response.comment, response.second_answer) if part)
    return _("Comment: %(comment)s") % {"comment": said} if said else ""


def whom_to_tell(client: Client) -> Membership | None:
    """The main manager; while they are away, their substitute; without one, somebody above; at last an admin."""
    return reachable_from(client.main_manager) or _anybody_above()


def whom_to_tell_above(task: Task) -> Membership | None:
    """Who is told when the assignee did nothing: the next above them in the reporting line, at last an admin."""
    manager = AccountManager.objects.filter(member=task.assignee_id).first() if task.assignee_id else None
    if manager is None and task.client is not None:
        manager = task.client.main_manager
    lead = reachable_from(manager.reports_to if manager else None, besides=task.assignee_id)
    return lead or _anybody_above(besides=task.assignee_id)


def reachable_from(manager: AccountManager | None, *, besides: UUID | None = None) -> Membership | None:
    """The first in the reporting line, from ``manager`` upwards, who can be told, or who stands in for them today."""
    today = local_today()
    while manager is not None:
        cover = Absence.objects.on(today).filter(manager=manager).select_related("substitute__member")
        stand_in = next((absence.substitute for absence in cover), manager)
        for candidate in (stand_in.member, manager.member):
            if candidate is not None and candidate.is_active and candidate.pk != besides:
                return candidate
        manager = manager.reports_to
    return None


def _anybody_above(*, besides: UUID | None = None) -> Membership | None:
    members = Membership.objects.active().exclude(pk=besides).select_related("user").order_by("pk")
    leads = members.filter(role=Role.LEAD)
    top = leads.filter(account_managers__reports_to__isnull=True).first()
    return top or leads.first() or members.filter(role=Role.ADMIN).first()


def language_of_member(member: Membership | None) -> str:
    """The language to tell a member something in; the organization's when they have not chosen."""
    language = member.user.language if member else ""
    return language or OrganizationSettings.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE
