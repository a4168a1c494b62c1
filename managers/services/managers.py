from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from managers.exceptions import AlreadyManager, ManagerHasLeft
from managers.models import AccountManager, ReportingLine, Team
from managers.services.reporting import set_reports_to
from managers.signals import manager_leaving


@transaction.atomic
def appoint_manager(
    *,
    actor: Membership | None,
    name: str = "",
    member: Membership | None = None,
    reports_to: AccountManager | None = None,
    **profile: Any,
) -> AccountManager:
    """Give somebody an account manager's profile; a member who left one behind gets it back, history and all.

    ``profile``: email, title, level, team, fte, weekly_hours, hourly_cost_minor, skills, languages, qualifications,
    city.
    """
    if member is not None:
        profile.setdefault("email", member.user.email)
        former = AccountManager.objects.filter(member=member).first()
        if former is not None:
            return _reappoint(actor=actor, former=former, reports_to=reports_to, name=name or str(member), **profile)
    manager = changes.add(
        actor=actor,
        obj=AccountManager(name=name or str(member or ""), member=member, **profile),
        verb="appointed",
    )
    ReportingLine.objects.create(manager=manager, reports_to=None, from_on=timezone.localdate())
    return set_reports_to(actor=actor, manager=manager, reports_to=reports_to) if reports_to else manager


def _reappoint(
    *, actor: Membership | None, former: AccountManager, reports_to: AccountManager | None, **profile: Any
) -> AccountManager:
    if not former.has_left:
        raise AlreadyManager(
            _("%(name)s is an account manager already. Change that profile instead.") % {"name": former.name}
        )
    manager = changes.change(actor=actor, obj=former, verb="restored", archived_at=None, left_on=None, **profile)
    return set_reports_to(actor=actor, manager=manager, reports_to=reports_to)


@transaction.atomic
def change_manager(
    *, actor: Membership | None, manager: AccountManager, version: int | None = None, **profile: Any
) -> AccountManager:
    """Change the profile. Whom they report to is ``set_reports_to``, so that the history is kept."""
    refuse_left(manager)
    if "reports_to" in profile:
        manager = set_reports_to(actor=actor, manager=manager, reports_to=profile.pop("reports_to"), version=version)
        version = None
    return changes.change(actor=actor, obj=manager, version=version, **profile)


def move_to_team(
    *, actor: Membership | None, manager: AccountManager, team: Team | None, version: int | None = None
) -> AccountManager:
    refuse_left(manager)
    return changes.change(actor=actor, obj=manager, version=version, verb="moved", team=team)


@transaction.atomic
def remove_manager(
    *, actor: Membership | None, manager: AccountManager, on: date | None = None, version: int | None = None
) -> AccountManager:
    """Take a manager out of service: clients are released, reports move up one step, absences that lie ahead fall.

    Whoever depends on the manager reacts to ``manager_leaving``, or refuses. The profile stays for the history.
    """
    refuse_left(manager)
    manager = changes.lock(manager, version=version)
    manager_leaving.send(AccountManager, manager=manager, actor=actor)
    for report in AccountManager.objects.filter(reports_to=manager):
        set_reports_to(actor=actor, manager=report, reports_to=manager.reports_to)
    today = timezone.localdate()
    for absence in (manager.absences.all() | manager.covers.all()).filter(archived_at=None, until_on__gte=today):
        changes.archive(actor=actor, obj=absence)
    set_reports_to(actor=actor, manager=manager, reports_to=None)
    return changes.change(actor=actor, obj=manager, verb="archived", left_on=on or today, archived_at=timezone.now())


def refuse_left(manager: AccountManager) -> None:
    if manager.has_left:
        raise ManagerHasLeft(_("%(name)s has left. Choose a manager who is still in service.") % {"name": manager.name})
