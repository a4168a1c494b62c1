"""The four ways a row changes: added, changed, archived, restored. Every service is built on these.

They validate the whole row (so that pages and API give the same sentence), hold the version, and write the audit entry.
"""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import DomainError, StaleVersion
from accounts.models import Membership
from accounts.services.audit import record
from accounts.tenancy.models import VersionedModel

Row = TypeVar("Row", bound=Model)
Versioned = TypeVar("Versioned", bound=VersionedModel)

UNSPOKEN = {"id", "organization", "version", "created_at", "updated_at", "search_text", "digest", "token_digest"} | {
    "planned_at",
    "series",
    "series_fields",
    "occurrence_on",
    "occurrence_number",
}


@transaction.atomic
def add(*, actor: Membership | None, obj: Row, verb: str = "added", on_behalf_of: object | None = None) -> Row:
    """Validate and insert a new row. Raises ValidationError by field."""
    # The key was made a moment ago; asking whether somebody has it already would cost a statement each time.
    obj.full_clean(exclude=["organization", "id"], validate_constraints=False)
    obj.validate_constraints()
    obj.save(force_insert=True)
    record(actor=actor, verb=verb, obj=obj, after=_facts(obj), on_behalf_of=on_behalf_of)
    return obj


@transaction.atomic
def change(
    *,
    actor: Membership | None,
    obj: Versioned,
    version: int | None = None,
    verb: str = "changed",
    on_behalf_of: object | None = None,
    **fields: Any,
) -> Versioned:
    """Set ``fields`` on the stored row and return it; nothing different means nothing written.

    ``version`` is the one that the caller saw: an older one raises StaleVersion. Archived rows are restored first.
    """
    row = lock(obj, version=version)
    if row.archived_at is not None and verb not in ("archived", "restored"):
        raise DomainError(_("“%(name)s” is archived. Restore it first, then change it.") % {"name": row})
    before = {name: getattr(row, name) for name in fields}
    changed = {name: value for name, value in fields.items() if value != before[name]}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.full_clean(exclude=_unchanged_keys(row, changed), validate_constraints=False)
    row.validate_constraints()
    row.version += 1
    row.save()
    spoken = [name for name in changed if name not in UNSPOKEN]
    record(
        actor=actor,
        verb=verb,
        obj=row,
        before={name: before[name] for name in spoken},
        after={name: getattr(row, name) for name in spoken},
        on_behalf_of=on_behalf_of,
    )
    return row


def lock(obj: Versioned, *, version: int | None = None) -> Versioned:
    """The stored row, locked until the transaction ends. Raises StaleVersion when ``version`` is an older one."""
    row = type(obj).objects.select_for_update(of=("self",)).get(pk=obj.pk)
    if version is not None and version != row.version:
        raise StaleVersion(
            _("Somebody else changed “%(name)s” in the meantime. Look at the current state, then decide again.")
            % {"name": row}
        )
    return row


def archive(*, actor: Membership | None, obj: Versioned, version: int | None = None) -> Versioned:
    """Take a row out of every list; ``restore`` brings it back as it was."""
    return change(actor=actor, obj=obj, version=version, verb="archived", archived_at=obj.archived_at or timezone.now())


def restore(*, actor: Membership | None, obj: Versioned, version: int | None = None) -> Versioned:
    """Undo ``archive``."""
    return change(actor=actor, obj=obj, version=version, verb="restored", archived_at=None)


def _unchanged_keys(row: Model, changed: dict[str, Any]) -> set[str]:
    """Keys of other rows that stay as they are need not be looked up again."""
    return {field.name for field in row._meta.local_fields if field.is_relation and field.name not in changed} | {"id"}


def _facts(obj: Model) -> dict[str, Any]:
    spoken = (field for field in obj._meta.local_fields if field.name not in UNSPOKEN)
    pairs = ((field.name, obj.__dict__.get(field.attname)) for field in spoken)
    return {name: value for name, value in pairs if value not in (None, "", [], {})}
