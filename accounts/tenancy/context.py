"""Whose data this is: the organization of the running request, job or command.

``tenant(organization_id)`` opens a transaction, tells PostgreSQL with ``SET LOCAL`` and remembers the same in a
context variable. The database decides by the first, the model managers refuse to compile a query without the second.
``SET LOCAL`` ends with the transaction, so nothing is left on a pooled connection.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SETTING = "app.organization_id"
USER_SETTING = "app.user_id"

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_current: ContextVar[uuid.UUID | None] = ContextVar("organization_id", default=None)


class TenantError(RuntimeError):
    """A tenant's rows were asked for without saying which tenant, or inside another one."""


def current_organization_id(*, required: bool = False) -> uuid.UUID | None:
    """The organization we are in, or None. With ``required``, None raises ``TenantError``."""
    organization_id = _current.get()
    if organization_id is None and required:
        raise TenantError("No organization is set. Wrap this in `with tenant(organization_id):`.")
    return organization_id


def required_organization_id() -> uuid.UUID:
    """The organization we are in; raises ``TenantError`` outside ``tenant()``."""
    organization_id = current_organization_id(required=True)
    assert organization_id is not None
    return organization_id


def _apply(connection: BaseDatabaseWrapper, setting: str, value: uuid.UUID | None) -> None:
    # SET cannot take parameters, and set_config() is a function call that a sharded database does not forward.
    # The value is a UUID object or nothing, so it cannot carry SQL.
    connection.begin_with(f"SET LOCAL {setting} = '{value or ''}'")  # type: ignore[attr-defined]  # of our backend


@contextmanager
def tenant(organization_id: uuid.UUID | str, *, using: str = "default", switch: bool = False) -> Iterator[uuid.UUID]:
    """Run a block as one organization, in one transaction.

    Raises ``TenantError`` when another organization is already open, unless ``switch`` says that this is meant.
    """
    inner = organization_id if isinstance(organization_id, uuid.UUID) else uuid.UUID(str(organization_id))
    outer = _current.get()
    if outer not in (None, inner) and not switch:
        raise TenantError(f"Already inside organization {outer}; pass switch=True to change to {inner}.")
    connection = connections[using]
    # Set outside atomic(): on_commit callbacks run in its __exit__ and need to know the tenant.
    token = _current.set(inner)
    try:
        with transaction.atomic(using=using):
            is_nested = len(connection.atomic_blocks) > 1
            _apply(connection, SETTING, inner)
            yield inner
            if is_nested and outer != inner and not connection.needs_rollback:
                # RELEASE SAVEPOINT would keep our setting; ROLLBACK TO undoes it by itself.
                _apply(connection, SETTING, outer)
    finally:
        _current.reset(token)


@contextmanager
def acting_user(user_id: uuid.UUID, *, using: str = "default") -> Iterator[None]:
    """A transaction in which a user may read their own memberships, before any organization is known."""
    connection = connections[using]
    with transaction.atomic(using=using):
        is_nested = len(connection.atomic_blocks) > 1
        _apply(connection, USER_SETTING, user_id)
        yield
        if is_nested and not connection.needs_rollback:
            _apply(connection, USER_SETTING, None)


class UnlessReading:
    """Django's ``ATOMIC_REQUESTS``: on, but for requests that only read inside ``reading()``.

    There the organization's transaction holds the request already, and a savepoint in it would keep nothing apart.
    """

    def __bool__(self) -> bool:
        return not _reading.get()


@contextmanager
def reading() -> Iterator[None]:
    """A request that changes nothing: no savepoint stands round its view."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def on_commit(function: Callable[[], object], *, using: str = "default") -> None:
    """Call ``function`` after COMMIT, inside the organization that registered it.

    Django's own ``transaction.on_commit`` runs when the setting is gone and sees no rows; a test forbids it.
    """
    organization_id = required_organization_id()

    def run() -> None:
        with tenant(organization_id, using=using, switch=True):
            function()

    transaction.on_commit(run, using=using)


def on_commit_outside(function: Callable[[], object], *, using: str = "default") -> None:
    """Call ``function`` after COMMIT, outside every transaction and organization.

    For mail that goes out at once: no transaction waits for the mail server, and nothing is sent about what was undone.
    """
    transaction.on_commit(function, using=using)
