from interactions.api.views.concern import ConcernViewSet
from interactions.api.views.interaction import InteractionViewSet
from interactions.api.views.survey import ScoreViewSet, SurveyInvitationViewSet, SurveyViewSet
from interactions.api.views.task import ReminderViewSet, TaskViewSet

__all__ = [
    "ConcernViewSet",
    "InteractionViewSet",
    "ReminderViewSet",
    "ScoreViewSet",
    "SurveyInvitationViewSet",
    "SurveyViewSet",
    "TaskViewSet",
]
