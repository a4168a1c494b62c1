"""The catalogue of Arabic sentences: collected and checked in Python, without the gettext programs.

``.po`` files are committed and edited by people; ``config.assets`` builds the ``.mo`` at set-up and before tests.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOLDERS = ("accounts", "managers", "clients", "interactions", "reports", "config", "templates")
TEMPLATE_TYPES = {".html", ".txt"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
PLURAL_FORMS = (
    "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
)
# In Arabic these counts can be said without a numeral ("no tasks", "one task", "two tasks").
FORMS_WITHOUT_NUMERAL = (0, 1, 2)
WIDTH = 110

Key = tuple[str | None, str]


@dataclass
class Found:
    """A sentence in the code: its plural, and where it stands."""

    plural: str = ""
    places: list[tuple[str, str]] = field(default_factory=list)


def catalogue_path(language: str = "ar") -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def collect(root: Path) -> dict[Key, Found]:
    """Every translatable sentence of code and templates under ``root``."""
    found: dict[Key, Found] = {}
    for path in source_files(root):
        for context, singular, plural, line in sentences(path):
            entry = found.setdefault((context, singular), Found())
            entry.plural = entry.plural or plural
            entry.places.append((path.relative_to(root).as_posix(), str(line)))
    return found


def source_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in TEMPLATE_TYPES | {".py"} and "migrations" not in path.parts:
                yield path


def sentences(path: Path) -> Iterator[tuple[str | None, str, str, int]]:
    """``(context, singular, plural, line)`` of one file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATE_TYPES:
        # The indentation of a template means nothing, but Python's tokenizer would stumble over it and stop half-way.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for line, ids, _, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        singular, plural = ids if isinstance(ids, tuple) else (ids, "")
        if singular:
            yield context, singular, plural or "", line


def update(path: Path, found: dict[Key, Found]) -> tuple[int, int]:
    """Bring the catalogue up to what the code says, keeping translations. Returns ``(added, removed)``."""
    catalogue = polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else empty_catalogue()
    known: dict[Key, polib.POEntry] = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    removed = [entry for key, entry in known.items() if key not in found or entry.obsolete]
    for entry in removed:
        catalogue.remove(entry)
    added = [key for key in found if key not in known]
    for key in added:
        catalogue.append(new_entry(key, found[key]))
    for key, entry in known.items():
        if key in found and entry.msgid_plural != found[key].plural:
            reshape(entry, found[key].plural)
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return len(added), len(removed)


def empty_catalogue() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = {
        "Project-Id-Version": "rafiq",
        "Language": "ar",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }
    return catalogue


def new_entry(key: Key, found: Found) -> polib.POEntry:
    context, singular = key
    entry = polib.POEntry(msgctxt=context, msgid=singular)
    reshape(entry, found.plural)
    return entry


def reshape(entry: polib.POEntry, plural: str) -> None:
    """Make an entry singular or plural, with empty forms to fill where it was the other."""
    if plural and not entry.msgid_plural:
        entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(range(6), "")
    elif not plural:
        entry.msgstr_plural = {}
    entry.msgid_plural = plural


def complaints(path: Path, found: dict[Key, Found]) -> list[str]:
    """What keeps the catalogue from being whole: one sentence per fault, with the place in the code."""
    if not path.exists():
        return [f"{path} does not exist."]
    catalogue = polib.pofile(str(path))
    known: dict[Key, polib.POEntry] = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    faults = [f"{_place(found[key])} “{key[1]}” is not in the catalogue." for key in found if key not in known]
    faults += [f"“{key[1]}” is in the catalogue but nowhere in the code." for key in known if key not in found]
    faults += [f"“{entry.msgid}” is obsolete." for entry in catalogue if entry.obsolete]
    for key, entry in known.items():
        if key in found:
            faults += [f"{_place(found[key])} “{key[1]}” {fault}" for fault in entry_faults(entry, found[key].plural)]
    return faults


def entry_faults(entry: polib.POEntry, plural: str) -> list[str]:
    if "fuzzy" in entry.flags:
        return ["is marked as fuzzy."]
    if bool(plural) != bool(entry.msgid_plural) or (plural and entry.msgid_plural != plural):
        return ["has another plural in the code than in the catalogue."]
    forms = entry.msgstr_plural if plural else {0: entry.msgstr}
    if (plural and len(forms) != 6) or not all(forms.values()):
        return ["is not translated (an Arabic plural has six forms)." if plural else "is not translated."]
    return placeholder_faults(entry, forms, bool(plural))


def placeholder_faults(entry: polib.POEntry, forms: dict[int, str], has_plural: bool) -> list[str]:
    """Placeholders must be the same ones, but for the numeral of a count that Arabic says in words.

    How often each stands there is the language's own affair: where English repeats a name, Arabic has a pronoun.
    """
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural if has_plural else entry.msgid))
    faults = []
    for number, text in forms.items():
        has = set(PLACEHOLDER.findall(text))
        says_the_count = has_plural and number in FORMS_WITHOUT_NUMERAL
        if has != wanted and not (says_the_count and has < wanted and len(wanted - has) == 1):
            faults.append(f"has the placeholders {sorted(has)} in form {number}, not {sorted(wanted)}.")
    return faults


def _place(found: Found) -> str:
    file, line = found.places[0]
    return f"{file}:{line}"
