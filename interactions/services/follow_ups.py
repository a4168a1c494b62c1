"""What a poor answer sets in motion."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.calendar import local_today, working_calendar
from accounts.choices import Role
from accounts.models import Membership, OrganizationSettings
from clients.models import Client
from interactions.choices import NotificationKind, Priority, TaskSource
from interactions.models import Score, SurveyInvitation, SurveyResponse, Task
from interactions.services.notifications import notify, task_path
from interactions.services.tasks import add_task
from managers.models import Absence


@transaction.atomic
def follow_up_poor_answer(*, invitation: SurveyInvitation, response: SurveyResponse, score: Score) -> Task | None:
    """Open a task, due the next working day, for whoever looks after the client; one per invitation."""
    told_before = Task.objects.filter(
        contact=invitation.contact_id, source=TaskSource.DETRACTOR, created_at__gte=invitation.created_at
    )
    if told_before.exists():
        return None
    calendar = working_calendar()
    assignee = whom_to_tell(invitation.client)
    with translation.override(_language_of(assignee)):
        names = {"contact": invitation.contact, "value": score.value, "scale": score.get_scale_display()}
        title = _("Call %(contact)s about the %(scale)s answer %(value)s") % names
        notes = _("Comment: %(comment)s") % {"comment": response.comment} if response.comment else ""
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


def whom_to_tell(client: Client) -> Membership | None:
    """The main manager; while they are away, their substitute; without one, somebody above; at last an admin."""
    manager, today = client.main_manager, local_today()
    while manager is not None:
        cover = Absence.objects.on(today).filter(manager=manager).select_related("substitute__member")
        stand_in = next((absence.substitute for absence in cover), manager)
        for candidate in (stand_in.member, manager.member):
            if candidate is not None and candidate.is_active:
                return candidate
        manager = manager.reports_to
    members = Membership.objects.active().select_related("user").order_by("pk")
    leads = members.filter(role=Role.LEAD)
    top = leads.filter(account_managers__reports_to__isnull=True).first()
    return top or leads.first() or members.filter(role=Role.ADMIN).first()


def _language_of(member: Membership | None) -> str:
    language = member.user.language if member else ""
    return language or OrganizationSettings.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE
