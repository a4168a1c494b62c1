"""Rows that wait to be written together: a few INSERTs instead of ten thousand."""

from collections import defaultdict
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import AuditEntry
from clients.models import (
    Assignment,
    ChurnEvent,
    Client,
    ClientTag,
    Contact,
    Contract,
    ContractLine,
    LifecyclePeriod,
    Measure,
    Opportunity,
    Product,
    StagePeriod,
    Tag,
)
from interactions.models import (
    Campaign,
    Concern,
    ConcernPeriod,
    DeliveryChoice,
    Interaction,
    Notification,
    Participant,
    Reminder,
    ReminderChoice,
    ReminderRule,
    Score,
    Survey,
    SurveyAnswerVersion,
    SurveyInvitation,
    SurveyResponse,
    Task,
)
from managers.models import Absence, AccountManager, ReportingLine, Team

# Those that others point at come first.
ORDER: tuple[type[Model], ...] = (
    Team,
    AccountManager,
    ReportingLine,
    Absence,
    Product,
    Tag,
    Client,
    ClientTag,
    Contact,
    Contract,
    ContractLine,
    Assignment,
    LifecyclePeriod,
    Opportunity,
    StagePeriod,
    ChurnEvent,
    Measure,
    Interaction,
    Participant,
    Survey,
    Campaign,
    SurveyInvitation,
    SurveyResponse,
    SurveyAnswerVersion,
    Score,
    Task,
    ReminderRule,
    ReminderChoice,
    DeliveryChoice,
    Reminder,
    Notification,
    Concern,
    ConcernPeriod,
    AuditEntry,
)

Row = TypeVar("Row", bound=Model)


class Book:
    """``add`` keeps rows, ``write`` inserts what has come since the last time."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Any]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        self._rows[type(row)].append(row)
        return row

    def of(self, model: type[Row]) -> list[Row]:
        return self._rows[model]

    def write(self) -> None:
        for model in ORDER:
            model._default_manager.bulk_create(self._rows.pop(model, []), batch_size=1000)
        if self._rows:
            raise LookupError(f"No place in the order for {[model.__name__ for model in self._rows]}.")
