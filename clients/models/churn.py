from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from clients.choices import ChurnReason
from clients.fields import CurrencyField
from clients.querysets import ChurnEventQuerySet


class ChurnEvent(TenantModel):
    """A client left, or came back (``is_reactivation``), and why."""

    client = TenantForeignKey("clients.Client", models.CASCADE, verbose_name=_("Client"), related_name="churn_events")
    on = models.DateField(_("Day"))
    reason = models.CharField(_("Reason"), max_length=16, choices=ChurnReason, default=ChurnReason.UNKNOWN)
    feedback = models.TextField(_("Feedback"), blank=True, default="")
    is_reactivation = models.BooleanField(_("The client came back"), default=False)
    refund_minor = models.PositiveBigIntegerField(_("Refund"), null=True, blank=True)
    currency = CurrencyField(_("Currency"), blank=True, default="")

    objects = TenantManager.from_queryset(ChurnEventQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("churn event")
        verbose_name_plural = _("churn events")
        indexes = [
            models.Index(fields=["organization", "client", "on"], name="churn_by_client"),
            models.Index(fields=["organization", "on", "id"], name="churn_by_day"),
        ]

    def __str__(self):
        return f"{self.client} ({self.on})"
