"""Who did what to what, and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import AuditQuerySet
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel


class AuditEntry(TenantModel):
    """One write. Append-only by grant: the serving role may insert and read, never update or delete.

    ``before`` and ``after`` hold only the fields that changed. ``actor`` is empty when the clock did it;
    ``token`` names the integration's key, ``on_behalf_of`` the manager somebody stood in for.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = TenantForeignKey("accounts.Membership", models.DO_NOTHING, null=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    token_name = models.CharField(max_length=100, blank=True)
    on_behalf_of = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    object_id = models.UUIDField()
    object_name = models.CharField(max_length=200, blank=True)
    client_id = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(AuditQuerySet)()

    APPEND_ONLY = True

    class Meta(TenantModel.Meta):
        verbose_name = _("audit entry")
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="audit_at"),
            models.Index(fields=["organization", "object_id", "-at"], name="audit_object"),
            models.Index(fields=["organization", "client_id", "-at"], name="audit_client"),
            models.Index(fields=["organization", "actor", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_name}"
