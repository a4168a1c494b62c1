"""What the business of interactions refuses."""

from accounts.exceptions import DomainError


class TaskClosed(DomainError):
    """The task is not open any more."""


class ConcernClosed(DomainError):
    """The concern was resolved or lost, or the step is not one of its state."""


class SurveyRefused(DomainError):
    """This contact cannot be asked now; the message says why."""


class SurveyClosed(DomainError):
    """The link takes no answer: expired, withdrawn, or its answer can no longer be changed. A page answers 410."""


class ReminderClosed(DomainError):
    """The reminder was cancelled, or its task is closed."""


class CampaignClosed(DomainError):
    """The campaign is not in a state in which this can be done; the message says why."""
