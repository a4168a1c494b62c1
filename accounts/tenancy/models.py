"""The base of every table that holds an organization's rows."""

from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.translation import get_language

from accounts.tenancy.context import current_organization_id
from accounts.tenancy.expressions import CurrentOrganization
from accounts.tenancy.ids import uuid7


class TenantManager(models.Manager):
    """Rows of the current organization only; compiling a query outside one raises ``TenantError``.

    The database would answer with zero rows, which is safe but quiet; this makes the mistake loud.
    """

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(organization_id=CurrentOrganization())


class TenantModel(models.Model):
    """A row that belongs to one organization and that PostgreSQL shows to nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.CASCADE,
        default=current_organization_id,
        db_index=False,
        editable=False,
        related_name="+",
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _get_FIELD_display(self, field: models.Field) -> Any:
        """Django's own asks every label of the choices for its translation, for each row of a list anew."""
        value = getattr(self, field.attname)
        return labels(field, get_language()).get(value, value if value is None else str(value))


@lru_cache(maxsize=512)
def labels(field: models.Field, language: str | None) -> dict[Any, str]:
    """What the values of a field with choices are called in a language."""
    return {value: str(label) for value, label in field.flatchoices}


class VersionedModel(TenantModel):
    """A row that people edit: versioned, so that two of them cannot overwrite each other, and archived, not deleted."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(TenantModel.Meta):
        abstract = True

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
