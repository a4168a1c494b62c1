from interactions.api.views.campaign import CampaignViewSet
from interactions.api.views.concern import ConcernViewSet
from interactions.api.views.interaction import InteractionViewSet
from interactions.api.views.reminder import (
    DeliveryChoiceViewSet,
    ReminderChoiceViewSet,
    ReminderRuleViewSet,
    ReminderViewSet,
)
from interactions.api.views.survey import (
    ScoreViewSet,
    SurveyInvitationViewSet,
    SurveyResponseViewSet,
    SurveyViewSet,
)
from interactions.api.views.task import TaskViewSet

__all__ = [
    "CampaignViewSet",
    "ConcernViewSet",
    "DeliveryChoiceViewSet",
    "InteractionViewSet",
    "ReminderChoiceViewSet",
    "ReminderRuleViewSet",
    "ReminderViewSet",
    "ScoreViewSet",
    "SurveyInvitationViewSet",
    "SurveyResponseViewSet",
    "SurveyViewSet",
    "TaskViewSet",
]
