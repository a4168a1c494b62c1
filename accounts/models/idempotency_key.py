"""The stored answer to a POST, so that a repeated one has one effect."""

from django.db import models
from django.utils import timezone

from accounts.tenancy.models import TenantModel


class IdempotencyKey(TenantModel):
    """One key of one principal (a member or a token) with the request it came with and the answer it got."""

    principal = models.UUIDField()
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    headers = models.JSONField(default=dict)
    response = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "principal", "key"], name="idempotency_key_unique")
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return self.key
