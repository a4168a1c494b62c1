from interactions.models.calendar_feed import CalendarFeed
from interactions.models.campaign import Campaign
from interactions.models.concern import Concern, ConcernPeriod
from interactions.models.interaction import Interaction, Participant
from interactions.models.notification import Notification
from interactions.models.reminder import DeliveryChoice, Reminder, ReminderChoice, ReminderRule
from interactions.models.score import Score
from interactions.models.survey import Survey, SurveyAnswerVersion, SurveyInvitation, SurveyResponse
from interactions.models.task import Task

__all__ = [
    "CalendarFeed",
    "Campaign",
    "Concern",
    "ConcernPeriod",
    "Interaction",
    "DeliveryChoice",
    "Notification",
    "Participant",
    "Reminder",
    "ReminderChoice",
    "ReminderRule",
    "Score",
    "Survey",
    "SurveyAnswerVersion",
    "SurveyInvitation",
    "SurveyResponse",
    "Task",
]
