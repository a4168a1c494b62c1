from accounts.exceptions import DomainError


class ReportingCycle(DomainError):
    """Somebody would report to themselves, directly or through others."""


class ManagerHasLeft(DomainError):
    """The account manager is no longer in service."""


class AlreadyManager(DomainError):
    """The member has an account manager's profile already."""


class AbsenceOverlaps(DomainError):
    """The manager, or the substitute, is away at that time."""


class TeamInUse(DomainError):
    """Managers still belong to the team."""
