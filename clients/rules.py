"""Who may do what with clients and what hangs on them.

Asked without an object, a rule says whether the role may do it at all. Asked with one, it also checks that the client
is in the member's portfolio; that costs a statement only when the main manager is not the one who matters.
"""

from typing import Any

import rules

from accounts.choices import Role
from accounts.rules import is_admin, is_lead, is_member, is_writer, may_assign, may_decide
from managers.queries.reporting import portfolio_ids


def looks_after(member: Any, client: Any) -> bool:
    """The client is in the member's portfolio, or a lead finds it with nobody."""
    portfolio = portfolio_ids(member)
    if portfolio is None or client.main_manager_id in portfolio:
        return True
    if member.role == Role.LEAD and client.main_manager_id is None:
        return True
    return bool(client.assignments.current().filter(manager__in=portfolio).exists())


@rules.predicate
def looks_after_client(member: Any, obj: Any) -> bool:
    """``obj`` is a client or a row that belongs to one."""
    return obj is None or looks_after(member, obj if hasattr(obj, "main_manager_id") else obj.client)


@rules.predicate
def leads_client(member: Any, obj: Any) -> bool:
    return bool(member.role == Role.LEAD) and looks_after_client(member, obj)


works_on_client = is_writer & looks_after_client
decides_on_client = may_decide & looks_after_client
assigns_client = is_admin | leads_client

rules.add_perm("clients.view_client", is_member)
rules.add_perm("clients.export_client", is_member)
rules.add_perm("clients.add_client", may_decide)
for verb in ("change", "archive", "restore", "delete", "tag", "untag", "record_churn"):
    rules.add_perm(f"clients.{verb}_client", decides_on_client)
for verb in ("assign", "unassign", "reassign"):
    rules.add_perm(f"clients.{verb}_client", assigns_client)

rules.add_perm("clients.view_assignment", is_member)
for verb in ("add", "change", "delete"):
    rules.add_perm(f"clients.{verb}_assignment", assigns_client)

rules.add_perm("clients.view_contact", is_member)
for verb in ("add", "change", "archive", "restore", "delete"):
    rules.add_perm(f"clients.{verb}_contact", works_on_client)

for noun in ("contract", "contractline"):
    rules.add_perm(f"clients.view_{noun}", is_member)
    for verb in ("add", "change", "archive", "restore", "delete", "end"):
        rules.add_perm(f"clients.{verb}_{noun}", decides_on_client)

rules.add_perm("clients.view_opportunity", is_member)
for verb in ("add", "change", "move", "win", "lose", "reopen", "archive", "restore", "delete"):
    rules.add_perm(f"clients.{verb}_opportunity", decides_on_client)

for noun in ("churnevent", "measure"):
    rules.add_perm(f"clients.view_{noun}", is_member)
    rules.add_perm(f"clients.add_{noun}", decides_on_client)

rules.add_perm("clients.view_product", is_member)
for verb in ("add", "change", "archive", "restore", "delete"):
    rules.add_perm(f"clients.{verb}_product", is_admin | is_lead)

rules.add_perm("clients.view_tag", is_member)
rules.add_perm("clients.add_tag", may_decide)
for verb in ("change", "delete"):
    rules.add_perm(f"clients.{verb}_tag", may_assign)
