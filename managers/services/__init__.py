"""What can be done with account managers, teams and absences. Every verb takes ``actor`` first; None is the clock."""

from managers.services.absences import cancel_absence, change_absence, end_absence, plan_absence
from managers.services.managers import appoint_manager, change_manager, move_to_team, remove_manager
from managers.services.reporting import set_reports_to
from managers.services.teams import add_team, archive_team, change_team, restore_team

__all__ = [
    "add_team",
    "appoint_manager",
    "archive_team",
    "cancel_absence",
    "change_absence",
    "change_manager",
    "change_team",
    "end_absence",
    "move_to_team",
    "plan_absence",
    "remove_manager",
    "restore_team",
    "set_reports_to",
]
