from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck
from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from interactions.choices import CampaignPause, CampaignStatus
from interactions.models.survey import Survey
from interactions.querysets import CampaignQuerySet

MAX_REMINDERS = 2


class Campaign(VersionedModel):
    """A survey sent to many: once, or whenever its trigger finds an occasion.

    ``audience`` is the filter as it was chosen (``interactions.campaigns.audience``), ``reminders`` the days after
    sending on which those who did not answer are reminded. The columns from ``expected`` on belong to the engine:
    ``cursor`` is the last contact that was looked at, ``walked_at`` the moment at which the last one was.
    """

    name = models.CharField(_("Name"), max_length=200)
    survey = TenantForeignKey(Survey, models.CASCADE, verbose_name=_("Survey"), related_name="campaigns")
    trigger = models.CharField(_("When"), max_length=40, blank=True, default="")
    trigger_days = models.PositiveSmallIntegerField(
        _("Days"), null=True, blank=True, validators=[MaxValueValidator(730)]
    )
    trigger_hours = models.PositiveSmallIntegerField(
        _("Hours"), null=True, blank=True, validators=[MaxValueValidator(23)]
    )
    trigger_value = models.CharField(_("Kind"), max_length=40, blank=True, default="")
    audience = models.JSONField(_("Audience"), default=dict, blank=True)
    sample_percent = models.PositiveSmallIntegerField(
        _("Sample (%)"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    one_per_client = models.BooleanField(_("At most one contact of each client"), default=False)
    rest_days = models.PositiveSmallIntegerField(
        _("Rest period (days)"), default=90, validators=[MaxValueValidator(730)]
    )
    expires_after_days = models.PositiveSmallIntegerField(
        _("The link holds for (days)"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    reminders = models.JSONField(_("Reminders"), default=list, blank=True)
    reminds_on_working_days = models.BooleanField(_("Count working days"), default=True)
    starts_at = models.DateTimeField(_("Not before"), null=True, blank=True)
    search_text = SearchTextField("name")

    status = models.CharField(
        _("Status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT, editable=False
    )
    pause_reason = models.CharField(max_length=12, choices=CampaignPause, blank=True, default="", editable=False)
    started_at = models.DateTimeField(_("Started"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)
    created_by = TenantForeignKey(
        "accounts.Membership", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    expected = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cursor = models.UUIDField(null=True, blank=True, editable=False)
    walked_at = models.DateTimeField(null=True, blank=True, editable=False)
    looked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(CampaignQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("survey campaign")
        verbose_name_plural = _("survey campaigns")
        indexes = [
            models.Index(fields=["organization", "-created_at", "-id"], name="campaign_latest"),
            models.Index(fields=["organization", "survey"], name="campaign_by_survey"),
            models.Index(fields=["organization", "created_by"], name="campaign_by_creator"),
            models.Index(fields=["organization", "looked_at"], condition=Q(status="running"), name="campaign_running"),
        ]
        constraints = [
            DatabaseCheck(condition=Q(sample_percent__gte=1, sample_percent__lte=100), name="campaign_sample"),
            DatabaseCheck(condition=Q(expires_after_days__gte=1), name="campaign_expires"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("interactions:campaign-detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == CampaignStatus.DRAFT

    @property
    def is_running(self) -> bool:
        return self.status == CampaignStatus.RUNNING

    @property
    def is_paused(self) -> bool:
        return self.status == CampaignStatus.PAUSED

    @property
    def is_over(self) -> bool:
        return self.status in (CampaignStatus.STOPPED, CampaignStatus.FINISHED)

    @property
    def is_one_off(self) -> bool:
        return not self.trigger

    @property
    def sample_share(self) -> float:
        return self.sample_percent / 100

    def criteria(self, name: str) -> list[Any]:
        """The chosen values of one criterion of the audience; none means everybody."""
        return list(self.audience.get(name) or [])
