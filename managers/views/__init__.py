from managers.views.absences import AbsenceAddView, AbsenceEndView
from managers.views.managers import (
    ManagerAddView,
    ManagerChangeView,
    ManagerDetailView,
    ManagerLeaveView,
    ManagerListView,
)
from managers.views.teams import (
    TeamAddView,
    TeamArchiveView,
    TeamChangeView,
    TeamDetailView,
    TeamListView,
    TeamRestoreView,
)

__all__ = [
    "AbsenceAddView",
    "AbsenceEndView",
    "ManagerAddView",
    "ManagerChangeView",
    "ManagerDetailView",
    "ManagerLeaveView",
    "ManagerListView",
    "TeamAddView",
    "TeamArchiveView",
    "TeamChangeView",
    "TeamDetailView",
    "TeamListView",
    "TeamRestoreView",
]
