"""Text into values. Every function returns the value or raises ``Refused`` with the reason."""

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.imports.errors import Refused

TRUE_WORDS = ("true", "t", "yes", "y", "1", "on", "نعم", "صح")
FALSE_WORDS = ("false", "f", "no", "n", "0", "off", "لا", "خطأ")

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
LARGEST_NUMBER = Decimal(2**63 - 1)

# Arabic-Indic and Persian digits, and the Arabic decimal and thousands separators.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_TOKENS = (("YYYY", "%Y"), ("YY", "%y"), ("MM", "%m"), ("DD", "%d"), ("hh", "%H"), ("mm", "%M"), ("ss", "%S"))
_PLAIN = {
    ".": re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d{1,2})?"),
    ",": re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d{1,2})?"),
}


def latin_digits(text: str) -> str:
    """Digits and separators as Python reads them; invisible direction marks, which spreadsheets leave, go."""
    return _MARKS.sub("", text).translate(_DIGITS)


def strptime_format(pattern: str) -> str:
    """``DD-MM-YYYY hh:mm`` as ``%d-%m-%Y %H:%M``; a pattern with ``%`` is taken as it is."""
    if "%" in pattern:
        return pattern
    for token, code in _TOKENS:
        pattern = pattern.replace(token, code)
    return pattern


@lru_cache(maxsize=4096)
def _moment(text: str, formats: tuple[str, ...], zone: ZoneInfo) -> datetime.datetime:
    for pattern in formats:
        try:
            if pattern == "excel":
                return datetime.datetime(1899, 12, 30, tzinfo=zone) + datetime.timedelta(days=float(text))
            if pattern in {"unix", "unix_ms"}:
                return datetime.datetime.fromtimestamp(float(text) / (1000 if pattern == "unix_ms" else 1), tz=zone)
            return datetime.datetime.strptime(text, strptime_format(pattern)).replace(tzinfo=zone)
        except (ValueError, OverflowError, OSError):
            continue
    try:
        # Without hyphens, 20240131 could as well be a number that slipped into the column.
        moment = datetime.datetime.fromisoformat(text) if "-" in text else None
    except ValueError:
        moment = None
    if moment is None:
        raise Refused(f"is not a date; expected {' or '.join([*formats, 'YYYY-MM-DD'])}")
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_local(text: str, formats: Sequence[str], zone: ZoneInfo) -> datetime.datetime:
    """The moment that a text names in ``zone``; a text with an offset of its own is converted."""
    try:
        moment = _moment(latin_digits(text).strip(), tuple(formats), zone)
    except OverflowError:
        raise Refused("is a date that cannot be right") from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise Refused(f"is a date in the year {moment.year}, which cannot be right")
    return moment


def parse_flag(text: str, true_words: Sequence[str], false_words: Sequence[str]) -> bool:
    word = latin_digits(text).strip().casefold()
    if word in {known.casefold() for known in true_words}:
        return True
    if word in {known.casefold() for known in false_words}:
        return False
    raise Refused(f"is neither yes ({', '.join(true_words)}) nor no ({', '.join(false_words)})")


def parse_number(text: str, decimal: str = ".") -> Decimal:
    """A number with or without thousands separators; ``decimal`` says which of ``.`` and ``,`` parts the fraction."""
    plain = _SPACES.sub("", latin_digits(text)).replace("'", "").replace("’", "").replace("−", "-")
    if "٫" in text or "٬" in text:
        decimal = "."  # The Arabic separators say themselves which is which.
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if not any(sign.isdigit() for sign in plain) or not _PLAIN[decimal].fullmatch(plain):
        raise Refused(f"is not a number with “{decimal}” before the decimals")
    thousands = "," if decimal == "." else "."
    try:
        number = Decimal(plain.replace(thousands, "").replace(decimal, "."))
    except InvalidOperation:
        raise Refused("is not a number") from None
    if abs(number) > LARGEST_NUMBER:
        raise Refused("is too large a number")
    return number


def parse_whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise Refused("is not a whole number")
    return int(number)


def bare_amount(text: str, currency: str) -> str:
    """An amount without its currency's code or sign, on either side; another currency's code is refused."""
    plain = latin_digits(text).strip()
    digits = [position for position, sign in enumerate(plain) if sign.isdigit()]
    if not digits:
        return plain
    head, amount, tail = plain[: digits[0]], plain[digits[0] : digits[-1] + 1], plain[digits[-1] + 1 :]
    if re.search(r"(?:^|[^\w])[.,]$", head):
        amount = f"0{head[-1]}{amount}"
        head = head[:-1]
    is_negative = any(sign in head for sign in "-−") or ("(" in head and ")" in tail)
    mark = re.sub(r"[\s()+−-]", "", head + tail)
    if len(mark) > 4:
        raise Refused("is not an amount of money")
    if len(mark) == 3 and mark.isascii() and mark.isalpha() and mark.upper() != currency:
        raise Refused(f"is in {mark.upper()}, but the currency of this row is {currency}")
    return f"-{amount}" if is_negative else amount


def to_minor(amount: Decimal, exponent: int, *, is_rounded: bool = False) -> int:
    """An amount in minor units (cents, fils). More decimals than the currency has are refused unless computed."""
    minor = amount.scaleb(exponent)
    whole = minor.to_integral_value(rounding=ROUND_HALF_EVEN)
    if minor != whole and not is_rounded:
        raise Refused(f"has more than {exponent} decimals, which this currency does not have")
    if abs(whole) > LARGEST_NUMBER:
        raise Refused("is too large an amount")
    return int(whole)
