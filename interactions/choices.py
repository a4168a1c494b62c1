from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.risk import DETRACTOR_NPS, POOR_CSAT


class InteractionKind(TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")
    CHAT = "chat", _("Chat")
    NOTE = "note", _("Note")
    TICKET = "ticket", _("Ticket")


# A meeting that was held is two-way whatever its direction says.
HELD_TOGETHER = (InteractionKind.MEETING, InteractionKind.VISIT)


class Direction(TextChoices):
    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")
    BOTH = "both", _("Both ways")


class Hat(TextChoices):
    """The role that the account manager wore: the duty is a mix of all five."""

    SALES = "sales", _("Sales")
    SERVICE = "service", _("Service")
    TECHNICAL = "technical", _("Technical")
    FINANCIAL = "financial", _("Financial")
    RELATIONS = "relations", _("Relations")


class Sentiment(TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", pgettext_lazy("sentiment", "Neutral")
    NEGATIVE = "negative", _("Negative")


class Priority(TextChoices):
    LOW = "low", pgettext_lazy("priority", "Low")
    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    HIGH = "high", pgettext_lazy("priority", "High")
    URGENT = "urgent", pgettext_lazy("priority", "Urgent")


class TaskStatus(TextChoices):
    OPEN = "open", pgettext_lazy("task status", "Open")
    DONE = "done", pgettext_lazy("task status", "Done")
    DROPPED = "dropped", pgettext_lazy("task status", "Dropped")


class TaskSource(TextChoices):
    """What opened a task, when it was not a person."""

    DETRACTOR = "detractor", _("Low satisfaction score")
    ESCALATION = "escalation", _("Low satisfaction score without a call")


class WorkingDays(TextChoices):
    """What a repeating task does about days off: weekends and holidays of the organization's calendar."""

    ANY = "", _("Falls on any day")
    NEXT = "next", _("Moves to the next working day")
    PREVIOUS = "previous", _("Moves to the working day before")
    ONLY = "only", _("Counts working days only")


class DueBucket(TextChoices):
    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Today")
    WEEK = "week", _("Next 7 days")
    LATER = "later", _("Later")
    NONE = "none", _("No due date")


class ReminderChannel(TextChoices):
    IN_APP = "in_app", _("In Rafiq")
    EMAIL = "email", _("By e-mail")
    BOTH = "both", _("In Rafiq and by e-mail")


class ReminderState(TextChoices):
    DUE = "due", pgettext_lazy("reminder", "Due")
    SNOOZED = "snoozed", pgettext_lazy("reminder", "Snoozed")
    UPCOMING = "upcoming", pgettext_lazy("reminder", "Upcoming")
    DONE = "done", pgettext_lazy("reminder", "Done")
    DISMISSED = "dismissed", pgettext_lazy("reminder", "Dismissed")
    WITHDRAWN = "withdrawn", pgettext_lazy("reminder", "Withdrawn")


class NotificationKind(TextChoices):
    REMINDER = "reminder", _("Reminder")
    DETRACTOR = "detractor", _("Low satisfaction score")
    ESCALATION = "escalation", _("Low satisfaction score without a call")


class ConcernKind(TextChoices):
    SUPPORT = "support", _("Support")
    TECHNICAL = "technical", _("Technical")
    BILLING = "billing", _("Billing")
    RELATIONSHIP = "relationship", _("Relationship")
    REPUTATION = "reputation", _("Reputation")


class Severity(TextChoices):
    LOW = "low", pgettext_lazy("severity", "Low")
    NORMAL = "normal", pgettext_lazy("severity", "Normal")
    HIGH = "high", pgettext_lazy("severity", "High")
    CRITICAL = "critical", pgettext_lazy("severity", "Critical")


class ConcernState(TextChoices):
    OPEN = "open", pgettext_lazy("concern state", "Open")
    PLAN = "plan", pgettext_lazy("concern state", "Planned")
    WORKING = "working", pgettext_lazy("concern state", "In progress")
    RESOLVED = "resolved", pgettext_lazy("concern state", "Resolved")
    LOST = "lost", pgettext_lazy("concern state", "Lost")


OPEN_CONCERN_STATES = (ConcernState.OPEN, ConcernState.PLAN, ConcernState.WORKING)


class Scale(TextChoices):
    NPS = "nps", _("NPS")
    CSAT = "csat", _("CSAT")
    CES = "ces", _("CES")


# Lowest and highest value of each scale, both allowed.
SCALE_RANGES: dict[str, tuple[int, int]] = {Scale.NPS: (0, 10), Scale.CSAT: (1, 5), Scale.CES: (1, 7)}


# What the lowest and the highest value say, in words.
SCALE_ENDS: dict[str, tuple[Any, Any]] = {
    Scale.NPS: (_("0 – not at all likely"), _("10 – extremely likely")),
    Scale.CSAT: (_("1 – very dissatisfied"), _("5 – very satisfied")),
    Scale.CES: (_("1 – very difficult"), _("7 – very easy")),
}


class AnswerGroup(TextChoices):
    """What an answer means, on any scale."""

    GOOD = "good", pgettext_lazy("answers", "Good")
    MIDDLE = "middle", pgettext_lazy("answers", "In between")
    POOR = "poor", pgettext_lazy("answers", "Poor")


# The lowest and the highest value of each group. A poor answer is followed up; what it means for the risk of losing a
# client stands in ``clients.risk``. Sources: Reichheld 2003 (NPS); top two of five (CSAT); agreement with CES 2.0,
# Dixon, Toman and DeLisi 2013 (CES).
SCALE_GROUPS: dict[str, dict[str, tuple[int, int]]] = {
    Scale.NPS: {
        AnswerGroup.GOOD: (9, 10),
        AnswerGroup.MIDDLE: (DETRACTOR_NPS + 1, 8),
        AnswerGroup.POOR: (0, DETRACTOR_NPS),
    },
    Scale.CSAT: {
        AnswerGroup.GOOD: (4, 5),
        AnswerGroup.MIDDLE: (POOR_CSAT + 1, 3),
        AnswerGroup.POOR: (1, POOR_CSAT),
    },
    Scale.CES: {AnswerGroup.GOOD: (5, 7), AnswerGroup.MIDDLE: (4, 4), AnswerGroup.POOR: (1, 3)},
}

# The same groups by the names that each scale gives them.
GROUP_NAMES: dict[str, dict[str, Any]] = {
    Scale.NPS: {
        AnswerGroup.GOOD: _("Promoters"),
        AnswerGroup.MIDDLE: _("Passives"),
        AnswerGroup.POOR: _("Detractors"),
    },
    Scale.CSAT: {
        AnswerGroup.GOOD: _("Satisfied"),
        AnswerGroup.MIDDLE: pgettext_lazy("answers", "Neutral"),
        AnswerGroup.POOR: _("Dissatisfied"),
    },
    Scale.CES: {
        AnswerGroup.GOOD: _("Easy"),
        AnswerGroup.MIDDLE: _("Neither easy nor difficult"),
        AnswerGroup.POOR: _("Difficult"),
    },
}


def answer_group(scale: str, value: int) -> str:
    """Which ``AnswerGroup`` an answer belongs to."""
    return next(group for group, (low, high) in SCALE_GROUPS[scale].items() if low <= value <= high)


class InvitationStatus(TextChoices):
    QUEUED = "queued", pgettext_lazy("survey invitation", "Queued")
    SENDING = "sending", pgettext_lazy("survey invitation", "Sending")
    SENT = "sent", pgettext_lazy("survey invitation", "Sent")
    OPENED = "opened", pgettext_lazy("survey invitation", "Opened")
    ANSWERED = "answered", pgettext_lazy("survey invitation", "Answered")
    EXPIRED = "expired", pgettext_lazy("survey invitation", "Expired")
    BOUNCED = "bounced", pgettext_lazy("survey invitation", "Bounced")
    SUPPRESSED = "suppressed", pgettext_lazy("survey invitation", "Not sent: unsubscribed")
    CANCELLED = "cancelled", pgettext_lazy("survey invitation", "Not sent: campaign stopped")


# Nobody has answered, and somebody still can or will be able to.
UNANSWERED_STATUSES = (
    InvitationStatus.QUEUED,
    InvitationStatus.SENDING,
    InvitationStatus.SENT,
    InvitationStatus.OPENED,
)


class CampaignStatus(TextChoices):
    """A stopped campaign sends nothing more for ever; a paused one goes on where it was."""

    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    PAUSED = "paused", pgettext_lazy("campaign", "Paused")
    STOPPED = "stopped", pgettext_lazy("campaign", "Stopped")
    FINISHED = "finished", pgettext_lazy("campaign", "Finished")


class CampaignPause(TextChoices):
    """What paused a campaign when it was not a person."""

    BOUNCES = "bounces", _("Too many addresses do not exist")
    COMPLAINTS = "complaints", _("Too many recipients complained")


class ScoreSource(TextChoices):
    SURVEY = "survey", _("Survey")
    TICKET = "ticket", _("Ticket rating")
    IMPORT = "import", _("Import")
