from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from clients.choices import Lifecycle
from clients.querysets import PeriodQuerySet


class LifecyclePeriod(TenantModel):
    """Where a client stood, from when until when. The open row says today's."""

    client = TenantForeignKey("clients.Client", models.CASCADE, related_name="lifecycle_periods")
    lifecycle = models.CharField(_("Lifecycle"), max_length=12, choices=Lifecycle)
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"), null=True, blank=True)

    objects = TenantManager.from_queryset(PeriodQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("lifecycle period")
        verbose_name_plural = _("lifecycle periods")
        indexes = [models.Index(fields=["organization", "client", "from_on"], name="lifecycle_by_client")]
        constraints = [
            DatabaseUnique(
                fields=["organization", "client"], condition=Q(until_on__isnull=True), name="lifecycle_one_open"
            ),
            DatabaseCheck(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="lifecycle_in_order"
            ),
        ]

    def __str__(self):
        return self.get_lifecycle_display()
