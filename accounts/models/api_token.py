"""An integration's key to the API."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ApiTokenQuerySet
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel


class ApiToken(VersionedModel):
    """Acts as one member; scopes only narrow what that member may do. Only the SHA-256 of the secret is kept."""

    name = models.CharField(_("name"), max_length=100)
    member = TenantForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("member"), related_name="api_tokens"
    )
    scopes = models.JSONField(_("scopes"), default=list)
    prefix = models.CharField(max_length=8, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(ApiTokenQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("token")
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="api_token_digest_unique")]
        indexes = [models.Index(fields=["organization", "member"], name="api_token_member")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
