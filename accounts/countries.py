"""Countries and time zones to choose from, in the reader's language."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from django.utils.translation import get_language

#: Two-letter codes that CLDR has beside the countries: groups, and territories that are none.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


def country_name(code: str) -> str:
    """The country in the reader's language, or the code itself when nobody knows it; "" for none."""
    return dict(_countries(_language())).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """``[("", ""), ("SA", "Saudi Arabia"), …]`` by name."""
    return [("", ""), *_countries(_language())]


def time_zone_choices() -> list[tuple[str, str]]:
    """UTC, and every zone that is called after a place, such as ``Asia/Riyadh``."""
    return [("", ""), *_time_zones()]


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language).territories
    known = ((code, name) for code, name in names.items() if len(code) == 2 and code not in NOT_COUNTRIES)
    return tuple(sorted(known, key=lambda pair: pair[1].removeprefix("ال")))


@cache
def _time_zones() -> tuple[tuple[str, str], ...]:
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(places)))
