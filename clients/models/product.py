from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.models import TenantManager, VersionedModel
from clients.fields import CurrencyField
from clients.querysets import ProductQuerySet


class Product(VersionedModel):
    """Something the organization sells; a contract line names it."""

    name = models.CharField(_("Name"), max_length=200)
    code = models.CharField(_("Code"), max_length=60, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    list_price_minor = models.PositiveBigIntegerField(_("List price"), null=True, blank=True)
    currency = CurrencyField(_("Currency"), blank=True, default="")
    search_text = SearchTextField("name", "code")

    objects = TenantManager.from_queryset(ProductQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["organization", "search_text", "id"], name="product_by_name"),
            models.Index(fields=["organization", "created_at", "id"], name="product_by_creation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(archived_at__isnull=True),
                name="product_name_once",
                violation_error_message=_("There is a product with this name already. Choose another name."),
            ),
            models.UniqueConstraint(
                fields=["organization", "code"],
                condition=Q(archived_at__isnull=True) & ~Q(code=""),
                name="product_code_once",
                violation_error_message=_("There is a product with this code already. Choose another code."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("clients:product-detail", self.pk)
