"""Who looks after a client. Rows are closed and opened, never rewritten: the history says who it was when."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.choices import AssignmentRole
from clients.exceptions import AlreadyAssigned, NotAssigned
from clients.models import Assignment, Client, Opportunity
from clients.querysets import AssignmentQuerySet
from clients.services import writing
from clients.signals import client_reassigned
from managers.models import AccountManager
from managers.services.managers import refuse_left


@transaction.atomic
def reassign_client(
    *, actor: Membership | None, client: Client, manager: AccountManager | None, version: int | None = None
) -> Client:
    """Make ``manager`` the main manager, or nobody. Open opportunities of the former one go along."""
    locked = changes.lock(client, version=version)
    writing.refuse_archived(locked)
    previous = locked.main_manager
    if manager == previous:
        raise AlreadyAssigned(_already(manager, AssignmentRole.MAIN))
    if manager is not None:
        refuse_left(manager)
    current = Assignment.objects.current().filter(client=client)
    _close(actor, current.main())
    if manager is not None:
        _close(actor, current.filter(manager=manager))
        _open(actor, locked, manager, AssignmentRole.MAIN, 100)
    changed = writing.change(actor=actor, client=locked, obj=locked, verb="reassigned", main_manager=manager)
    for opportunity in Opportunity.objects.current().open().filter(client=client, owner=previous):
        writing.change(actor=actor, client=changed, obj=opportunity, verb="reassigned", owner=manager)
    client_reassigned.send(Client, client=changed, actor=actor, previous=previous, manager=manager)
    return changed


@transaction.atomic
def assign_manager(
    *,
    actor: Membership | None,
    client: Client,
    manager: AccountManager,
    role: str = AssignmentRole.ASSOCIATE,
    share: int = 100,
) -> Assignment:
    """Put a manager on the account team, or give one who is on it another role or share. ``main`` reassigns."""
    if role == AssignmentRole.MAIN and manager.pk != client.main_manager_id:
        reassign_client(actor=actor, client=client, manager=manager)
        if share == 100:
            return Assignment.objects.current().main().get(client=client)
    locked = changes.lock(client)
    writing.refuse_archived(locked)
    refuse_left(manager)
    place = Assignment.objects.current().filter(client=client, manager=manager).first()
    if place is not None:
        _refuse_same(place, locked, role, share)
        _close(actor, Assignment.objects.filter(pk=place.pk))
    return _open(actor, locked, manager, role, share)


@transaction.atomic
def unassign_manager(*, actor: Membership | None, client: Client, manager: AccountManager) -> Client:
    """Take a manager off the account team; without a main manager the client waits in the "to assign" list."""
    if client.main_manager_id == manager.pk:
        return reassign_client(actor=actor, client=client, manager=None)
    locked = changes.lock(client)
    if not _close(actor, Assignment.objects.current().filter(client=client, manager=manager)):
        raise NotAssigned(
            _("%(name)s is not on this account team. Reload the page to see who is.") % {"name": manager.name}
        )
    return locked


@transaction.atomic
def release_clients(*, actor: Membership | None, manager: AccountManager) -> int:
    """Leave the clients of a departing manager to be assigned again. Returns how many had them as main manager."""
    clients = list(Client.objects.filter(main_manager=manager))
    for client in clients:
        if client.archived_at is None:
            reassign_client(actor=actor, client=client, manager=None)
        else:
            Client.objects.filter(pk=client.pk).update(main_manager=None)
    _close(actor, Assignment.objects.current().filter(manager=manager))
    for opportunity in Opportunity.objects.current().open().filter(owner=manager):
        changes.change(actor=actor, obj=opportunity, verb="reassigned", owner=opportunity.client.main_manager)
    return len(clients)


def _open(actor: Membership | None, client: Client, manager: AccountManager, role: str, share: int) -> Assignment:
    place = Assignment(client=client, manager=manager, role=role, share=share, from_on=timezone.localdate())
    return writing.add(actor=actor, client=client, obj=place, verb="assigned")


def _close(actor: Membership | None, places: AssignmentQuerySet) -> int:
    today = timezone.localdate()
    closed = list(places.select_related("manager", "client"))
    for place in closed:
        place.until_on = today
        place.save(update_fields=["until_on"])
        changes.record(actor=actor, verb="unassigned", obj=place, after={"until_on": today})
    return len(closed)


def _refuse_same(place: Assignment, client: Client, role: str, share: int) -> None:
    if place.role == role and place.share == share:
        raise AlreadyAssigned(_already(place.manager, role))
    if place.role == AssignmentRole.MAIN != role:
        raise AlreadyAssigned(
            _("%(name)s is the main manager. Reassign “%(client)s” to somebody else first.")
            % {"name": place.manager.name, "client": client.name}
        )


def _already(manager: AccountManager | None, role: str) -> str:
    if manager is None:
        return _("This client has no main manager already. Choose one.")
    return _("%(name)s has this place on the account team already (%(role)s). Choose somebody else.") % {
        "name": manager.name,
        "role": AssignmentRole(role).label,
    }
