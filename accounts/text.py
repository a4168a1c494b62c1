"""Text as people type it, in the one spelling that search and duplicate detection compare."""

import re
import unicodedata

ARABIC_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ء": None,
        "ـ": None,
    }
)
EASTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
BLANKS = re.compile(r"\s+")


def western_digits(text: str) -> str:
    """Arabic-Indic and Persian digits as 0–9; everything else as it was."""
    return text.translate(EASTERN_DIGITS)


def fold(text: str) -> str:
    """The search spelling: compatibility forms, case, accents, Arabic letter variants, tashkeel and digits made equal.

    Accents fall too (Müller finds Muller), because tashkeel are combining marks of the same kind. Every stored
    ``search_text`` and every typed query pass through here, so a change asks for the columns to be rebuilt.
    """
    # Some capitals show only once a compatibility form is taken apart (𝕬), hence the case before and after.
    plain = unicodedata.normalize("NFKD", western_digits(text).casefold().translate(ARABIC_LETTERS)).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", bare).translate(ARABIC_LETTERS)).strip()
