"""How a task repeats: the rules that we offer, a part of RFC 5545, and the days that they name. No tables, no clock."""

from interactions.recurrence.days import Occurrence, first_open, occurrences
from interactions.recurrence.rule import Frequency, InvalidRule, Rule, first_day, parse
from interactions.recurrence.words import in_words

__all__ = [
    "Frequency",
    "InvalidRule",
    "Occurrence",
    "Rule",
    "first_day",
    "first_open",
    "in_words",
    "occurrences",
    "parse",
]
