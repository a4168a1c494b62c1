from interactions.api.serializers.concern import AdvanceInput, ConcernSerializer, KnownConcernSerializer
from interactions.api.serializers.interaction import (
    InteractionSerializer,
    KnownInteractionSerializer,
    NewInteractionSerializer,
)
from interactions.api.serializers.reminder import (
    DeliveryChoiceSerializer,
    NewReminderChoiceSerializer,
    NewReminderSerializer,
    ReminderChoiceSerializer,
    ReminderRuleSerializer,
    ReminderSerializer,
    SnoozeInput,
)
from interactions.api.serializers.survey import (
    NewSurveySerializer,
    ScoreSerializer,
    SendInput,
    SurveyInvitationSerializer,
    SurveyResponseSerializer,
    SurveySerializer,
    TestInput,
)
from interactions.api.serializers.task import (
    ChangeTaskSerializer,
    DropTaskInput,
    NewTaskSerializer,
    ReassignTaskInput,
    TaskSerializer,
)

__all__ = [
    "AdvanceInput",
    "ChangeTaskSerializer",
    "ConcernSerializer",
    "DeliveryChoiceSerializer",
    "DropTaskInput",
    "InteractionSerializer",
    "KnownConcernSerializer",
    "KnownInteractionSerializer",
    "NewInteractionSerializer",
    "NewReminderChoiceSerializer",
    "NewReminderSerializer",
    "NewSurveySerializer",
    "NewTaskSerializer",
    "ReassignTaskInput",
    "ReminderChoiceSerializer",
    "ReminderRuleSerializer",
    "ReminderSerializer",
    "ScoreSerializer",
    "SendInput",
    "SnoozeInput",
    "SurveyInvitationSerializer",
    "SurveyResponseSerializer",
    "SurveySerializer",
    "TaskSerializer",
    "TestInput",
]
