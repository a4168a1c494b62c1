"""What a reminder says, in the active language."""

from typing import Any
from unicodedata import bidirectional

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from interactions.models import Reminder
from interactions.models.reminder import SET_BY_HAND
from interactions.reminders.registry import find_kind, kinds

BY_HAND_LABEL = _("Set by hand")
BY_HAND_ICON = "bell"

# Marks that nobody sees.
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"


def words_of(reminder: Reminder) -> str:
    """The sentence: in the bell, in the list, in mails."""
    kind = find_kind(reminder.kind)
    return _directed(kind.words(reminder)) if kind else str(reminder)


def _directed(sentence: str) -> str:
    """A sentence that begins with a name in the other script still runs the way its language does."""
    strong = next((kind for kind in map(bidirectional, sentence) if kind in ("L", "R", "AL")), "L")
    if get_language_bidi() == (strong != "L"):
        return sentence
    return (RIGHT_TO_LEFT if get_language_bidi() else LEFT_TO_RIGHT) + sentence


def label_of(name: str) -> Any:
    kind = find_kind(name)
    return kind.label if kind else BY_HAND_LABEL


def icon_of(name: str) -> str:
    kind = find_kind(name)
    return kind.icon if kind else BY_HAND_ICON


def kind_choices() -> list[tuple[str, Any]]:
    """Every kind by name, the ones set by hand first."""
    return [(SET_BY_HAND, BY_HAND_LABEL), *((kind.name, kind.label) for kind in kinds())]
