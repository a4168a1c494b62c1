"""Cells that a spreadsheet takes as text. A cell that starts like a formula runs when somebody opens the file."""

import re
from decimal import Decimal
from typing import Any

#: Formula starts, also behind blanks and invisible characters, full-width forms included; a quote, so that the guard
#: itself can be taken off again.
DANGEROUS = re.compile(r"^[\s\u00a0\ufeff\u200b-\u200f\u202a-\u202e\u2060]*[=+\-@\t\r\n|'＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$", re.ASCII)


def safe_cell(value: Any) -> Any:
    """``value`` as it may stand in a CSV file: a quote goes before text that starts a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if DANGEROUS.match(text) and not NUMBER.match(text) else text


def bare_cell(text: str) -> str:
    """The text that ``safe_cell`` guarded."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text[1:]) else text
