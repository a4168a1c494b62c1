from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from clients.querysets import ClientRowQuerySet, TagQuerySet


class Tag(TenantModel):
    """A word that an organization groups its clients by. "مهمّ" and "مهم" are the same tag."""

    name = models.CharField(_("Name"), max_length=60)
    search_text = SearchTextField("name", max_length=200)

    objects = TenantManager.from_queryset(TagQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["organization", "search_text"], name="tag_once")]

    def __str__(self):
        return self.name


class ClientTag(TenantModel):
    client = TenantForeignKey("clients.Client", models.CASCADE, related_name="client_tags")
    tag = TenantForeignKey("clients.Tag", models.CASCADE, related_name="client_tags")

    objects = TenantManager.from_queryset(ClientRowQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("tag of a client")
        verbose_name_plural = _("tags of a client")
        indexes = [models.Index(fields=["organization", "tag", "client"], name="client_tag_by_tag")]
        constraints = [models.UniqueConstraint(fields=["organization", "client", "tag"], name="client_tag_once")]

    def __str__(self):
        return str(self.tag)
