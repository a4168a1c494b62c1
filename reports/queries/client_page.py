"""What the client's page shows beside the timeline: facts, people, contracts, work in progress."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from clients.models import Assignment, Client, ClientTag, Contact, Contract, ContractLine, Opportunity
from interactions.models import Concern, Reminder, Score, SurveyInvitation, Task


def client_for_page(member: Membership) -> Any:
    """Visible clients, archived ones too: their page offers to restore them."""
    return Client.objects.visible_to(member).select_related("main_manager", "parent")


def team_of(client: Client) -> list[Assignment]:
    """The account team as it is and was: current places first, the main manager at the top."""
    rows = Assignment.objects.filter(client=client).select_related("manager__team").order_by("-from_on", "id")
    return sorted(rows, key=lambda row: (row.until_on is not None, row.role != "main"))


def tags_of(client: Client) -> list[ClientTag]:
    return list(ClientTag.objects.filter(client=client).select_related("tag").order_by("tag__search_text"))


def contacts_of(client: Client) -> list[Contact]:
    """Those who are there first, the primary contact at the top."""
    rows = Contact.objects.filter(client=client, archived_at=None).order_by("search_text", "id")
    return sorted(rows, key=lambda row: (row.left_on is not None, not row.is_primary))


def contracts_of(client: Client) -> list[Contract]:
    lines = ContractLine.objects.filter(archived_at=None).select_related("product").order_by("starts_on", "id")
    rows = Contract.objects.filter(client=client, archived_at=None)
    return list(rows.prefetch_related(Prefetch("lines", queryset=lines)).order_by("-starts_on", "-id")[:100])


def opportunities_of(client: Client) -> list[Opportunity]:
    rows = Opportunity.objects.filter(client=client, archived_at=None).select_related("owner", "product")
    return list(rows.order_by("closed_at", "expected_close_on", "id")[:100])


def open_tasks_of(client: Client, member: Membership) -> list[Task]:
    rows = Task.objects.visible_to(member).filter(client=client, archived_at=None, status="open")
    return list(rows.select_related("assignee__user", "client").order_by("due_on", "id")[:50])


def done_tasks_of(client: Client, member: Membership) -> list[Task]:
    rows = Task.objects.visible_to(member).filter(client=client, archived_at=None).exclude(status="open")
    return list(rows.select_related("assignee__user", "client").order_by("-updated_at", "-id")[:20])


def reminders_of(tasks: list[Task]) -> list[Reminder]:
    """Reminders of these tasks that are still to come."""
    rows = Reminder.objects.filter(task__in=[task.pk for task in tasks], queued_at=None, archived_at=None)
    return list(rows.select_related("task", "member__user").order_by("due_at", "id"))


def open_concerns_of(client: Client) -> list[Concern]:
    return list(Concern.objects.filter(client=client, archived_at=None, resolved_at=None).order_by("opened_at")[:20])


def newest_score_of(client: Client) -> Score | None:
    """The latest answer or rating, whatever its scale."""
    rows = Score.objects.filter(client=client).select_related("survey_response__invitation__survey")
    return rows.order_by("-at", "-pk").first()


def invitations_of(client: Client) -> list[SurveyInvitation]:
    """Surveys on their way: asked and not answered, while an answer can still come."""
    rows = SurveyInvitation.objects.filter(client=client, answered_at=None, expires_at__gt=timezone.now())
    rows = rows.select_related("survey", "contact")
    return list(rows.order_by("-created_at", "-id")[:5])


def history_of(client: Client, *, limit: int = 100) -> list[AuditEntry]:
    """Every write to the client and what belongs to it, newest first."""
    return list(AuditEntry.objects.filter(client_id=client.pk).order_by("-at", "-id")[:limit])
