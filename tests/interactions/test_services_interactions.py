from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import Role
from accounts.exceptions import StaleVersion
from accounts.models import AuditEntry
from clients.exceptions import ClientArchived
from clients.services import archive_client
from interactions import services
from interactions.models import Interaction, Task
from interactions.signals import interaction_logged
from managers.models import Absence
from managers.queries.reporting import forget_portfolio
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import InteractionFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = pytest.mark.usefixtures("inside")


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def log(member, client, **fields):
    return services.log_interaction(actor=member, client=client, **{"kind": "call", "summary": "Talked.", **fields})


def test_log_interaction_keeps_who_took_part_and_the_follow_up(member):
    client = ClientFactory()
    contact = ContactFactory(client=client)
    manager = AccountManagerFactory()

    interaction = log(
        member,
        client,
        hat="financial",
        minutes=20,
        contacts=[contact],
        members=[member],
        managers=[manager],
        follow_up="Send the offer",
        follow_up_on=timezone.localdate(),
    )

    assert {str(person) for person in interaction.participants.all()} == {contact.name, member.name, manager.name}
    task = Task.objects.get()
    assert (task.title, task.client, task.contact, task.assignee) == ("Send the offer", client, contact, member)
    assert interaction.logged_by == member
    assert AuditEntry.objects.filter(verb="logged", object_id=interaction.pk, client_id=client.pk).exists()


@pytest.mark.parametrize(
    ("kind", "direction", "counts"),
    [
        ("call", "both", True),
        ("call", "outbound", False),
        ("email", "inbound", False),
        ("meeting", "outbound", True),
        ("visit", "inbound", True),
        ("note", "both", False),
    ],
)
def test_only_two_way_contact_moves_the_last_contact(member, kind, direction, counts):
    client = ClientFactory()

    interaction = log(member, client, kind=kind, direction=direction)

    client.refresh_from_db()
    assert (client.last_contact_at == interaction.happened_at) is counts
    assert interaction.is_two_way is counts
    assert Interaction.objects.two_way().exists() is counts


def test_an_older_interaction_does_not_move_the_last_contact_back(member):
    client = ClientFactory()
    latest = log(member, client, happened_at=days_ago(2))

    log(member, client, happened_at=days_ago(30))

    client.refresh_from_db()
    assert client.last_contact_at == latest.happened_at


def test_correcting_archiving_and_restoring_recompute_the_last_contact(member):
    client = ClientFactory()
    first, second = log(member, client, happened_at=days_ago(9)), log(member, client, happened_at=days_ago(3))

    changed = services.change_interaction(actor=member, interaction=second, version=1, direction="outbound")
    client.refresh_from_db()
    assert client.last_contact_at == first.happened_at

    services.archive_interaction(actor=member, interaction=first)
    client.refresh_from_db()
    assert client.last_contact_at is None

    services.restore_interaction(actor=member, interaction=first)
    client.refresh_from_db()
    assert client.last_contact_at == first.happened_at
    assert changed.version == 2


def test_change_interaction_refuses_an_old_version_and_leaves_participants_that_are_not_given(member):
    client = ClientFactory()
    contact, other = ContactFactory(client=client), ContactFactory(client=client)
    interaction = log(member, client, contacts=[contact], members=[member])

    services.change_interaction(actor=member, interaction=interaction, version=1, summary="More.", contacts=[other])

    assert {str(person) for person in interaction.participants.all()} == {other.name, member.name}
    with pytest.raises(StaleVersion):
        services.change_interaction(actor=member, interaction=interaction, version=1, summary="Late.")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"happened_at": timezone.now() + timedelta(hours=2)}, "happened_at"),
        ({"summary": "  "}, "summary"),
        ({"kind": "telepathy"}, "kind"),
    ],
)
def test_log_interaction_says_which_field_is_wrong(member, fields, field):
    with pytest.raises(ValidationError) as refusal:
        log(member, ClientFactory(), **fields)

    assert field in refusal.value.message_dict
    assert not Interaction.objects.exists()


def test_log_interaction_refuses_another_clients_contact_and_an_archived_client(member):
    client = ClientFactory()
    with pytest.raises(ValidationError, match="belongs to another client"):
        log(member, client, contacts=[ContactFactory()])

    archived = archive_client(actor=member, client=client)
    with pytest.raises(ClientArchived, match="Restore the client first"):
        log(member, archived)


def test_a_substitute_logs_on_behalf_of_the_absent_manager(cast):
    member = cast[Role.MANAGER]
    mine, absent = AccountManagerFactory(member=member), AccountManagerFactory()
    client = ClientFactory(main_manager=absent)
    today = timezone.localdate()
    Absence.objects.create(manager=absent, substitute=mine, from_on=today, until_on=today)
    forget_portfolio(member)

    interaction = log(member, client)

    assert interaction.on_behalf_of == absent
    assert AuditEntry.objects.get(object_id=interaction.pk).on_behalf_of == absent.name


def test_interaction_logged_is_announced_once(member):
    heard = []
    interaction_logged.connect(receiver := lambda sender, **kwargs: heard.append(kwargs["interaction"]))
    try:
        interaction = log(member, ClientFactory())
    finally:
        interaction_logged.disconnect(receiver)

    assert heard == [interaction]


def test_members_see_interactions_of_the_clients_they_see(cast):
    manager = AccountManagerFactory(member=cast[Role.MANAGER])
    mine, theirs = InteractionFactory(client__main_manager=manager), InteractionFactory()

    assert set(Interaction.objects.visible_to(cast[Role.MANAGER])) == {mine}
    assert set(Interaction.objects.visible_to(cast[Role.ADMIN])) == {mine, theirs}


def test_search_folds_arabic():
    InteractionFactory(summary="إدارة المؤسَّسة تطلب عرضًا")

    assert Interaction.objects.search("ادارة المؤسسة").count() == 1
