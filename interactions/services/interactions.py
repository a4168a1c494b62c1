"""Logging what happened with a client."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.models import Client, Contact
from clients.services import rollups as client_rollups
from clients.services import writing
from interactions.choices import Direction, Hat
from interactions.models import Interaction, Participant
from interactions.services.rollups import refresh_last_contact
from interactions.services.tasks import add_task
from interactions.signals import interaction_logged
from managers.models import AccountManager

# Clocks differ a little; what lies further ahead has not happened yet.
_CLOCK_TOLERANCE = timedelta(minutes=5)


@transaction.atomic
def log_interaction(
    *,
    actor: Membership | None,
    client: Client,
    kind: str,
    summary: str,
    direction: str = Direction.BOTH,
    hat: str = Hat.SERVICE,
    happened_at: datetime | None = None,
    minutes: int | None = None,
    sentiment: str = "",
    contacts: Iterable[Contact] = (),
    members: Iterable[Membership] = (),
    managers: Iterable[AccountManager] = (),
    on_behalf_of: AccountManager | None = None,
    follow_up: str = "",
    follow_up_on: date | None = None,
    follow_up_assignee: Membership | None = None,
) -> Interaction:
    """Record an interaction, who took part, and the task that follows from it when ``follow_up`` names one.

    Two-way contact moves the client's last contact. A substitute's work is recorded on behalf of the absent manager.
    """
    writing.refuse_archived(client)
    contacts = list(contacts)
    happened_at = happened_at or timezone.now()
    _refuse_future(happened_at)
    interaction = Interaction(
        client=client,
        kind=kind,
        direction=direction,
        hat=hat,
        happened_at=happened_at,
        minutes=minutes,
        summary=summary.strip(),
        sentiment=sentiment,
        logged_by=actor,
        on_behalf_of=on_behalf_of or writing.acts_for(actor, client),
    )
    changes.add(actor=actor, obj=interaction, verb="logged", on_behalf_of=interaction.on_behalf_of)
    _set_participants(interaction, contacts=contacts, members=members, managers=managers)
    if interaction.is_two_way:
        client_rollups.touch(client, interaction.happened_at)
    if follow_up.strip():
        add_task(
            actor=actor,
            title=follow_up,
            client=client,
            contact=contacts[0] if contacts else None,
            due_on=follow_up_on,
            assignee=follow_up_assignee,
        )
    interaction_logged.send(Interaction, interaction=interaction, actor=actor)
    return interaction


@transaction.atomic
def change_interaction(
    *,
    actor: Membership | None,
    interaction: Interaction,
    version: int | None = None,
    contacts: Iterable[Contact] | None = None,
    members: Iterable[Membership] | None = None,
    managers: Iterable[AccountManager] | None = None,
    **fields: Any,
) -> Interaction:
    """Correct an interaction. Participants that are not given stay as they are."""
    if fields.get("happened_at"):
        _refuse_future(fields["happened_at"])
    changed = writing.change(actor=actor, client=interaction.client, obj=interaction, version=version, **fields)
    before = _names_of_participants(changed)
    if _set_participants(changed, contacts=contacts, members=members, managers=managers):
        changed.version += 1
        changed.save(update_fields=["version", "updated_at"])
        changes.record(
            actor=actor,
            verb="changed",
            obj=changed,
            before={"participants": before},
            after={"participants": _names_of_participants(changed)},
            on_behalf_of=writing.acts_for(actor, changed.client),
        )
    refresh_last_contact(changed.client)
    return changed


@transaction.atomic
def archive_interaction(
    *, actor: Membership | None, interaction: Interaction, version: int | None = None
) -> Interaction:
    archived = writing.archive(actor=actor, client=interaction.client, obj=interaction, version=version)
    refresh_last_contact(archived.client)
    return archived


@transaction.atomic
def restore_interaction(
    *, actor: Membership | None, interaction: Interaction, version: int | None = None
) -> Interaction:
    restored = writing.restore(actor=actor, client=interaction.client, obj=interaction, version=version)
    refresh_last_contact(restored.client)
    return restored


def _refuse_foreign_contact(client: Client, contact: Contact) -> None:
    if contact.client_id != client.pk:
        raise ValidationError(
            {
                "contacts": _("%(contact)s belongs to another client. Choose one of this client's contacts.")
                % {"contact": contact}
            }
        )


def _refuse_future(happened_at: datetime) -> None:
    if happened_at > timezone.now() + _CLOCK_TOLERANCE:
        raise ValidationError(
            {"happened_at": _("An interaction has happened already. Choose a time that is past, or plan a task.")}
        )


def _set_participants(
    interaction: Interaction,
    *,
    contacts: Iterable[Contact] | None,
    members: Iterable[Membership] | None,
    managers: Iterable[AccountManager] | None,
) -> bool:
    """Make the participants of each given kind exactly those given; whether anybody came or went."""
    has_changed = False
    contacts = None if contacts is None else list(contacts)
    for contact in contacts or ():
        _refuse_foreign_contact(interaction.client, contact)
    for name, people in (("contact", contacts), ("member", members), ("manager", managers)):
        if people is None:
            continue
        wanted = {person.pk: person for person in people}
        present = interaction.participants.exclude(**{name: None})
        gone, _by_model = present.exclude(**{f"{name}__in": list(wanted)}).delete()
        known = set(present.values_list(f"{name}_id", flat=True))
        came = [Participant(interaction=interaction, **{name: who}) for pk, who in wanted.items() if pk not in known]
        Participant.objects.bulk_create(came)
        has_changed = has_changed or bool(gone or came)
    return has_changed


def _names_of_participants(interaction: Interaction) -> list[str]:
    people = interaction.participants.select_related("contact", "member__user", "manager").order_by("pk")
    return [str(person) for person in people]
