from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.choices import Role
from accounts.exceptions import DomainError, StaleVersion
from accounts.models import AuditEntry
from clients import services
from clients.choices import AssignmentRole, Lifecycle, OpportunityStage
from clients.exceptions import AlreadyAssigned, ClientArchived, ClientCycle, NotAssigned
from clients.models import Assignment, Client, LifecyclePeriod, Opportunity, Tag
from clients.queries import similar_clients
from clients.signals import client_added, client_changed, client_reassigned
from managers.exceptions import ManagerHasLeft
from managers.services import remove_manager
from tests.factories.clients import AssignmentFactory, ClientFactory, OpportunityFactory
from tests.factories.managers import AbsenceFactory, AccountManagerFactory, SigningManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def heard():
    """Signals as they come: (signal's name, what came with it)."""
    said = []
    named = {"added": client_added, "changed": client_changed, "reassigned": client_reassigned}
    receivers = {}
    for name, signal in named.items():
        receivers[name] = lambda sender, name=name, **facts: said.append((name, facts))
        signal.connect(receivers[name])
    yield said
    for name, signal in named.items():
        signal.disconnect(receivers[name])


def places(client):
    rows = Assignment.objects.filter(client=client).order_by("from_on", "pk").select_related("manager")
    return [(row.manager.name, row.role, row.from_on, row.until_on) for row in rows]


def test_add_client_needs_only_a_name(member, heard):
    client = services.add_client(actor=member, name="Amal")

    assert (client.name, client.currency, client.tier, client.lifecycle) == ("Amal", "USD", "core", "onboarding")
    period = LifecyclePeriod.objects.get(client=client)
    assert (period.lifecycle, period.from_on, period.until_on) == (Lifecycle.ONBOARDING, TODAY, None)
    assert AuditEntry.objects.get(object_id=client.pk).after["name"] == "Amal"
    assert [name for name, _facts in heard] == ["added"]


def test_add_client_refuses_what_is_wrong_by_field(member):
    with pytest.raises(ValidationError) as refused:
        services.add_client(actor=member, name="", country="xx")

    assert set(refused.value.error_dict) == {"name", "country"}
    assert not Client.objects.exists()


def test_manager_who_adds_a_client_looks_after_it():
    manager = SigningManagerFactory()

    client = services.add_client(actor=manager.member, name="Amal")

    assert client.main_manager == manager
    assert list(Client.objects.visible_to(manager.member)) == [client]


def test_lead_who_adds_a_client_leaves_it_to_assign():
    lead = SigningManagerFactory(member__role=Role.LEAD)

    assert services.add_client(actor=lead.member, name="Amal").main_manager is None


def test_add_client_refuses_a_manager_who_left(member):
    with pytest.raises(ManagerHasLeft):
        services.add_client(actor=member, name="Amal", main_manager=AccountManagerFactory(left_on=TODAY))


def test_add_client_without_an_actor_takes_the_organizations_currency():
    assert services.add_client(actor=None, name="Amal").currency == "USD"


def test_change_client_counts_versions_and_keeps_the_audit(member, heard):
    client = ClientFactory(name="Amal")

    changed = services.change_client(actor=member, client=client, version=1, name="Al-Amal", tier="strategic")

    assert (changed.version, changed.search_text, changed.tier_rank) == (2, "al-amal", 1)
    entry = AuditEntry.objects.get(object_id=client.pk)
    assert (entry.before, entry.after) == (
        {"name": "Amal", "tier": "core"},
        {"name": "Al-Amal", "tier": "strategic"},
    )
    assert [name for name, _facts in heard] == ["changed"]


def test_change_client_with_an_old_version_writes_nothing(member):
    client = ClientFactory(name="Amal")
    services.change_client(actor=member, client=client, version=1, name="First")

    with pytest.raises(StaleVersion, match="Somebody else changed"):
        services.change_client(actor=member, client=client, version=1, name="Second")

    client.refresh_from_db()
    assert (client.name, client.version) == ("First", 2)


def test_change_client_without_a_difference_is_silent(member, heard):
    client = ClientFactory(name="Amal")

    assert services.change_client(actor=member, client=client, version=1, name="Amal").version == 1
    assert heard == []
    assert not AuditEntry.objects.exists()


def test_client_is_not_its_own_parent_at_any_depth(member):
    top = ClientFactory(name="Top")
    middle = ClientFactory(name="Middle", parent=top)

    with pytest.raises(ClientCycle, match="Choose another one"):
        services.change_client(actor=member, client=top, parent=middle)
    with pytest.raises(ClientCycle):
        services.change_client(actor=member, client=top, parent=top)
    assert services.change_client(actor=member, client=ClientFactory(), parent=middle).parent == middle


def test_archived_client_takes_nothing_until_it_is_restored(member):
    client = services.archive_client(actor=member, client=ClientFactory(name="Amal"))

    assert client not in Client.objects.current()
    with pytest.raises(ClientArchived, match="Restore the client first"):
        services.add_contact(actor=member, client=client, name="Ada")
    with pytest.raises(DomainError, match="Restore it first"):
        services.change_client(actor=member, client=client, name="Other")

    assert services.restore_client(actor=member, client=client) in Client.objects.current()
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"archived", "restored"}


def test_what_a_substitute_does_is_on_behalf_of_the_absent():
    absent, substitute = SigningManagerFactory(name="Layla"), SigningManagerFactory()
    client = ClientFactory(main_manager=absent)
    own = ClientFactory(main_manager=substitute)
    AbsenceFactory(manager=absent, substitute=substitute)

    services.change_client(actor=substitute.member, client=client, segment="A")
    services.change_client(actor=substitute.member, client=own, segment="A")

    assert AuditEntry.objects.get(object_id=client.pk).on_behalf_of == "Layla"
    assert AuditEntry.objects.get(object_id=own.pk).on_behalf_of == ""


def test_reassign_client_keeps_who_it_was_when(member, heard, today):
    first, second = AccountManagerFactory(name="First"), AccountManagerFactory(name="Second")
    client = services.add_client(actor=member, name="Amal", main_manager=first)
    today.move_to("2026-04-01 09:00+00:00")

    moved = services.reassign_client(actor=member, client=client, manager=second, version=1)

    assert (moved.main_manager, moved.version) == (second, 2)
    assert places(client) == [
        ("First", "main", TODAY, date(2026, 4, 1)),
        ("Second", "main", date(2026, 4, 1), None),
    ]
    assert Assignment.objects.main().on(date(2026, 3, 31)).get(client=client).manager == first
    name, facts = heard[-1]
    assert (name, facts["previous"], facts["manager"], facts["client"]) == ("reassigned", first, second, client)


def test_reassign_client_takes_the_open_opportunities_along(member):
    first, second, third = (AccountManagerFactory() for _ in range(3))
    client = ClientFactory(main_manager=first)
    open_one = OpportunityFactory(client=client, owner=first)
    of_third = OpportunityFactory(client=client, owner=third)

    services.reassign_client(actor=member, client=client, manager=second)

    assert Opportunity.objects.get(pk=open_one.pk).owner == second
    assert Opportunity.objects.get(pk=of_third.pk).owner == third


def test_reassign_client_makes_a_specialist_the_main_manager_once(member):
    manager = AccountManagerFactory(name="Layla")
    client = ClientFactory()
    AssignmentFactory(client=client, manager=manager, role=AssignmentRole.SPECIALIST)

    services.reassign_client(actor=member, client=client, manager=manager)

    current = Assignment.objects.current().get(client=client)
    assert (current.manager, current.role) == (manager, AssignmentRole.MAIN)


def test_reassign_client_refuses_the_same_manager_and_those_who_left(member):
    manager = AccountManagerFactory(name="Layla")
    client = ClientFactory(main_manager=manager)

    with pytest.raises(AlreadyAssigned, match="Layla has this place"):
        services.reassign_client(actor=member, client=client, manager=manager)
    with pytest.raises(ManagerHasLeft):
        services.reassign_client(actor=member, client=client, manager=AccountManagerFactory(left_on=TODAY))
    with pytest.raises(AlreadyAssigned, match="no main manager"):
        services.reassign_client(actor=member, client=ClientFactory(), manager=None)
    with pytest.raises(StaleVersion):
        services.reassign_client(actor=member, client=client, manager=None, version=7)


def test_assign_manager_adds_changes_and_keeps_history(member, today):
    client, manager = ClientFactory(), AccountManagerFactory(name="Layla")

    services.assign_manager(actor=member, client=client, manager=manager, role=AssignmentRole.ASSISTANT)
    with pytest.raises(AlreadyAssigned):
        services.assign_manager(actor=member, client=client, manager=manager, role=AssignmentRole.ASSISTANT)
    today.move_to("2026-04-01 09:00+00:00")
    place = services.assign_manager(actor=member, client=client, manager=manager, role=AssignmentRole.SPONSOR, share=20)

    assert (place.share, place.is_current) == (20, True)
    assert places(client) == [
        ("Layla", "assistant", TODAY, date(2026, 4, 1)),
        ("Layla", "sponsor", date(2026, 4, 1), None),
    ]


def test_assign_manager_as_main_reassigns(member):
    client = ClientFactory(main_manager=AccountManagerFactory(name="First"))
    manager = AccountManagerFactory(name="Second")

    place = services.assign_manager(actor=member, client=client, manager=manager, role=AssignmentRole.MAIN, share=60)

    client.refresh_from_db()
    assert (client.main_manager, place.share) == (manager, 60)
    assert Assignment.objects.current().main().get(client=client) == place


def test_assign_manager_does_not_demote_the_main_manager(member):
    manager = AccountManagerFactory(name="Layla")
    client = ClientFactory(main_manager=manager)

    with pytest.raises(AlreadyAssigned, match="Reassign"):
        services.assign_manager(actor=member, client=client, manager=manager, role=AssignmentRole.SPONSOR)
    client.refresh_from_db()
    assert client.main_manager == manager


def test_unassign_manager_frees_the_place(member):
    main, helper = AccountManagerFactory(), AccountManagerFactory()
    client = ClientFactory(main_manager=main)
    AssignmentFactory(client=client, manager=helper)

    services.unassign_manager(actor=member, client=client, manager=helper)
    with pytest.raises(NotAssigned, match="not on this account team"):
        services.unassign_manager(actor=member, client=client, manager=helper)
    assert services.unassign_manager(actor=member, client=client, manager=main).main_manager is None
    assert not Assignment.objects.current().exists()


def test_departing_manager_leaves_the_clients_to_assign(member, heard):
    manager, colleague = AccountManagerFactory(), AccountManagerFactory()
    client = ClientFactory(main_manager=manager)
    archived = ClientFactory(main_manager=manager, archived_at="2026-01-01T00:00Z")
    helped = ClientFactory(main_manager=colleague)
    AssignmentFactory(client=helped, manager=manager)
    elsewhere = OpportunityFactory(client=helped, owner=manager)
    won = OpportunityFactory(client=client, owner=manager, stage=OpportunityStage.WON, closed_at="2026-01-01T00:00Z")

    remove_manager(actor=member, manager=manager)

    for row in (client, archived, elsewhere, won):
        row.refresh_from_db()
    assert (client.main_manager, archived.main_manager) == (None, None)
    assert (elsewhere.owner, won.owner) == (colleague, manager)
    assert set(Assignment.objects.current().values_list("manager", flat=True)) == {colleague.pk}
    assert [name for name, _facts in heard] == ["reassigned"]


def test_tags_are_found_or_made_and_set_as_a_whole(member):
    client = ClientFactory()

    services.tag_client(actor=member, client=client, name="مهمّ")
    services.tag_client(actor=member, client=client, name=" مهم ")
    assert [tag.name for tag in Tag.objects.all()] == ["مهمّ"]

    services.set_tags(actor=member, client=client, names=["VIP", "vip", "", "Retail"])
    assert set(Tag.objects.filter(client_tags__client=client).values_list("name", flat=True)) == {"VIP", "Retail"}
    services.change_client(actor=member, client=client, tags=[])
    assert not client.client_tags.exists()
    assert AuditEntry.objects.filter(verb="tagged").count() == 3
    assert AuditEntry.objects.filter(verb="untagged").count() == 3


def test_add_client_with_tags(member):
    client = services.add_client(actor=member, name="Amal", tags=["VIP"])

    assert list(Client.objects.tagged(Tag.objects.get())) == [client]


@pytest.mark.parametrize(
    ("typed", "known", "other", "alike"),
    [
        ("Al Amal Trading LLC", "Al Amal Trading", "", True),
        ("شركة الأمل للتجارة", "الامل للتجاره", "", True),
        ("الأمل للتجارة", "Al-Amal", "مؤسسة الأمل للتجارة", True),
        ("Amal Tradng", "Amal Trading Co.", "", True),
        ("Nile Foods", "Nile Textiles", "", False),
        ("AB", "AB", "", False),
    ],
)
def test_similar_clients_are_found_before_one_is_added_twice(member, typed, known, other, alike):
    client = ClientFactory(name=known, name_other=other)

    assert similar_clients(member=member, name=typed) == ([client] if alike else [])
    assert similar_clients(member=member, name=typed, exclude=client) == []


def test_similar_clients_never_name_somebody_elses():
    stranger = SigningManagerFactory()
    ClientFactory(name="Al Amal Trading")

    assert similar_clients(member=stranger.member, name="Al Amal Trading") == []
