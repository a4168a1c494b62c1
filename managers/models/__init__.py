from managers.models.absence import Absence
from managers.models.manager import AccountManager
from managers.models.reporting_line import ReportingLine
from managers.models.team import Team

__all__ = ["Absence", "AccountManager", "ReportingLine", "Team"]
