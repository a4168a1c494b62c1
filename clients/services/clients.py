from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Membership
from accounts.services import changes
from clients.choices import AssignmentRole
from clients.exceptions import ClientCycle
from clients.models import Assignment, Client, LifecyclePeriod
from clients.services import rollups, writing
from clients.services.tags import set_tags
from clients.signals import client_added, client_changed
from managers.models import AccountManager
from managers.services.managers import refuse_left


@transaction.atomic
def add_client(
    *,
    actor: Membership | None,
    name: str,
    main_manager: AccountManager | None = None,
    currency: str = "",
    tags: list[str] | None = None,
    **fields: Any,
) -> Client:
    """Add a client; only the name is needed. An account manager who adds one looks after it, unless another is named.

    ``fields``: name_other, parent, tier, segment, industry, country, language, time_zone, website, notes, since,
    acquisition_cost_minor.
    """
    manager = main_manager or _themselves(actor)
    if manager is not None:
        refuse_left(manager)
    currency = currency or writing.currency_for(actor)
    client = changes.add(actor=actor, obj=Client(name=name, main_manager=manager, currency=currency, **fields))
    today = timezone.localdate()
    LifecyclePeriod.objects.create(client=client, lifecycle=client.lifecycle, from_on=today)
    if manager is not None:
        Assignment.objects.create(client=client, manager=manager, role=AssignmentRole.MAIN, from_on=today)
    if tags:
        set_tags(actor=actor, client=client, names=tags)
    client_added.send(Client, client=client, actor=actor)
    return client


@transaction.atomic
def change_client(
    *,
    actor: Membership | None,
    client: Client,
    version: int | None = None,
    tags: list[str] | None = None,
    **fields: Any,
) -> Client:
    """Change facts about a client. Who looks after it: ``reassign_client``; where it stands follows from contracts."""
    if fields.get("parent") is not None:
        _refuse_cycle(client, fields["parent"])
    changed = writing.change(actor=actor, client=client, obj=client, version=version, **fields)
    if changed.currency != client.currency:
        rollups.refresh_revenue(changed)
    if tags is not None:
        set_tags(actor=actor, client=changed, names=tags)
    if changed.version != client.version:
        client_changed.send(Client, client=changed, actor=actor)
    return changed


def archive_client(*, actor: Membership | None, client: Client, version: int | None = None) -> Client:
    """Take a client out of every list. Nothing of it is deleted; ``restore_client`` is the undo."""
    return writing.archive(actor=actor, client=client, obj=client, version=version)


def restore_client(*, actor: Membership | None, client: Client, version: int | None = None) -> Client:
    return writing.restore(actor=actor, client=client, obj=client, version=version)


def _themselves(actor: Membership | None) -> AccountManager | None:
    if actor is None or actor.role != Role.MANAGER:
        return None
    return AccountManager.objects.of_member(actor).first()


def _refuse_cycle(client: Client, parent: Client) -> None:
    seen = {client.pk}
    above: Client | None = parent
    while above is not None:
        if above.pk in seen:
            raise ClientCycle(
                _("“%(parent)s” belongs to “%(name)s” already, so it cannot be its parent. Choose another one.")
                % {"parent": parent.name, "name": client.name}
            )
        seen.add(above.pk)
        above = above.parent
