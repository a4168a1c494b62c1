from interactions.api.serializers.concern import AdvanceInput, ConcernSerializer, KnownConcernSerializer
from interactions.api.serializers.interaction import (
    InteractionSerializer,
    KnownInteractionSerializer,
    NewInteractionSerializer,
)
from interactions.api.serializers.survey import (
    NewSurveySerializer,
    ScoreSerializer,
    SendInput,
    SurveyInvitationSerializer,
    SurveySerializer,
)
from interactions.api.serializers.task import (
    ChangeTaskSerializer,
    DropTaskInput,
    NewTaskSerializer,
    ReassignTaskInput,
    ReminderSerializer,
    SnoozeInput,
    TaskSerializer,
)

__all__ = [
    "AdvanceInput",
    "ChangeTaskSerializer",
    "ConcernSerializer",
    "DropTaskInput",
    "InteractionSerializer",
    "KnownConcernSerializer",
    "KnownInteractionSerializer",
    "NewInteractionSerializer",
    "NewSurveySerializer",
    "NewTaskSerializer",
    "ReassignTaskInput",
    "ReminderSerializer",
    "ScoreSerializer",
    "SendInput",
    "SnoozeInput",
    "SurveyInvitationSerializer",
    "SurveySerializer",
    "TaskSerializer",
]
