from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from clients.querysets import ClientRowQuerySet


class Measure(TenantModel):
    """A client's figure for one month, such as usage; ``month`` is its first day."""

    client = TenantForeignKey("clients.Client", models.CASCADE, verbose_name=_("Client"), related_name="measures")
    product = TenantForeignKey(
        "clients.Product", models.CASCADE, verbose_name=_("Product"), null=True, blank=True, related_name="measures"
    )
    name = models.CharField(_("Name"), max_length=80)
    month = models.DateField(_("Month"))
    value = models.BigIntegerField(_("Value"))

    objects = TenantManager.from_queryset(ClientRowQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [
            models.Index(fields=["organization", "client", "name", "month"], name="measure_by_client"),
            models.Index(fields=["organization", "product"], name="measure_by_product"),
            models.Index(fields=["organization", "month", "id"], name="measure_by_month"),
        ]
        constraints = [
            DatabaseUnique(
                fields=["organization", "client", "product", "name", "month"],
                nulls_distinct=False,
                name="measure_once_a_month",
            ),
            DatabaseCheck(condition=Q(month__day=1), name="measure_first_of_month"),
        ]

    def __str__(self):
        return f"{self.name} {self.month:%Y-%m}"
