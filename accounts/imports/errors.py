"""Two ways to say no: the whole import, or one row. Both are sentences for the person who runs it."""

import difflib
from collections.abc import Sequence

LISTED = 30


class ImportStopped(Exception):
    """The import cannot start or go on. The message says what is wrong, where, and how to mend it."""


class Refused(Exception):
    """One row, or one value of it, cannot be taken. The rest of the file goes on."""

    def __init__(self, why: str, *, column: str = "", value: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.column = column
        self.value = value


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint with the nearest known word, or the known words when none is near; ends an error's sentence."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean “{near[0]}”?"
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return f"Known are: {', '.join(known[:LISTED])}{more}."
