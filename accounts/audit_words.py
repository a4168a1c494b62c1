"""Audit entries in words, for the log and for every history."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import AuditEntry
from accounts.money import format_money
from accounts.wording import in_days, in_moments

VERBS = {
    "added": pgettext_lazy("audit", "added"),
    "changed": pgettext_lazy("audit", "changed"),
    "archived": pgettext_lazy("audit", "archived"),
    "restored": pgettext_lazy("audit", "restored"),
    "removed": pgettext_lazy("audit", "removed"),
    "founded": pgettext_lazy("audit", "founded"),
    "renamed": pgettext_lazy("audit", "renamed"),
    "joined": pgettext_lazy("audit", "joined"),
    "rejoined": pgettext_lazy("audit", "came back"),
    "deactivated": pgettext_lazy("audit", "deactivated"),
    "reactivated": pgettext_lazy("audit", "reactivated"),
    "invited": pgettext_lazy("audit", "invited"),
    "accepted": pgettext_lazy("audit", "accepted"),
    "revoked": pgettext_lazy("audit", "revoked"),
    "created": pgettext_lazy("audit", "created"),
    "imported": pgettext_lazy("audit", "imported"),
    "assigned": pgettext_lazy("audit", "assigned"),
    "unassigned": pgettext_lazy("audit", "unassigned"),
    "reassigned": pgettext_lazy("audit", "reassigned"),
    "won": pgettext_lazy("audit", "won"),
    "lost": pgettext_lazy("audit", "lost"),
    "moved": pgettext_lazy("audit", "moved"),
    "reopened": pgettext_lazy("audit", "reopened"),
    "repeated": pgettext_lazy("audit", "opened the next"),
    "completed": pgettext_lazy("audit", "completed"),
    "dropped": pgettext_lazy("audit", "dropped"),
    "escalated": pgettext_lazy("audit", "told somebody above about"),
    "logged": pgettext_lazy("audit", "logged"),
    "sent": pgettext_lazy("audit", "sent"),
    "answered": pgettext_lazy("audit", "answered"),
    "opened": pgettext_lazy("audit", "opened"),
    "resolved": pgettext_lazy("audit", "resolved"),
    "advanced": pgettext_lazy("audit", "advanced"),
    "ended": pgettext_lazy("audit", "ended"),
    "renewed": pgettext_lazy("audit", "renewed"),
    "appointed": pgettext_lazy("audit", "appointed"),
    "snoozed": pgettext_lazy("audit", "snoozed"),
    "dismissed": pgettext_lazy("audit", "dismissed"),
    "churned": pgettext_lazy("audit", "recorded as lost"),
    "tagged": pgettext_lazy("audit", "tagged"),
    "untagged": pgettext_lazy("audit", "untagged"),
    "planned": pgettext_lazy("audit", "planned"),
    "unsubscribed": pgettext_lazy("audit", "unsubscribed"),
    "started": pgettext_lazy("audit", "started"),
    "paused": pgettext_lazy("audit", "paused"),
    "resumed": pgettext_lazy("audit", "resumed"),
    "stopped": pgettext_lazy("audit", "stopped"),
    "finished": pgettext_lazy("audit", "finished"),
    "retried": pgettext_lazy("audit", "sent again"),
    "discarded": pgettext_lazy("audit", "discarded"),
    "released": pgettext_lazy("audit", "released"),
    "suppressed": pgettext_lazy("audit", "suppressed"),
    "lifted": pgettext_lazy("audit", "lifted the suppression of"),
    "resumed_surveys": pgettext_lazy("audit", "let surveys go on in"),
}
#: What an import tells of itself; these are no fields of any model.
FACTS = {
    "entity": pgettext_lazy("import", "kind"),
    "source": pgettext_lazy("import", "source"),
    "title": pgettext_lazy("import", "title"),
    "shift_days": pgettext_lazy("import", "days that dates were moved by"),
    "added": pgettext_lazy("import", "added"),
    "changed": pgettext_lazy("import", "changed"),
    "refused": pgettext_lazy("import", "refused"),
    "participants": gettext_lazy("who took part"),
}
CLOCK = gettext_lazy("Rafiq")


@dataclass(frozen=True)
class Change:
    """One field: its name in words, and its value before and after, "" where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Sentence:
    """One entry as people read it."""

    entry: AuditEntry
    who: str
    verb: str
    kind: str
    name: str
    changes: tuple[Change, ...]


def sentences(entries: Iterable[AuditEntry]) -> list[Sentence]:
    """Every entry in the reader's language. Costs no statement: names were kept with the entry."""
    return [sentence(entry) for entry in entries]


def sentence(entry: AuditEntry) -> Sentence:
    return Sentence(
        entry=entry,
        who=entry.actor_name or str(CLOCK),
        verb=str(VERBS.get(entry.verb, entry.verb.replace("_", " "))),
        kind=kind_name(entry.model),
        name=entry.object_name,
        changes=tuple(_changes(entry)),
    )


def kind_name(label: str) -> str:
    """``clients.client`` → "client", in the reader's language."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def _changes(entry: AuditEntry) -> Iterable[Change]:
    for name in {**entry.before, **entry.after}:
        field = _field(entry.model, name)
        if isinstance(field, ForeignKey) and not _is_readable(entry, name):
            continue
        facts = {**entry.before, **entry.after}
        yield Change(
            label=_label(field, name),
            before=_value(field, name, entry.before.get(name), facts),
            after=_value(field, name, entry.after.get(name), facts),
        )


def _is_readable(entry: AuditEntry, name: str) -> bool:
    """A reference is kept as a key, which tells a reader nothing; services that want it read keep its name."""
    values = [entry.before.get(name), entry.after.get(name)]
    return not any(isinstance(value, str) and len(value) == 36 and value.count("-") == 4 for value in values)


@cache
def _field(label: str, name: str) -> Any:
    try:
        return apps.get_model(label)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None


def _label(field: Any, name: str) -> str:
    words = str(field.verbose_name if field is not None else FACTS.get(name, name.replace("_", " ")))
    return words[:1].upper() + words[1:]


def _value(field: Any, name: str, value: Any, facts: dict[str, Any]) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if name == "entity":
        return kind_name(value)
    if name.endswith("_minor") and isinstance(value, int):
        return format_money(value, facts.get("currency") or "") if facts.get("currency") else str(value)
    return _moment(value) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _moment(text: str) -> str:
    """Dates and moments were kept in ISO form; everything else stands as it is."""
    try:
        moment: datetime.datetime | None = parse_datetime(text) if len(text) > 10 else None
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        return text
    if moment is not None:
        return in_moments(moment)
    return in_days(day) if day is not None else text
