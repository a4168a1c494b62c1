"""Writing a row that belongs to a client: not to an archived one, and on behalf of whom the actor covers for."""

from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, OrganizationSettings
from accounts.services import changes
from accounts.tenancy.models import VersionedModel
from clients.exceptions import ClientArchived
from clients.models import Client
from managers.models import AccountManager
from managers.queries.reporting import covered_manager_ids, portfolio_ids

Row = TypeVar("Row", bound=Model)
Versioned = TypeVar("Versioned", bound=VersionedModel)


def add(*, actor: Membership | None, client: Client, obj: Row, verb: str = "added") -> Row:
    refuse_archived(client)
    return changes.add(actor=actor, obj=obj, verb=verb, on_behalf_of=acts_for(actor, client))


def change(
    *,
    actor: Membership | None,
    client: Client,
    obj: Versioned,
    version: int | None = None,
    verb: str = "changed",
    **fields: Any,
) -> Versioned:
    return changes.change(
        actor=actor, obj=obj, version=version, verb=verb, on_behalf_of=acts_for(actor, client), **fields
    )


def archive(*, actor: Membership | None, client: Client, obj: Versioned, version: int | None = None) -> Versioned:
    at = obj.archived_at or timezone.now()
    return change(actor=actor, client=client, obj=obj, version=version, verb="archived", archived_at=at)


def restore(*, actor: Membership | None, client: Client, obj: Versioned, version: int | None = None) -> Versioned:
    return change(actor=actor, client=client, obj=obj, version=version, verb="restored", archived_at=None)


def acts_for(actor: Membership | None, client: Client) -> AccountManager | None:
    """The client's main manager, when the actor stands in for them today."""
    if actor is None or client.main_manager_id is None or portfolio_ids(actor) is None:
        return None
    return client.main_manager if client.main_manager_id in covered_manager_ids(actor) else None


def refuse_archived(client: Client) -> None:
    if client.archived_at is not None:
        raise ClientArchived(_("“%(name)s” is archived. Restore the client first.") % {"name": client.name})


def currency_for(actor: Membership | None, client: Client | None = None) -> str:
    """The currency that an amount without one is in: the client's, or else the organization's."""
    if client is not None and client.currency:
        return client.currency
    settings = actor.organization.settings if actor is not None else OrganizationSettings.objects.get()
    return settings.currency
