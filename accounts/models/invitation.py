"""An invitation by mail: single use, expiring, only for the address it was sent to."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.querysets import InvitationQuerySet
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel


class Invitation(VersionedModel):
    """The link's secret is shown once in the mail; the row keeps only its SHA-256."""

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MANAGER)
    digest = models.CharField(max_length=64, editable=False)
    invited_by = TenantForeignKey("accounts.Membership", models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("invitation")
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="invitation_digest_unique")]
        indexes = [
            models.Index(fields=["organization", "invited_by"], name="invitation_invited_by"),
            models.Index(fields=["organization", "email"], name="invitation_email"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def is_expired(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at <= timezone.now()
