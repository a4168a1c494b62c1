"""External ids into keys, a batch at a time."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.imports.registry import importer_of
from accounts.models import Membership
from accounts.services.external_ids import bulk_map

MEMBER = "member"
CACHED = 100_000


def link_model(entity: str) -> type[Model]:
    """The model that an entity's links point to. Members are no entity: they are invited, not imported."""
    return Membership if entity == MEMBER else importer_of(entity).model


def path_to(named: type[Model], wanted: type[Model], name: str) -> str | None:
    """The column by which a row that was named leads to the one wanted: a contract to its client."""
    found = [field for field in named._meta.concrete_fields if field.is_relation and field.related_model is wanted]
    same = [field for field in found if field.name == name]
    if not same and len(found) != 1:
        return None
    return (same or found)[0].attname


class Resolver:
    """Looks ids up once and remembers them, as far as they are few enough to remember."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], dict[str, UUID | None]] = {}

    def forget(self) -> None:
        self._known.clear()

    def resolve(self, entity: str, wanted: str, name: str, source: str, ids: Iterable[str]) -> dict[str, UUID | None]:
        """Keys of ``wanted`` rows, by the ids of ``entity`` rows that lead to them. Unknown ids are left out."""
        known = self._known.setdefault((entity, wanted, name, source), {})
        asked = set(ids)
        missing = asked - known.keys()
        if missing:
            if len(known) > CACHED:
                known.clear()
                missing = asked
            known |= self._look_up(entity, wanted, name, source, missing)
        return {each: known[each] for each in asked if each in known}

    def _look_up(self, entity: str, wanted: str, name: str, source: str, ids: set[str]) -> dict[str, UUID | None]:
        named = link_model(entity)
        found: dict[str, UUID] = _members(ids) if entity == MEMBER else bulk_map(named, source, ids)
        if named is link_model(wanted):
            return dict(found)
        column = path_to(named, link_model(wanted), name)
        assert column is not None
        led = dict(named._default_manager.filter(pk__in=set(found.values())).values_list("pk", column))
        return {external_id: led.get(key) for external_id, key in found.items()}


def _members(emails: set[str]) -> dict[str, UUID]:
    wanted = {email.lower(): email for email in emails}
    members = Membership.objects.filter(user__email__in=wanted).values_list("user__email", "pk")
    return {wanted[email]: key for email, key in members}
