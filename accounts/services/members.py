"""Members: roles, leaving, coming back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.exceptions import DomainError
from accounts.models import Membership, User
from accounts.services.audit import record
from accounts.services.changes import change
from accounts.signals import member_joined, member_leaving


class LastAdmin(DomainError):
    """An organization must always have somebody who can run it."""


def _keep_an_admin(member: Membership) -> None:
    # Locks every admin's row, so that two admins cannot leave at the same moment.
    admins = Membership.objects.admins().select_for_update(of=("self",)).order_by("id").values_list("pk", flat=True)
    if set(admins) <= {member.pk}:
        raise LastAdmin(_("%(name)s is the last admin. Make somebody else admin first.") % {"name": member})


@transaction.atomic
def add_member(*, actor: Membership | None, user: User, role: str, title: str = "") -> Membership:
    """Take a user into the current organization; one who was here before comes back with the new role."""
    known = Membership.objects.select_for_update(of=("self",)).filter(user=user).first()
    if known is not None and known.is_active:
        raise DomainError(_("%(name)s is already a member.") % {"name": user})
    if known is not None:
        member = change(actor=actor, obj=known, verb="rejoined", is_active=True, role=role)
    else:
        member = Membership(user=user, role=role, title=title)
        member.full_clean(exclude=["organization"])
        member.save(force_insert=True)
        record(actor=actor, verb="joined", obj=member, after={"role": role, "email": user.email})
    member_joined.send(Membership, member=member, actor=actor)
    return member


@transaction.atomic
def change_member(
    *, actor: Membership, member: Membership, role: str, title: str | None = None, version: int | None = None
) -> Membership:
    """Give a member another role or title. The last admin keeps theirs."""
    if member.role == Role.ADMIN and role != Role.ADMIN:
        _keep_an_admin(member)
    fields = {"role": role} if title is None else {"role": role, "title": title}
    return change(actor=actor, obj=member, version=version, **fields)


@transaction.atomic
def deactivate_member(*, actor: Membership, member: Membership, version: int | None = None) -> Membership:
    """Shut a member out at once, their tokens too. What they did stays."""
    if member.role == Role.ADMIN:
        _keep_an_admin(member)
    member_leaving.send(Membership, member=member, actor=actor)
    return change(actor=actor, obj=member, version=version, verb="deactivated", is_active=False)


@transaction.atomic
def reactivate_member(*, actor: Membership, member: Membership, version: int | None = None) -> Membership:
    """Let a deactivated member back in with the role they had."""
    member = change(actor=actor, obj=member, version=version, verb="reactivated", is_active=True)
    member_joined.send(Membership, member=member, actor=actor)
    return member


def leave_organization(*, actor: Membership) -> Membership:
    """A member goes by themselves; the last admin cannot."""
    return deactivate_member(actor=actor, member=actor)
