"""Who may do what with account managers, teams and absences."""

from typing import Any

import rules

from accounts.rules import is_admin, is_lead, is_member, is_viewer, may_assign, may_decide
from managers.reporting import own_manager_id, portfolio_ids


@rules.predicate
def leads(member: Any, manager: Any) -> bool:
    """The manager stands below the member; without a manager: below somebody."""
    return manager is None or manager.pk in (portfolio_ids(member) or ())


@rules.predicate
def is_own_profile(member: Any, manager: Any) -> bool:
    return manager is not None and manager.member_id is not None and bool(manager.member_id == member.pk)


@rules.predicate
def is_own_absence(member: Any, absence: Any) -> bool:
    return absence is None or bool(absence.manager_id == own_manager_id(member))


@rules.predicate
def leads_absent(member: Any, absence: Any) -> bool:
    return absence is None or absence.manager_id in (portfolio_ids(member) or ())


below_lead = is_lead & leads & ~is_own_profile

rules.add_perm("managers.view_accountmanager", is_member)
rules.add_perm("managers.add_accountmanager", is_admin)
rules.add_perm("managers.appoint_accountmanager", is_admin)
rules.add_perm("managers.change_accountmanager", is_admin | below_lead | is_own_profile)
rules.add_perm("managers.view_cost_accountmanager", is_admin | below_lead)
rules.add_perm("managers.move_accountmanager", is_admin | below_lead)
rules.add_perm("managers.set_reports_to_accountmanager", is_admin | below_lead)
rules.add_perm("managers.remove_accountmanager", is_admin)
rules.add_perm("managers.delete_accountmanager", is_admin)
# Numbers about a manager: for those above, for those who read everything, and for oneself.
rules.add_perm("managers.view_portfolio", is_admin | is_viewer | (is_lead & leads) | is_own_profile)

rules.add_perm("managers.view_team", is_member)
rules.add_perm("managers.add_team", may_assign)
rules.add_perm("managers.change_team", may_assign)
rules.add_perm("managers.archive_team", may_assign)
rules.add_perm("managers.restore_team", may_assign)
rules.add_perm("managers.delete_team", may_assign)

rules.add_perm("managers.view_absence", is_member)
rules.add_perm("managers.add_absence", may_decide)
rules.add_perm("managers.plan_absence", is_admin | (is_lead & leads) | (may_decide & is_own_profile))
rules.add_perm("managers.change_absence", is_admin | (is_lead & leads_absent) | (may_decide & is_own_absence))
rules.add_perm("managers.end_absence", is_admin | (is_lead & leads_absent) | (may_decide & is_own_absence))
rules.add_perm("managers.delete_absence", is_admin | (is_lead & leads_absent) | (may_decide & is_own_absence))
