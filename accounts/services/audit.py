"""The audit trail: one entry per write, in the transaction of the write."""

import datetime
import decimal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, Membership

#: Name of the API token through which the running request acts; set by the middleware, so that services need not know.
token_name: ContextVar[str] = ContextVar("token_name", default="")

#: Stands in an entry instead of a token's name when the actor pressed a link in a mail, without signing in.
MAIL_LINK = "mail:link"


@contextmanager
def through_mail() -> Iterator[None]:
    """What is done here is done for the actor through a link that only their mail held."""
    named = token_name.set(MAIL_LINK)
    try:
        yield
    finally:
        token_name.reset(named)


def record(
    *,
    actor: Membership | None,
    verb: str,
    obj: Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    on_behalf_of: object | None = None,
) -> AuditEntry:
    """Write who did what to ``obj``. ``actor=None`` means the clock; before/after hold only changed fields."""
    return AuditEntry.objects.create(
        actor=actor,
        actor_name=str(actor) if actor else "",
        token_name=token_name.get(),
        on_behalf_of=str(on_behalf_of or ""),
        verb=verb,
        model=obj._meta.label_lower,
        object_id=obj.pk,
        object_name=str(obj)[:200],
        client_id=_client_id(obj),
        before={key: plain(value) for key, value in (before or {}).items()},
        after={key: plain(value) for key, value in (after or {}).items()},
    )


def plain(value: Any) -> Any:
    """A field's value as JSON holds it: dates in ISO form, keys and rows as strings."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    return str(value)


def _client_id(obj: Model) -> uuid.UUID | None:
    if obj._meta.label_lower == "clients.client":
        return obj.pk
    return getattr(obj, "client_id", None)
