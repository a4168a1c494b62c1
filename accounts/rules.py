"""Who may do what on the ground floor, and the predicates that the apps above build on."""

from typing import Any

import rules

from accounts.choices import Role


@rules.predicate
def is_admin(member: Any) -> bool:
    return bool(member.role == Role.ADMIN)


@rules.predicate
def is_lead(member: Any) -> bool:
    return bool(member.role == Role.LEAD)


@rules.predicate
def is_manager_role(member: Any) -> bool:
    return bool(member.role == Role.MANAGER)


@rules.predicate
def is_associate(member: Any) -> bool:
    return bool(member.role == Role.ASSOCIATE)


@rules.predicate
def is_viewer(member: Any) -> bool:
    return bool(member.role == Role.VIEWER)


@rules.predicate
def is_oneself(member: Any, other: Any) -> bool:
    return other is not None and bool(other.pk == member.pk)


@rules.predicate
def owns_token(member: Any, token: Any) -> bool:
    return token is None or bool(token.member_id == member.pk)


is_writer = ~is_viewer
may_decide = is_admin | is_lead | is_manager_role
may_assign = is_admin | is_lead
is_member = rules.always_allow

rules.add_perm("accounts.view_home", is_member)
rules.add_perm("accounts.view_membership", is_member)
rules.add_perm("accounts.change_membership", is_admin)
rules.add_perm("accounts.deactivate_membership", is_admin)
rules.add_perm("accounts.reactivate_membership", is_admin)
rules.add_perm("accounts.leave_organization", is_member)
rules.add_perm("accounts.view_invitation", is_admin)
rules.add_perm("accounts.add_invitation", is_admin)
rules.add_perm("accounts.revoke_invitation", is_admin)
rules.add_perm("accounts.resend_invitation", is_admin)
rules.add_perm("accounts.view_apitoken", is_writer)
rules.add_perm("accounts.add_apitoken", is_writer)
rules.add_perm("accounts.revoke_apitoken", is_admin | owns_token)
rules.add_perm("accounts.view_auditentry", is_admin)
rules.add_perm("accounts.view_settings", is_member)
rules.add_perm("accounts.change_settings", is_admin)
rules.add_perm("accounts.view_message", is_admin)
rules.add_perm("accounts.retry_message", is_admin)
rules.add_perm("accounts.discard_message", is_admin)
rules.add_perm("accounts.release_message", is_admin)
rules.add_perm("accounts.view_suppression", is_admin)
rules.add_perm("accounts.add_suppression", is_admin)
rules.add_perm("accounts.lift_suppression", is_admin)
