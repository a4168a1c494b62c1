"""Money is an integer of minor units and an ISO currency; this is where it becomes words, and words become money.

The number of decimals belongs to the currency (two for dollars, three for dinars, none for yen), never to the page.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_currency,
    get_currency_precision,
    get_currency_symbol,
    is_currency,
)
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.text import western_digits

SEPARATORS = str.maketrans(
    {"٬": ",", "٫": ".", "،": ",", "\u00a0": None, "\u202f": None, " ": None, "'": None, "’": None}
)
INVISIBLE = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
GLUED = re.compile(r"([A-Za-z]{2,})(?=\d)")
PLAIN = re.compile(r"[-+]?\d*(\.\d*)?")
# Bounds of a bigint: an amount outside them is a slip of the finger, not money.
LARGEST = 2**63 - 1


def exponent(currency: str) -> int:
    """How many decimals ``currency`` has. Unknown codes have two, as most do."""
    return get_currency_precision(currency)


def is_known_currency(currency: str) -> bool:
    return is_currency(currency)


def to_decimal(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


def format_money(minor: int | None, currency: str, locale: str | None = None) -> str:
    """``$1,250`` or ``$1,250.50``: the decimals appear when there is something in them."""
    return "" if minor is None else _money_text(minor, currency, _locale(locale))


# A list says the same amounts in every row and to every reader, and writing one takes as long as reading its row.
@lru_cache(maxsize=4096)
def _money_text(minor: int, currency: str, locale: str) -> str:
    amount = to_decimal(minor, currency)
    whole = amount == amount.to_integral_value()
    pattern = _whole_pattern(locale) if whole else None
    text = format_currency(amount, currency, format=pattern, locale=locale, currency_digits=not whole)
    return GLUED.sub("\\1\u00a0", text)


def format_compact_money(minor: int | None, currency: str, locale: str | None = None) -> str:
    """``$4.82M``, ``4.82 مليون US$``: for headings and charts, where the exact figure is one click away."""
    if minor is None:
        return ""
    amount = to_decimal(minor, currency)
    if abs(amount) < 1000:
        return format_money(round(amount) * 10 ** exponent(currency), currency, locale)
    digits = 2 if abs(amount) >= 1_000_000 else 1
    text = format_compact_currency(amount, currency, locale=_locale(locale), fraction_digits=digits)
    return GLUED.sub("\\1\u00a0", text)


def currency_symbol(currency: str, locale: str | None = None) -> str:
    return get_currency_symbol(currency, locale=_locale(locale))


def to_number(text: str) -> Decimal:
    """A number as people write it in either script: ``1,250.50``, ``١٬٢٥٠٫٥٠``, ``1 250``; else ``ValueError``.

    A single comma followed by anything but three digits is a decimal comma (``12,5``); otherwise commas group.
    """
    plain = INVISIBLE.sub("", western_digits(text)).strip().translate(SEPARATORS).replace("−", "-")
    if re.fullmatch(r"[-+]?\d+,(\d{1,2}|\d{4,})", plain):
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"[-+]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?", plain):
        plain = plain.replace(",", "")
    if not PLAIN.fullmatch(plain):
        raise ValueError(_not_a_number(text))
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(_not_a_number(text)) from None


def to_minor(text: str, currency: str) -> int:
    """Minor units from what was typed. Refuses more decimals than the currency has, rather than rounding money away."""
    amount = to_number(text).scaleb(exponent(currency))
    if amount != amount.to_integral_value():
        raise ValueError(
            _("%(currency)s has at most %(places)d decimals.") % {"currency": currency, "places": exponent(currency)}
        )
    if abs(amount) > LARGEST:
        raise ValueError(_("This amount is too large."))
    return int(amount)


def _not_a_number(text: str) -> str:
    return _("“%(text)s” is not a number. Write it like 1,250.50.") % {"text": text}


def _locale(locale: str | None) -> str:
    return (locale or get_language() or "en").split("-")[0]


@lru_cache
def _whole_pattern(locale: str) -> str:
    """The locale's own currency pattern without its decimals."""
    return Locale.parse(locale).currency_formats["standard"].pattern.replace(".00", "")
