from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from interactions.choices import NotificationKind
from interactions.querysets import NotificationQuerySet


class Notification(TenantModel):
    """One line behind a member's bell. ``key`` makes writing it twice harmless."""

    member = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=30, choices=NotificationKind)
    title = models.CharField(max_length=300)
    # Inside the organization: the page puts its prefix before it.
    url_path = models.CharField(max_length=300, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(NotificationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["organization", "member", "-created_at", "-id"], name="notification_latest"),
            models.Index(
                fields=["organization", "member"], name="notification_unread", condition=Q(read_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "key"], name="notification_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
