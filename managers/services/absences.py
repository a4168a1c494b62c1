from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from managers.exceptions import AbsenceOverlaps
from managers.models import Absence, AccountManager
from managers.services.managers import refuse_left


@transaction.atomic
def plan_absence(
    *,
    actor: Membership | None,
    manager: AccountManager,
    substitute: AccountManager,
    from_on: date,
    until_on: date,
    reason: str = "",
) -> Absence:
    """Say who covers for a manager, from the first day to the last. The substitute sees the clients on those days."""
    refuse_left(manager)
    refuse_left(substitute)
    absence = Absence(manager=manager, substitute=substitute, from_on=from_on, until_on=until_on, reason=reason)
    _refuse_overlap(absence)
    return changes.add(actor=actor, obj=absence, verb="planned")


@transaction.atomic
def change_absence(*, actor: Membership | None, absence: Absence, version: int | None = None, **fields: Any) -> Absence:
    """Change from_on, until_on, substitute or reason."""
    changed = changes.change(actor=actor, obj=absence, version=version, **fields)
    refuse_left(changed.substitute)
    _refuse_overlap(changed)
    return changed


def end_absence(*, actor: Membership | None, absence: Absence, version: int | None = None) -> Absence:
    """The manager is back: yesterday was the last day. An absence that has not begun is cancelled."""
    today = timezone.localdate()
    if absence.from_on >= today:
        return cancel_absence(actor=actor, absence=absence, version=version)
    last = min(absence.until_on, today - timedelta(days=1))
    return changes.change(actor=actor, obj=absence, version=version, verb="ended", until_on=last)


def cancel_absence(*, actor: Membership | None, absence: Absence, version: int | None = None) -> Absence:
    return changes.archive(actor=actor, obj=absence, version=version)


def _refuse_overlap(absence: Absence) -> None:
    """Two absences of one manager, or a substitute who is away too, would leave the clients with nobody."""
    if absence.until_on < absence.from_on:
        return  # the model's own check says this better
    around = Absence.objects.exclude(pk=absence.pk).overlapping(absence.from_on, absence.until_on)
    other = around.filter(manager=absence.manager).first()
    if other is not None:
        raise AbsenceOverlaps(
            _("%(name)s is away from %(from)s until %(until)s already. Change that absence instead.")
            % _said(other, absence.manager.name)
        )
    other = around.filter(manager=absence.substitute).first()
    if other is not None:
        raise AbsenceOverlaps(
            _("%(name)s is away from %(from)s until %(until)s. Choose another substitute.")
            % _said(other, absence.substitute.name)
        )


def _said(absence: Absence, name: str) -> dict[str, str]:
    return {"name": name, "from": date_format(absence.from_on), "until": date_format(absence.until_on)}
