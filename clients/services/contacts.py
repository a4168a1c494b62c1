from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from clients.exceptions import ContactCycle, ForeignRow
from clients.models import Client, Contact
from clients.services import writing


@transaction.atomic
def add_contact(
    *, actor: Membership | None, client: Client, name: str, is_primary: bool | None = None, **fields: Any
) -> Contact:
    """Add a person at a client. The first one is the primary contact, unless said otherwise.

    ``fields``: name_other, email, phone, language, role, influence, stance, reports_to, survey_consent, left_on.
    """
    if is_primary is None:
        is_primary = not _primary(client).exists()
    elif is_primary:
        _step_down(actor, client)
    contact = Contact(client=client, name=name, is_primary=is_primary, **fields)
    _refuse_superior(contact, contact.reports_to)
    return writing.add(actor=actor, client=client, obj=contact)


@transaction.atomic
def change_contact(*, actor: Membership | None, contact: Contact, version: int | None = None, **fields: Any) -> Contact:
    """Change facts about a contact. Somebody who moves to another client left one and is added to the other."""
    if "client" in fields and fields.pop("client") != contact.client:
        raise ForeignRow(
            _("A contact stays with its client. Note when %(name)s left, and add a new contact there.")
            % {"name": contact.name}
        )
    _refuse_superior(contact, fields.get("reports_to"))
    if fields.get("is_primary") and not contact.is_primary:
        _step_down(actor, contact.client)
    return writing.change(actor=actor, client=contact.client, obj=contact, version=version, **fields)


def archive_contact(*, actor: Membership | None, contact: Contact, version: int | None = None) -> Contact:
    return writing.archive(actor=actor, client=contact.client, obj=contact, version=version)


@transaction.atomic
def restore_contact(*, actor: Membership | None, contact: Contact, version: int | None = None) -> Contact:
    """Undo archiving. Who became the primary contact meanwhile stays it."""
    keeps = contact.is_primary and not _primary(contact.client).exclude(pk=contact.pk).exists()
    return writing.change(
        actor=actor,
        client=contact.client,
        obj=contact,
        version=version,
        verb="restored",
        archived_at=None,
        is_primary=keeps,
    )


def _primary(client: Client) -> Any:
    return Contact.objects.current().filter(client=client, is_primary=True)


def _step_down(actor: Membership | None, client: Client) -> None:
    for former in _primary(client):
        writing.change(actor=actor, client=client, obj=former, is_primary=False)


def _refuse_superior(contact: Contact, superior: Contact | None) -> None:
    """Superiors belong to the same client, and the line never comes back to where it began."""
    if superior is None:
        return
    if superior.client_id != contact.client_id:
        raise ForeignRow(
            _("%(name)s works for another client. Choose a contact of the same client.") % {"name": superior.name}
        )
    above: Contact | None = superior
    seen = {contact.pk}
    while above is not None:
        if above.pk in seen:
            raise ContactCycle(
                _("%(superior)s reports to %(name)s already, so it cannot be the other way round.")
                % {"superior": superior.name, "name": contact.name}
            )
        seen.add(above.pk)
        above = above.reports_to
