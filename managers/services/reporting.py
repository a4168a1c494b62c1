from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from managers.exceptions import ManagerHasLeft, ReportingCycle
from managers.models import AccountManager, ReportingLine
from managers.queries.reporting import forget_portfolio, subtree_ids


@transaction.atomic
def set_reports_to(
    *,
    actor: Membership | None,
    manager: AccountManager,
    reports_to: AccountManager | None,
    version: int | None = None,
) -> AccountManager:
    """Put a manager below another one, or at the top, from today; the line until yesterday is kept.

    Two changes at once could close a circle that neither sees, so the organization's lines change one at a time.
    """
    if reports_to is not None:
        _lock_lines()
        if reports_to.has_left:
            raise ManagerHasLeft(
                _("%(name)s has left, so nobody can report to them. Choose somebody in service.")
                % {"name": reports_to.name}
            )
        if reports_to.pk in subtree_ids(manager.pk):
            raise ReportingCycle(
                _("%(superior)s stands below %(name)s, so %(name)s cannot report to them. Move %(superior)s first.")
                % {"superior": reports_to.name, "name": manager.name}
            )
    changed = changes.change(actor=actor, obj=manager, version=version, verb="moved", reports_to=reports_to)
    if changed.version != manager.version or not changed.reporting_lines.open().exists():
        _continue_line(changed)
    if actor is not None:
        forget_portfolio(actor)
    return changed


def _lock_lines() -> None:
    """Hold every manager's row until the transaction ends: an organization has hundreds of them at most."""
    list(AccountManager.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _continue_line(manager: AccountManager) -> None:
    today = timezone.localdate()
    open_lines = ReportingLine.objects.open().filter(manager=manager)
    if open_lines.filter(reports_to=manager.reports_to).exists():
        return
    if not open_lines.filter(from_on=today).update(reports_to=manager.reports_to):
        open_lines.update(until_on=today)
        ReportingLine.objects.create(manager=manager, reports_to=manager.reports_to, from_on=today)
