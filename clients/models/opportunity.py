from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel, VersionedModel
from clients.choices import OPEN_STAGES, OpportunityKind, OpportunityStage
from clients.fields import CurrencyField
from clients.querysets import OpportunityQuerySet, StagePeriodQuerySet


class Opportunity(VersionedModel):
    """A chance to sell more to a client. The amount may be unknown, and so may the day."""

    client = TenantForeignKey("clients.Client", models.CASCADE, verbose_name=_("Client"), related_name="opportunities")
    kind = models.CharField(_("Kind"), max_length=12, choices=OpportunityKind, default=OpportunityKind.UPSELL)
    name = models.CharField(_("Name"), max_length=200)
    product = TenantForeignKey(
        "clients.Product",
        models.SET_NULL,
        verbose_name=_("Product"),
        null=True,
        blank=True,
        related_name="opportunities",
    )
    need = models.TextField(_("Need it serves"), blank=True, default="")
    amount_minor = models.PositiveBigIntegerField(_("Amount"), null=True, blank=True)
    currency = CurrencyField(_("Currency"))
    expected_close_on = models.DateField(_("Expected close"), null=True, blank=True)
    owner = TenantForeignKey(
        "managers.AccountManager",
        models.SET_NULL,
        verbose_name=_("Owner"),
        null=True,
        blank=True,
        related_name="opportunities",
    )
    stage = models.CharField(
        _("Stage"), max_length=12, choices=OpportunityStage, default=OpportunityStage.IDENTIFIED, editable=False
    )
    lost_reason = models.CharField(_("Reason for the loss"), max_length=300, blank=True, default="", editable=False)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True, editable=False)

    search_text = SearchTextField("name")

    objects = TenantManager.from_queryset(OpportunityQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            models.Index(fields=["organization", "client", "stage"], name="opportunity_by_client"),
            models.Index(fields=["organization", "stage", "expected_close_on"], name="opportunity_by_stage"),
            models.Index(fields=["organization", "expected_close_on", "id"], name="opportunity_by_close"),
            models.Index(fields=["organization", "created_at", "id"], name="opportunity_by_creation"),
            models.Index(fields=["organization", "owner"], name="opportunity_by_owner"),
            models.Index(fields=["organization", "product"], name="opportunity_by_product"),
        ]
        constraints = [
            DatabaseCheck(
                condition=Q(stage__in=OPEN_STAGES, closed_at__isnull=True)
                | (~Q(stage__in=OPEN_STAGES) & Q(closed_at__isnull=False)),
                name="opportunity_closed_has_date",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("clients:opportunity-detail", self.pk)

    @property
    def is_open(self):
        return self.stage in OPEN_STAGES


class StagePeriod(TenantModel):
    """How long an opportunity stood where. The open row says today's stage."""

    opportunity = TenantForeignKey("clients.Opportunity", models.CASCADE, related_name="stage_periods")
    stage = models.CharField(_("Stage"), max_length=12, choices=OpportunityStage)
    from_at = models.DateTimeField(_("From"))
    until_at = models.DateTimeField(_("Until"), null=True, blank=True)

    objects = TenantManager.from_queryset(StagePeriodQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("stage of an opportunity")
        verbose_name_plural = _("stages of an opportunity")
        indexes = [models.Index(fields=["organization", "opportunity", "from_at"], name="stage_by_opportunity")]
        constraints = [
            DatabaseUnique(
                fields=["organization", "opportunity"], condition=Q(until_at__isnull=True), name="stage_one_open"
            )
        ]

    def __str__(self):
        return self.get_stage_display()
