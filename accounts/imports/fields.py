"""What an importer can be given: the fields of an entity, each of which reads one text.

An importer declares them once; the mapping is checked against them, every row is read by them, and ``docs/import.md``
lists them (a test compares).
"""

import datetime
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from accounts.imports import values
from accounts.imports.errors import Refused
from accounts.imports.mapping import Formats, Value
from accounts.imports.places import countries, languages
from accounts.money import exponent
from accounts.text import fold


@dataclass(frozen=True)
class Reading:
    """What reading a text depends on besides the text: the organization's and the mapping's own ways."""

    zone: ZoneInfo
    currency: str
    formats: Formats = field(default_factory=Formats)
    shift: datetime.timedelta = datetime.timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A text. ``attribute`` is the model's name for it, when it differs from the name in the mapping.

    What is not ``is_stored`` is no column of the model: the importer does something else with it.
    """

    name: str
    about: str
    attribute: str = ""
    required: bool = False
    max_length: int | None = None
    is_stored: bool = True

    @property
    def target(self) -> str:
        return self.attribute or self.name

    @property
    def kind(self) -> str:
        return "text"

    def read(self, text: str, how: Value, reading: Reading) -> Any:
        if self.max_length is not None and len(text) > self.max_length:
            raise Refused(f"is longer than {self.max_length} characters ({len(text)})")
        return text


@dataclass(frozen=True, kw_only=True)
class Email(Field):
    max_length: int | None = 254

    @property
    def kind(self) -> str:
        return "e-mail"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        address = super().read(text, how, reading).lower()
        try:
            validate_email(address)
        except ValidationError:
            raise Refused("is not an e-mail address") from None
        return address


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    choices: Any

    @property
    def kind(self) -> str:
        return "one of " + ", ".join(f"`{word}`" for word in self.choices.values)

    def read(self, text: str, how: Value, reading: Reading) -> str:
        word = text.casefold().replace(" ", "_").replace("-", "_")
        if word not in self.choices.values:
            known = ", ".join(self.choices.values)
            raise Refused(f"is not one of {known}; give the column a `translate` table in the mapping")
        return word


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    @property
    def kind(self) -> str:
        return "yes or no"

    def read(self, text: str, how: Value, reading: Reading) -> bool:
        formats = how.formats or reading.formats
        return values.parse_flag(
            text,
            formats.true or reading.formats.true or values.TRUE_WORDS,
            formats.false or reading.formats.false or values.FALSE_WORDS,
        )


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """``is_plan`` marks days that may lie ahead: they move with ``shift_dates_to`` but do not say what "newest" is."""

    is_plan: bool = False

    @property
    def kind(self) -> str:
        return "day"

    def local(self, text: str, how: Value, reading: Reading) -> datetime.datetime:
        formats = (*(how.formats.dates if how.formats else ()), *reading.formats.dates)
        return values.parse_local(text, formats, reading.zone) + datetime.timedelta(days=how.add_days)

    def read(self, text: str, how: Value, reading: Reading) -> Any:
        return (self.local(text, how, reading) + reading.shift).date()


@dataclass(frozen=True, kw_only=True)
class Month(Day):
    """The month of a day, kept as its first day; the shift comes first, so that days do not spill over."""

    @property
    def kind(self) -> str:
        return "month (any day of it)"

    def read(self, text: str, how: Value, reading: Reading) -> Any:
        return super().read(text, how, reading).replace(day=1)


@dataclass(frozen=True, kw_only=True)
class Moment(Day):
    @property
    def kind(self) -> str:
        return "day and time"

    def read(self, text: str, how: Value, reading: Reading) -> Any:
        return self.local(text, how, reading) + reading.shift


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A whole number, after the mapping's ``multiply_by`` and ``divide_by``."""

    least: int | None = None
    most: int | None = None

    @property
    def kind(self) -> str:
        return (
            "whole number"
            if self.least is None
            else f"whole number from {self.least}" + (f" to {self.most}" if self.most is not None else "")
        )

    def read(self, text: str, how: Value, reading: Reading) -> int:
        decimal = (how.formats and how.formats.decimal) or reading.formats.decimal or "."
        number = values.parse_number(text, decimal) * how.multiply_by / how.divide_by
        whole = round(number) if how.is_computed else values.parse_whole(number)
        if self.least is not None and whole < self.least:
            raise Refused(f"is less than {self.least}")
        if self.most is not None and whole > self.most:
            raise Refused(f"is more than {self.most}")
        return whole


@dataclass(frozen=True, kw_only=True)
class Money(Field):
    """An amount in whole units of the currency (``unit = "minor"``: cents, fils), kept in minor units."""

    may_be_negative: bool = False

    @property
    def kind(self) -> str:
        return "money"

    def read(self, text: str, how: Value, reading: Reading) -> int:
        currency = how.currency or reading.currency
        decimal = (how.formats and how.formats.decimal) or reading.formats.decimal or "."
        amount = values.parse_number(values.bare_amount(text, currency), decimal) * how.multiply_by / how.divide_by
        digits = 0 if how.unit == "minor" else exponent(currency)
        minor = values.to_minor(amount, digits, is_rounded=how.is_computed)
        if minor < 0 and not self.may_be_negative:
            raise Refused("is less than zero")
        return minor


@dataclass(frozen=True, kw_only=True)
class Currency(Field):
    @property
    def kind(self) -> str:
        return "currency code, such as `USD`"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        code = text.upper()
        if code not in Locale("en").currencies:
            raise Refused("is not a currency code of ISO 4217, such as USD, EUR or SAR")
        return code


@dataclass(frozen=True, kw_only=True)
class Country(Field):
    @property
    def kind(self) -> str:
        return "country: ISO code or its name in English or Arabic"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        code = countries().get(fold(text))
        if code is None:
            raise Refused("is not a country; expected a code such as US or SA, or the country's name")
        return code


@dataclass(frozen=True, kw_only=True)
class Language(Field):
    """One of the languages that the product speaks."""

    choices: Any

    @property
    def kind(self) -> str:
        return "language: `" + "`, `".join(self.choices.values) + "`, or its name"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        code = languages().get(fold(text), text)
        if code not in self.choices.values:
            known = ", ".join(self.choices.values)
            raise Refused(f"is not one of the languages {known}; `otherwise` says what to take for all others")
        return code


@dataclass(frozen=True, kw_only=True)
class WebAddress(Field):
    @property
    def kind(self) -> str:
        return "web address"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        address = text if "://" in text else f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            raise Refused("is not a web address") from None
        return address


@dataclass(frozen=True, kw_only=True)
class TimeZone(Field):
    @property
    def kind(self) -> str:
        return "time zone, such as `Asia/Riyadh`"

    def read(self, text: str, how: Value, reading: Reading) -> str:
        if text not in available_timezones():
            raise Refused("is not a time zone, such as Asia/Riyadh or Europe/Berlin")
        return text


@dataclass(frozen=True, kw_only=True)
class Words(Field):
    """Several short texts in one cell, parted by ``separator``."""

    @property
    def kind(self) -> str:
        return "several words, parted by `separator` (a comma unless given)"

    def read(self, text: str, how: Value, reading: Reading) -> tuple[str, ...]:
        words = [word.strip() for word in text.replace("،", ",").split(how.separator)]
        return tuple(dict.fromkeys(super(Words, self).read(word, how, reading) for word in words if word))


@dataclass(frozen=True, kw_only=True)
class Link(Field):
    """A row of another entity, named by its external id. Its text is resolved in bulk, later."""

    entity: str

    @property
    def kind(self) -> str:
        return f"link to `{self.entity}`"
