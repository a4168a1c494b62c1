from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from interactions import recurrence
from interactions.choices import Priority, TaskStatus, WorkingDays
from interactions.querysets import TaskQuerySet


class Task(VersionedModel):
    """Work for a member, usually for one client."""

    client = TenantForeignKey(
        "clients.Client",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("client"),
    )
    contact = TenantForeignKey(
        "clients.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("contact"),
    )
    opportunity = TenantForeignKey(
        "clients.Opportunity",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("opportunity"),
    )
    assignee = TenantForeignKey(
        "accounts.Membership",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("assignee"),
    )
    created_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    title = models.CharField(_("title"), max_length=300)
    notes = models.TextField(_("notes"), blank=True, max_length=20_000)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    status = models.CharField(_("status"), max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # "" for people, or what opened it by itself (``TaskSource``, an integration's name).
    source = models.CharField(_("source"), max_length=40, blank=True)
    # The answer to a survey that opened it, and when somebody above is told if nothing has happened by then.
    survey_response = TenantForeignKey(
        "interactions.SurveyResponse",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="tasks",
    )
    escalate_on = models.DateField(_("escalates on"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True, editable=False)
    # How it repeats: a rule in the words of RFC 5545 (``interactions.recurrence``), "" for a task that is done once.
    recurrence = models.CharField(_("repeats"), max_length=200, blank=True, default="")
    working_days = models.CharField(
        _("days off"), max_length=10, choices=WorkingDays, blank=True, default=WorkingDays.ANY
    )
    # The tasks that followed one another share ``series``. ``occurrence_on`` is the day by the rule, which stays when
    # ``due_on`` is moved; ``series_fields`` keeps what the series has where this one alone was changed.
    series = models.UUIDField(null=True, blank=True, editable=False)
    occurrence_on = models.DateField(null=True, blank=True, editable=False)
    occurrence_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    series_fields = models.JSONField(default=dict, blank=True, editable=False)
    search_text = SearchTextField("title", "notes", max_length=4000)

    objects = TenantManager.from_queryset(TaskQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["organization", "client", "status", "due_on"], name="task_client"),
            models.Index(fields=["organization", "contact"], name="task_contact"),
            models.Index(fields=["organization", "opportunity"], name="task_opportunity"),
            models.Index(fields=["organization", "assignee", "status", "due_on"], name="task_assignee"),
            models.Index(fields=["organization", "created_by"], name="task_created_by"),
            models.Index(fields=["organization", "done_by"], name="task_done_by"),
            models.Index(fields=["organization", "status", "due_on", "id"], name="task_due"),
            models.Index(fields=["organization", "survey_response"], name="task_survey_response"),
            models.Index(
                fields=["organization", "escalate_on"],
                name="task_escalates",
                condition=Q(status=TaskStatus.OPEN, escalate_on__isnull=False, escalated_at__isnull=True),
            ),
        ]
        constraints = [
            DatabaseCheck(
                condition=Q(status=TaskStatus.DONE, done_at__isnull=False)
                | (~Q(status=TaskStatus.DONE) & Q(done_at__isnull=True)),
                name="task_done_has_moment",
            ),
            DatabaseUnique(
                fields=["organization", "series", "occurrence_on"],
                condition=Q(series__isnull=False),
                name="task_once_per_occurrence",
            ),
            DatabaseCheck(
                condition=Q(series__isnull=True) | Q(occurrence_on__isnull=False, occurrence_number__isnull=False),
                name="task_series_has_occurrence",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def answer_path(self) -> str:
        """On the page of its client, the answer that opened it; "" for other tasks."""
        return f"?show=satisfaction#answer-{self.survey_response_id}" if self.survey_response_id else ""

    @property
    def is_open(self) -> bool:
        return self.status == TaskStatus.OPEN

    @property
    def repeats(self) -> bool:
        return bool(self.recurrence)

    @property
    def repeats_in_words(self) -> str:
        return recurrence.in_words(recurrence.parse(self.recurrence), self.working_days) if self.recurrence else ""
