"""Named sets of the ground floor's rows."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.choices import Role

if TYPE_CHECKING:
    from accounts.models import Membership


class MembershipQuerySet(QuerySet):
    def visible_to(self, member: "Membership") -> "MembershipQuerySet":
        """Colleagues know each other's names: everybody in the organization sees its members."""
        return self

    def active(self) -> "MembershipQuerySet":
        return self.filter(is_active=True)

    def admins(self) -> "MembershipQuerySet":
        return self.active().filter(role=Role.ADMIN)

    def for_list(self) -> "MembershipQuerySet":
        return self.select_related("user").order_by("user__name", "id")


class AdminOnlyQuerySet(QuerySet):
    """Rows that only an organization's admins see."""

    def visible_to(self, member: "Membership") -> Any:
        return self if member.role == Role.ADMIN else self.none()


class InvitationQuerySet(AdminOnlyQuerySet):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def for_list(self) -> "InvitationQuerySet":
        return self.select_related("invited_by__user").order_by("-created_at", "-id")


class ApiTokenQuerySet(QuerySet):
    def visible_to(self, member: "Membership") -> "ApiTokenQuerySet":
        """Admins see every token, everybody else their own."""
        return self if member.role == Role.ADMIN else self.filter(member=member)

    def live(self, now: Any = None) -> "ApiTokenQuerySet":
        """Not revoked, not expired, and of a member who is still active."""
        now = now or timezone.now()
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, member__is_active=True)

    def for_list(self) -> "ApiTokenQuerySet":
        return self.select_related("member__user").order_by("-created_at", "-id")


class AuditQuerySet(AdminOnlyQuerySet):
    def of(self, obj: Any) -> "AuditQuerySet":
        """The history of one object, newest first."""
        return self.filter(object_id=obj.pk).order_by("-at", "-id")

    def for_list(self) -> "AuditQuerySet":
        return self.order_by("-at", "-id")


class MessageQuerySet(AdminOnlyQuerySet):
    """The outbox."""
