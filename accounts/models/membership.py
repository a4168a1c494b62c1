"""A user's place in one organization: the actor of every rule and service."""

from typing import Any

import rules
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.querysets import MembershipQuerySet
from accounts.tenancy.models import TenantManager, VersionedModel


class OwnMembershipManager(models.Manager):
    """Memberships of the signed-in user in every organization, for the switcher.

    Not filtered in Python: the database shows a user's own rows inside ``acting_user`` and nothing outside.
    """


class Membership(VersionedModel):
    """One user in one organization, with a role. What they may see and do starts here."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MANAGER)
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    last_seen_on = models.DateField(null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(MembershipQuerySet)()
    own = OwnMembershipManager()

    class Meta(VersionedModel.Meta):
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="one_membership_per_user",
                violation_error_message=_("This person is already a member."),
            )
        ]
        indexes = [
            models.Index(fields=["user"], name="membership_user", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    def can(self, permission: str, obj: Any = None) -> bool:
        """Whether this member may do ``permission`` ("app.verb_noun"), to ``obj`` when given.

        Raises KeyError for a permission that no rules module names: a typo must not read as "no".
        """
        if not rules.perm_exists(permission):
            raise KeyError(f"No rule is called {permission!r}.")
        return self.is_active and rules.has_perm(permission, self, obj)
