from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from managers.querysets import ReportingLineQuerySet


class ReportingLine(TenantModel):
    """Whom a manager answered to, from when until when. The open row says today's."""

    manager = TenantForeignKey("managers.AccountManager", models.CASCADE, related_name="reporting_lines")
    reports_to = TenantForeignKey(
        "managers.AccountManager", models.CASCADE, null=True, blank=True, related_name="lines_below"
    )
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"), null=True, blank=True)

    objects = TenantManager.from_queryset(ReportingLineQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("reporting line")
        verbose_name_plural = _("reporting lines")
        indexes = [
            models.Index(fields=["organization", "manager", "from_on"], name="reporting_line_by_manager"),
            models.Index(fields=["organization", "reports_to"], name="reporting_line_by_superior"),
        ]
        constraints = [
            DatabaseUnique(
                fields=["organization", "manager"], condition=Q(until_on__isnull=True), name="reporting_line_one_open"
            ),
            DatabaseCheck(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="reporting_line_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.manager} → {self.reports_to or '–'}"
