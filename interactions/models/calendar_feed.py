from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from interactions.querysets import CalendarFeedQuerySet


class CalendarFeed(TenantModel):
    """The private address under which a member's calendar program reads. Only the digest of its secret is kept."""

    member = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="calendar_feeds")
    token_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(CalendarFeedQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        indexes = [models.Index(fields=["organization", "member"], name="calendar_feed_member")]
        constraints = [
            DatabaseUnique(fields=["organization", "token_digest"], name="calendar_feed_token"),
            DatabaseUnique(
                fields=["organization", "member"], condition=Q(revoked_at__isnull=True), name="calendar_feed_one_live"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)
