"""What a reminder says, in the active language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from interactions.models import Reminder
from interactions.models.reminder import SET_BY_HAND
from interactions.reminders.registry import find_kind, kinds

BY_HAND_LABEL = _("Set by hand")
BY_HAND_ICON = "bell"


def words_of(reminder: Reminder) -> str:
    """The sentence: in the bell, in the list, in mails."""
    kind = find_kind(reminder.kind)
    return kind.words(reminder) if kind else str(reminder)


def label_of(name: str) -> Any:
    kind = find_kind(name)
    return kind.label if kind else BY_HAND_LABEL


def icon_of(name: str) -> str:
    kind = find_kind(name)
    return kind.icon if kind else BY_HAND_ICON


def kind_choices() -> list[tuple[str, Any]]:
    """Every kind by name, the ones set by hand first."""
    return [(SET_BY_HAND, BY_HAND_LABEL), *((kind.name, kind.label) for kind in kinds())]
