"""What other systems call our rows."""

from django.db import models

from accounts.tenancy.models import TenantModel


class ExternalId(TenantModel):
    """One name of one row in one source. Imports and API upserts find rows by it."""

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    model = models.CharField(max_length=60)
    object_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source", "model", "external_id"], name="external_id_unique_per_source"
            )
        ]
        indexes = [models.Index(fields=["organization", "object_id"], name="external_id_object")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
