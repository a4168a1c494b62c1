"""The kinds of this house. Others (promises, concerns, renewals) register theirs the same way."""

from interactions.reminders.kinds import anniversaries, contracts, opportunities, silence, tasks
from interactions.reminders.registry import register_kind

for kind in (
    tasks.TASK_DUE,
    contracts.NOTICE_DEADLINE,
    contracts.CONTRACT_END,
    opportunities.OPPORTUNITY_OVERDUE,
    silence.SILENCE,
    anniversaries.ANNIVERSARY,
):
    register_kind(kind)
