from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from clients.choices import AssignmentRole, OpportunityStage
from clients.models import (
    Assignment,
    ChurnEvent,
    Client,
    ClientTag,
    Contact,
    Contract,
    ContractLine,
    Measure,
    Opportunity,
    Product,
    StagePeriod,
    Tag,
)
from tests.factories.clients import (
    AssignmentFactory,
    ChurnEventFactory,
    ClientFactory,
    ClientTagFactory,
    ContactFactory,
    ContractFactory,
    ContractLineFactory,
    MeasureFactory,
    OpportunityFactory,
    ProductFactory,
)
from tests.factories.managers import AbsenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def clients(line):
    """One client per manager of the line, and one that nobody has."""
    made = {name: ClientFactory(name=f"of {name}", main_manager=person) for name, person in line.items()}
    return {**made, "nobody": ClientFactory(name="of nobody")}


def seen_by(member):
    return {client.name.removeprefix("of ") for client in Client.objects.visible_to(member)}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("vice", {"vice", "lead", "manager", "associate", "sibling", "other", "nobody"}),
        ("lead", {"lead", "manager", "associate", "nobody"}),
        ("sibling", {"sibling", "other", "nobody"}),
        ("manager", {"manager"}),
        ("associate", {"associate", "manager"}),
        ("other", {"other"}),
    ],
)
def test_members_see_their_portfolio(line, clients, who, seen):
    assert seen_by(line[who].member) == seen


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_admin_and_viewer_see_everything(cast, clients, role):
    assert seen_by(cast[role]) == set(clients)


def test_lead_without_a_profile_sees_what_waits_for_a_manager(cast, clients):
    assert seen_by(cast[Role.LEAD]) == {"nobody"}
    assert seen_by(cast[Role.MANAGER]) == set()


def test_every_place_on_the_account_team_shows_the_client_until_it_ends(line, clients):
    place = AssignmentFactory(client=clients["other"], manager=line["manager"], role=AssignmentRole.SPONSOR)
    assert seen_by(line["manager"].member) == {"manager", "other"}

    Assignment.objects.filter(pk=place.pk).update(until_on=timezone.localdate())
    assert seen_by(line["manager"].member) == {"manager"}


def test_substitute_sees_the_clients_of_the_absent_today(line, clients):
    AbsenceFactory(manager=line["other"], substitute=line["manager"])
    AbsenceFactory(
        manager=line["sibling"],
        substitute=line["manager"],
        from_on=timezone.localdate() + timedelta(days=1),
    )

    assert seen_by(line["manager"].member) == {"manager", "other"}


def test_rows_of_a_client_are_seen_with_it(line, clients):
    for client in clients.values():
        for make in (ContactFactory, ContractFactory, OpportunityFactory, ChurnEventFactory, MeasureFactory):
            make(client=client)
        ContractLineFactory(contract=client.contracts.get())
        ClientTagFactory(client=client)
        StagePeriod.objects.create(
            opportunity=client.opportunities.get(), stage=OpportunityStage.IDENTIFIED, from_at=timezone.now()
        )

    hanging = [Contact, Contract, ContractLine, Opportunity, ChurnEvent, Measure, ClientTag, StagePeriod]
    for rows in (model.objects for model in hanging):
        assert rows.visible_to(line["manager"].member).count() == 1, rows.model
        assert rows.visible_to(line["lead"].member).count() == 4, rows.model
    assert Assignment.objects.visible_to(line["lead"].member).count() == 3


def test_catalogue_and_words_are_everybodys(line):
    ProductFactory()
    ClientTagFactory()

    assert Product.objects.visible_to(line["associate"].member).count() == 1
    assert Tag.objects.visible_to(line["associate"].member).count() == 1


def test_visible_list_is_one_statement_for_one_and_for_three(line, django_assert_num_queries):
    member = line["vice"].member
    for number in (1, 2):
        for _ in range(number):
            ClientFactory(main_manager=line["manager"])
        member.__dict__.pop("_portfolio", None)
        with django_assert_num_queries(2):  # the portfolio, the list
            assert all(client.main_manager.name for client in Client.objects.visible_to(member).for_list())


@pytest.mark.parametrize(
    ("model", "make", "shown"),
    [
        (Contact, ContactFactory, lambda row: row.client.name),
        (Opportunity, OpportunityFactory, lambda row: (row.client.name, row.product, row.owner)),
        (Contract, ContractFactory, lambda row: row.client.name),
        (ContractLine, ContractLineFactory, lambda row: (row.contract.name, row.product.name)),
        (Assignment, AssignmentFactory, lambda row: row.manager.name),
    ],
)
def test_lists_are_one_statement_for_one_and_for_three(model, make, shown, django_assert_num_queries):
    for number in (1, 2):
        for _ in range(number):
            make()
        with django_assert_num_queries(1):
            assert [shown(row) for row in model.objects.for_list()]


def test_search_finds_every_word_in_any_spelling():
    wanted = ClientFactory(name="مؤسسة الأمل للتجارة", name_other="Al-Amal Trading 2020")
    ClientFactory(name="Amal Clinic")

    for text in ("الامل", "موسسه الامل", "AMAL trading", "amal ٢٠٢٠", "  trading "):
        assert list(Client.objects.search(text)) == [wanted], text
    assert Client.objects.search("").count() == 2


def test_search_text_is_filled_in_bulk_and_never_too_long_for_the_index():
    Client.objects.bulk_create([ClientFactory.build(name="ﷺ" * 200, tier="strategic")])

    client = Client.objects.get()
    assert len(client.search_text) == 600
    assert client.tier_rank == 1


def test_named_sets_of_clients():
    now, today = timezone.now(), timezone.localdate()
    plain = ClientFactory(last_contact_at=now)
    due = ClientFactory(next_renewal_on=today + timedelta(days=30), last_contact_at=now)
    silent = ClientFactory(last_contact_at=now - timedelta(days=40))
    gone = ClientFactory(archived_at=now, last_contact_at=now)
    line = ContractLineFactory(contract__client=plain)
    ContractLineFactory(contract__client=due, product=line.product, starts_on=today - timedelta(days=9), ends_on=today)

    assert set(Client.objects.current()) == {plain, due, silent}
    assert set(Client.objects.unassigned()) == {plain, due, silent, gone}
    assert list(Client.objects.renewal_within(30)) == [due]
    assert list(Client.objects.renewal_within(29)) == []
    assert list(Client.objects.silent_for(40)) == [silent]
    assert list(Client.objects.silent_for(41)) == []
    assert list(Client.objects.with_product(line.product)) == [plain]


def test_running_lines_count_from_the_first_day_until_the_day_before_the_end():
    today = timezone.localdate()
    row = ContractLineFactory(starts_on=today, ends_on=today + timedelta(days=2))

    running = [ContractLine.objects.running(today + timedelta(days=days)).exists() for days in (-1, 0, 1, 2)]

    assert running == [False, True, True, False]
    assert [row.is_running(today + timedelta(days=days)) for days in (-1, 0, 1, 2)] == running


def test_named_sets_of_opportunities():
    now, today = timezone.now(), timezone.localdate()
    fresh = OpportunityFactory()
    late = OpportunityFactory(expected_close_on=today - timedelta(days=1))
    won = OpportunityFactory(stage=OpportunityStage.WON, closed_at=now, expected_close_on=today - timedelta(days=1))
    lost = OpportunityFactory(stage=OpportunityStage.LOST, closed_at=now - timedelta(days=31))

    assert set(Opportunity.objects.open()) == {fresh, late}
    assert list(Opportunity.objects.overdue()) == [late]
    assert list(Opportunity.objects.closing_before(today)) == [late]
    assert (list(Opportunity.objects.won()), list(Opportunity.objects.lost())) == ([won], [lost])
    assert set(Opportunity.objects.on_board()) == {fresh, late, won}


def test_contacts_are_reachable_with_an_address_while_they_are_there():
    here = ContactFactory()
    ContactFactory(email="")
    ContactFactory(left_on=timezone.localdate())
    ContactFactory(archived_at=timezone.now())

    assert list(Contact.objects.reachable()) == [here]
