"""A client's problems, from opening to resolved or lost."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.models import Client
from clients.services import writing
from interactions.choices import ConcernKind, ConcernState, Severity
from interactions.exceptions import ConcernClosed
from interactions.models import Concern, ConcernPeriod
from interactions.services.rollups import refresh_critical_concerns
from interactions.signals import concern_opened, concern_resolved

STEPS: dict[str, tuple[str, ...]] = {
    ConcernState.OPEN: (ConcernState.PLAN, ConcernState.WORKING),
    ConcernState.PLAN: (ConcernState.WORKING,),
    ConcernState.WORKING: (ConcernState.PLAN,),
}


@transaction.atomic
def open_concern(
    *,
    actor: Membership | None,
    client: Client,
    title: str,
    kind: str = ConcernKind.SUPPORT,
    severity: str = Severity.NORMAL,
    detail: str = "",
    mrr_at_stake_minor: int | None = None,
    currency: str = "",
    opened_at: datetime | None = None,
) -> Concern:
    """Open a concern. A critical one puts the client at risk at once."""
    concern = Concern(
        client=client,
        title=title.strip(),
        kind=kind,
        severity=severity,
        detail=detail,
        mrr_at_stake_minor=mrr_at_stake_minor,
        currency=currency or writing.currency_for(actor, client),
        opened_at=opened_at or timezone.now(),
    )
    writing.add(actor=actor, client=client, obj=concern, verb="opened")
    ConcernPeriod.objects.create(concern=concern, state=concern.state, from_at=concern.opened_at)
    refresh_critical_concerns(client)
    concern_opened.send(Concern, concern=concern, actor=actor)
    return concern


@transaction.atomic
def change_concern(*, actor: Membership | None, concern: Concern, version: int | None = None, **fields: Any) -> Concern:
    """Change what a concern says; its state has verbs of its own."""
    if fields.keys() & {"state", "resolved_at"}:
        raise TypeError("The state changes through advance, resolve, lose and reopen_concern.")
    changed = writing.change(actor=actor, client=concern.client, obj=concern, version=version, **fields)
    refresh_critical_concerns(changed.client)
    return changed


@transaction.atomic
def advance_concern(*, actor: Membership | None, concern: Concern, state: str, version: int | None = None) -> Concern:
    """Take an open concern to its plan or into work."""
    row = changes.lock(concern, version=version)
    if state not in STEPS.get(row.state, ()):
        raise ConcernClosed(
            _("A concern that is “%(from)s” cannot become “%(to)s”.")
            % {"from": row.get_state_display(), "to": ConcernState(state).label}
        )
    return _move(actor, row, state, verb="advanced")


@transaction.atomic
def resolve_concern(*, actor: Membership | None, concern: Concern, version: int | None = None) -> Concern:
    """The client's problem is solved."""
    return _close(actor, concern, ConcernState.RESOLVED, version, verb="resolved")


@transaction.atomic
def lose_concern(*, actor: Membership | None, concern: Concern, version: int | None = None) -> Concern:
    """The problem ends unsolved; the client lives with it, or left."""
    return _close(actor, concern, ConcernState.LOST, version, verb="lost")


@transaction.atomic
def reopen_concern(*, actor: Membership | None, concern: Concern, version: int | None = None) -> Concern:
    row = changes.lock(concern, version=version)
    if row.is_open:
        raise ConcernClosed(_("“%(concern)s” is open already.") % {"concern": row})
    return _move(actor, row, ConcernState.OPEN, verb="reopened")


@transaction.atomic
def archive_concern(*, actor: Membership | None, concern: Concern, version: int | None = None) -> Concern:
    archived = writing.archive(actor=actor, client=concern.client, obj=concern, version=version)
    refresh_critical_concerns(archived.client)
    return archived


@transaction.atomic
def restore_concern(*, actor: Membership | None, concern: Concern, version: int | None = None) -> Concern:
    restored = writing.restore(actor=actor, client=concern.client, obj=concern, version=version)
    refresh_critical_concerns(restored.client)
    return restored


def _close(actor: Membership | None, concern: Concern, state: str, version: int | None, *, verb: str) -> Concern:
    row = changes.lock(concern, version=version)
    if not row.is_open:
        raise ConcernClosed(
            _("“%(concern)s” is closed already (%(state)s). Reopen it first.")
            % {"concern": row, "state": row.get_state_display()}
        )
    closed = _move(actor, row, state, verb=verb)
    concern_resolved.send(Concern, concern=closed, actor=actor)
    return closed


def _move(actor: Membership | None, concern: Concern, state: str, *, verb: str) -> Concern:
    now = timezone.now()
    is_closing = state in (ConcernState.RESOLVED, ConcernState.LOST)
    moved = writing.change(
        actor=actor, client=concern.client, obj=concern, verb=verb, state=state, resolved_at=now if is_closing else None
    )
    concern.periods.filter(until_at__isnull=True).update(until_at=now)
    ConcernPeriod.objects.create(concern=concern, state=state, from_at=now)
    refresh_critical_concerns(moved.client)
    return moved
