"""Which kinds are on, for the organization and for each member."""

import uuid
from collections.abc import Iterable
from datetime import date

from interactions.models import ReminderChoice, ReminderRule
from interactions.reminders.registry import ReminderKind, kinds

# What a page posts for a kind that somebody does not want.
NOT_AT_ALL = "off"


def rules_in_force(today: date) -> dict[str, ReminderRule]:
    """A rule for every kind. One that the organization never touched begins today, with what is usual."""
    stored = {rule.kind: rule for rule in ReminderRule.objects.all()}
    missing = [usual_rule(kind, today) for kind in kinds() if kind.name not in stored]
    if missing:
        ReminderRule.objects.bulk_create(missing, ignore_conflicts=True)
        stored = {rule.kind: rule for rule in ReminderRule.objects.all()}
    return {kind.name: stored[kind.name] for kind in kinds()}


def usual_rule(kind: ReminderKind, today: date) -> ReminderRule:
    return ReminderRule(
        kind=kind.name,
        lead_days=list(kind.leads),
        channel=kind.channel,
        is_urgent=kind.is_urgent,
        started_on=today,
    )


class Choices:
    """What members chose about kinds, read once for a turn."""

    def __init__(self, member_ids: Iterable[uuid.UUID]) -> None:
        rows = ReminderChoice.objects.filter(member__in=set(member_ids))
        self._chosen = {(row.member_id, row.kind): row for row in rows}

    def channel(self, member_id: uuid.UUID, rule: ReminderRule) -> str | None:
        """How the member is told; None when they, or the organization, want nothing of the kind."""
        choice = self._chosen.get((member_id, rule.kind))
        if not rule.is_on or (choice is not None and not choice.is_on):
            return None
        return (choice and choice.channel) or rule.channel
