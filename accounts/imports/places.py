"""Countries and languages by the names that people write."""

from functools import lru_cache

from babel import Locale

from accounts.text import fold

#: What people write beside the names that the Unicode locale data gives.
COUNTRY_NICKNAMES = {
    "uk": "GB", "great britain": "GB", "england": "GB", "بريطانيا": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US",
    "united states of america": "US", "أمريكا": "US", "uae": "AE", "الإمارات": "AE", "ksa": "SA", "السعودية": "SA",
    "palestine": "PS", "فلسطين": "PS", "czech republic": "CZ", "turkey": "TR", "holland": "NL", "korea": "KR",
}  # fmt: skip
_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Code and name of every country, in English and Arabic, folded as search folds them, to its ISO code."""
    known = {fold(name): code for name, code in COUNTRY_NICKNAMES.items()}
    for language in ("ar", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                known |= {fold(name): code, fold(code): code}
    return known


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """The same for languages."""
    known: dict[str, str] = {}
    for language in ("ar", "en"):
        for code, name in Locale(language).languages.items():
            if len(code) in {2, 3}:
                known |= {fold(name): code, fold(code): code}
    return known
