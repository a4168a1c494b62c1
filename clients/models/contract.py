from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck
from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from clients.choices import BillingPeriod
from clients.fields import CurrencyField
from clients.querysets import ContractLineQuerySet, ContractQuerySet


class Contract(VersionedModel):
    """What a client agreed to, from when to when. ``ends_on`` is the first day that it no longer holds."""

    client = TenantForeignKey("clients.Client", models.CASCADE, verbose_name=_("Client"), related_name="contracts")
    number = models.CharField(_("Number"), max_length=60, blank=True, default="")
    name = models.CharField(_("Name"), max_length=200)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("Notice (days)"), default=30)
    auto_renew = models.BooleanField(_("Renews by itself"), default=False)
    billing_period = models.CharField(
        _("Billing period"), max_length=12, choices=BillingPeriod, default=BillingPeriod.MONTHLY
    )
    currency = CurrencyField(_("Currency"))

    search_text = SearchTextField("name", "number")

    objects = TenantManager.from_queryset(ContractQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["organization", "client", "starts_on"], name="contract_by_client"),
            models.Index(fields=["organization", "ends_on", "id"], name="contract_by_end"),
            models.Index(fields=["organization", "starts_on", "id"], name="contract_by_start"),
            models.Index(fields=["organization", "created_at", "id"], name="contract_by_creation"),
        ]
        constraints = [
            DatabaseCheck(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="contract_in_order")
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it starts. Correct one of the days.")})

    def get_absolute_url(self):
        return row_path("clients:contract-detail", self.pk)

    @property
    def notice_on(self):
        """The last day to give notice."""
        return self.ends_on - timedelta(days=self.notice_days) if self.ends_on else None


class ContractLine(VersionedModel):
    """One product in a contract: a subscription. ``mrr_minor`` is the whole line's, not a unit's.

    ``client`` repeats the contract's, so that a portfolio's revenue is one join. On the day ``ends_on`` the line
    no longer counts.
    """

    contract = TenantForeignKey("clients.Contract", models.CASCADE, verbose_name=_("Contract"), related_name="lines")
    client = TenantForeignKey("clients.Client", models.CASCADE, editable=False, related_name="contract_lines")
    product = TenantForeignKey(
        "clients.Product", models.PROTECT, verbose_name=_("Product"), related_name="contract_lines"
    )
    quantity = models.PositiveIntegerField(_("Quantity"), default=1)
    mrr_minor = models.PositiveBigIntegerField(_("MRR"))
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)

    objects = TenantManager.from_queryset(ContractLineQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        indexes = [
            models.Index(fields=["organization", "contract"], name="contract_line_by_contract"),
            models.Index(fields=["organization", "client", "starts_on"], name="contract_line_by_client"),
            models.Index(fields=["organization", "product", "client"], name="contract_line_by_product"),
        ]
        constraints = [
            DatabaseCheck(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="contract_line_in_order"
            )
        ]

    def __str__(self):
        return f"{self.product} × {self.quantity}"

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it starts. Correct one of the days.")})

    def is_running(self, on):
        return self.archived_at is None and self.starts_on <= on and (self.ends_on is None or self.ends_on > on)
