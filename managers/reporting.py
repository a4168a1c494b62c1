"""Who stands below whom, and which managers' clients a member sees.

Plain SQL over table names: one statement per member, and no model is imported, because querysets and rules ask here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import current_organization_id

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Membership

_MANAGER = "managers_accountmanager"
_ABSENCE = "managers_absence"
_MEMBER = "accounts_membership"

# UNION, not UNION ALL: the walk ends even if a cycle were ever stored.
_SUBTREE = f"""
WITH RECURSIVE below (id) AS (
    SELECT id FROM {_MANAGER} WHERE organization_id = %(organization)s AND id = %(root)s
  UNION
    SELECT manager.id FROM {_MANAGER} manager JOIN below ON manager.reports_to_id = below.id
     WHERE manager.organization_id = %(organization)s
)
SELECT id FROM below
"""

_OWN = f"""
me AS (
    SELECT id, reports_to_id FROM {_MANAGER}
     WHERE organization_id = %(organization)s AND member_id = %(member)s AND left_on IS NULL AND archived_at IS NULL
),
covered AS (
    SELECT absence.manager_id AS id FROM {_ABSENCE} absence JOIN me ON absence.substitute_id = me.id
     WHERE absence.organization_id = %(organization)s AND absence.archived_at IS NULL
       AND absence.from_on <= %(today)s AND absence.until_on >= %(today)s
)
"""

_LEAD = f"""
WITH RECURSIVE {_OWN},
line (id) AS (
    SELECT id FROM me
  UNION
    SELECT manager.id FROM {_MANAGER} manager JOIN covered ON covered.id = manager.id
      JOIN {_MEMBER} member ON member.id = manager.member_id AND member.organization_id = manager.organization_id
     WHERE manager.organization_id = %(organization)s AND member.role = '{Role.LEAD}'
  UNION
    SELECT manager.id FROM {_MANAGER} manager JOIN line ON manager.reports_to_id = line.id
     WHERE manager.organization_id = %(organization)s
)
SELECT id, 'own' FROM me UNION SELECT id, 'covered' FROM covered UNION SELECT id, 'below' FROM line
"""

_MANAGER_ALONE = f"WITH {_OWN} SELECT id, 'own' FROM me UNION SELECT id, 'covered' FROM covered"

_ASSOCIATE = f"{_MANAGER_ALONE} UNION SELECT reports_to_id, 'above' FROM me WHERE reports_to_id IS NOT NULL"

_BY_ROLE = {Role.LEAD: _LEAD, Role.MANAGER: _MANAGER_ALONE, Role.ASSOCIATE: _ASSOCIATE}


@dataclass(frozen=True)
class Portfolio:
    """Whose clients a member sees. ``ids`` is None when the member sees every client."""

    own: UUID | None
    covered: frozenset[UUID]
    ids: tuple[UUID, ...] | None


def portfolio_of(member: "Membership") -> Portfolio:
    """One statement, kept on the member: members live as long as a request or a job."""
    today = timezone.localdate()
    kept: tuple[date, Portfolio] | None = member.__dict__.get("_portfolio")
    if kept is None or kept[0] != today:
        kept = member.__dict__["_portfolio"] = (today, _read_portfolio(member, today))
    return kept[1]


def portfolio_ids(member: "Membership") -> tuple[UUID, ...] | None:
    """Managers whose clients ``member`` sees, or None for everybody's.

    A lead: everyone below, at any depth, and themselves. A manager: themselves. An associate: also the manager they
    report to. All of them: those they cover for today; covering for a lead, a lead sees that lead's people too.
    """
    if member.role not in _BY_ROLE:
        return None
    return portfolio_of(member).ids


def own_manager_id(member: "Membership") -> UUID | None:
    """The member's own account manager's profile, if there is one in service."""
    return portfolio_of(member).own


def covered_manager_ids(member: "Membership") -> frozenset[UUID]:
    """Managers for whom the member stands in today."""
    return portfolio_of(member).covered


def forget_portfolio(member: "Membership") -> None:
    """Read it afresh next time; services that move people call it for their actor."""
    member.__dict__.pop("_portfolio", None)


def subtree_ids(manager_id: UUID) -> list[UUID]:
    """The manager and everyone below, at any depth."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"organization": current_organization_id(required=True), "root": manager_id})
        return [row[0] for row in cursor.fetchall()]


def _read_portfolio(member: "Membership", today: "date") -> Portfolio:
    sees_all = member.role not in _BY_ROLE
    sql = _MANAGER_ALONE if sees_all else _BY_ROLE[Role(member.role)]
    organization = current_organization_id(required=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": organization, "member": member.pk, "today": today})
        rows = cursor.fetchall()
    own = next((pk for pk, how in rows if how == "own"), None)
    covered = frozenset(pk for pk, how in rows if how == "covered")
    ids = None if sees_all else tuple(sorted({pk for pk, _how in rows}))
    return Portfolio(own=own, covered=covered, ids=ids)
