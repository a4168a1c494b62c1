import sys
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.exceptions import StaleVersion
from accounts.models import AuditEntry
from clients import services
from clients.choices import OpportunityStage
from clients.exceptions import ForeignRow, LostReasonMissing, OpportunityClosed, OpportunityOpen, ProductArchived
from clients.models import Opportunity, StagePeriod
from clients.queries import board, stage_totals
from clients.signals import opportunity_lost, opportunity_opened, opportunity_won
from managers.exceptions import ManagerHasLeft
from tests.factories.clients import ClientFactory, OpportunityFactory, ProductFactory
from tests.factories.managers import AccountManagerFactory, SigningManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-03-02 09:00+00:00") as traveller:
        yield traveller


@pytest.fixture
def heard():
    said = []
    named = {"opened": opportunity_opened, "won": opportunity_won, "lost": opportunity_lost}
    for name, signal in named.items():
        signal.connect(lambda sender, name=name, **facts: said.append(name), weak=False, dispatch_uid=f"t-{name}")
    yield said
    for name, signal in named.items():
        signal.disconnect(dispatch_uid=f"t-{name}")


@pytest.fixture
def opportunity(member, heard):
    return services.add_opportunity(actor=member, client=ClientFactory(), name="More seats")


def stages(opportunity):
    rows = StagePeriod.objects.filter(opportunity=opportunity).order_by("from_at", "pk")
    return [(row.stage, row.until_at is None) for row in rows]


def test_add_opportunity_belongs_to_the_main_manager(member, heard):
    manager = AccountManagerFactory()

    opportunity = services.add_opportunity(actor=member, client=ClientFactory(main_manager=manager), name="More")

    assert (opportunity.owner, opportunity.currency, opportunity.stage) == (manager, "USD", OpportunityStage.IDENTIFIED)
    assert (opportunity.amount_minor, opportunity.expected_close_on) == (None, None)
    assert stages(opportunity) == [("identified", True)]
    assert heard == ["opened"]


def test_add_opportunity_of_an_unassigned_client_belongs_to_whoever_adds_it():
    manager = SigningManagerFactory()

    assert services.add_opportunity(actor=manager.member, client=ClientFactory(), name="More").owner == manager


def test_add_opportunity_refuses_closed_stages_gone_owners_and_old_products(member):
    client = ClientFactory()

    with pytest.raises(OpportunityClosed):
        services.add_opportunity(actor=member, client=client, name="More", stage=OpportunityStage.WON)
    with pytest.raises(ManagerHasLeft):
        services.add_opportunity(
            actor=member, client=client, name="More", owner=AccountManagerFactory(left_on=date(2026, 1, 1))
        )
    with pytest.raises(ProductArchived):
        services.add_opportunity(
            actor=member, client=client, name="More", product=ProductFactory(archived_at=timezone.now())
        )


def test_win_opportunity_closes_it_and_lets_others_know(member, opportunity, heard):
    won = services.win_opportunity(actor=member, opportunity=opportunity, version=1)

    assert (won.stage, won.is_open, won.version) == (OpportunityStage.WON, False, 2)
    assert won.closed_at.date() == date(2026, 3, 2)
    assert stages(won) == [("identified", False), ("won", True)]
    assert heard == ["opened", "won"]
    assert AuditEntry.objects.get(verb="won").client_id == opportunity.client_id


@pytest.mark.parametrize("close", [services.win_opportunity, services.lose_opportunity, services.move_opportunity])
def test_closed_opportunity_is_not_closed_again(member, opportunity, close):
    services.win_opportunity(actor=member, opportunity=opportunity)
    more = {"reason": "x"} if close is services.lose_opportunity else {}
    more |= {"stage": "proposed"} if close is services.move_opportunity else {}

    with pytest.raises(OpportunityClosed, match="already won. Reopen it first"):
        close(actor=member, opportunity=opportunity, **more)


def test_lose_opportunity_asks_why(member, opportunity, heard):
    with pytest.raises(LostReasonMissing) as refused:
        services.lose_opportunity(actor=member, opportunity=opportunity, reason="  ")
    assert list(refused.value.error_dict) == ["reason"]

    lost = services.lose_opportunity(actor=member, opportunity=opportunity, reason=" Too dear ")
    assert (lost.stage, lost.lost_reason) == (OpportunityStage.LOST, "Too dear")
    assert heard == ["opened", "lost"]
    with pytest.raises(OpportunityClosed, match="already lost"):
        services.win_opportunity(actor=member, opportunity=lost)


def test_reopen_opportunity_puts_it_back_where_it_stood(member, opportunity):
    services.move_opportunity(actor=member, opportunity=opportunity, stage="qualified")
    lost = services.lose_opportunity(actor=member, opportunity=opportunity, reason="Too dear")

    again = services.reopen_opportunity(actor=member, opportunity=lost)

    assert (again.stage, again.closed_at, again.lost_reason) == ("qualified", None, "")
    assert stages(again) == [("identified", False), ("qualified", False), ("lost", False), ("qualified", True)]
    with pytest.raises(OpportunityOpen):
        services.reopen_opportunity(actor=member, opportunity=again)


def test_reopen_opportunity_that_came_closed_is_proposed(member):
    imported = OpportunityFactory(stage=OpportunityStage.WON, closed_at=timezone.now())

    assert services.reopen_opportunity(actor=member, opportunity=imported).stage == OpportunityStage.PROPOSED


def test_move_opportunity_wins_and_loses_too(member, opportunity, heard):
    unmoved = services.move_opportunity(actor=member, opportunity=opportunity, stage="identified")
    assert unmoved.version == 1
    with pytest.raises(LostReasonMissing):
        services.move_opportunity(actor=member, opportunity=opportunity, stage="lost")
    with pytest.raises(StaleVersion):
        services.move_opportunity(actor=member, opportunity=opportunity, stage="proposed", version=9)

    services.move_opportunity(actor=member, opportunity=opportunity, stage="won")
    assert heard == ["opened", "won"]


def test_change_opportunity_is_for_open_ones(member, opportunity):
    changed = services.change_opportunity(actor=member, opportunity=opportunity, version=1, amount_minor=500)
    assert (changed.amount_minor, changed.version) == (500, 2)
    with pytest.raises(ForeignRow):
        services.change_opportunity(actor=member, opportunity=changed, client=ClientFactory())
    with pytest.raises(StaleVersion):
        services.change_opportunity(actor=member, opportunity=changed, version=1, name="Other")

    services.win_opportunity(actor=member, opportunity=changed)
    with pytest.raises(OpportunityClosed):
        services.change_opportunity(actor=member, opportunity=changed, amount_minor=900)
    changed.refresh_from_db()
    assert changed.amount_minor == 500


def test_archive_opportunity_and_undo(member, opportunity):
    archived = services.archive_opportunity(actor=member, opportunity=opportunity)
    assert not Opportunity.objects.current().exists()

    assert services.restore_opportunity(actor=member, opportunity=archived) in Opportunity.objects.current()


def test_board_counts_and_sums_each_currency_on_its_own(django_assert_num_queries):
    client = ClientFactory()
    OpportunityFactory(client=client, amount_minor=100)
    OpportunityFactory(client=client, amount_minor=50)
    OpportunityFactory(client=client, amount_minor=7, currency="KWD")
    OpportunityFactory(client=client, amount_minor=None)
    OpportunityFactory(client=client, stage="proposed", amount_minor=None)
    OpportunityFactory(client=client, stage="won", closed_at=timezone.now(), amount_minor=0)
    OpportunityFactory(client=client, stage="lost", closed_at=timezone.now() - timedelta(days=31))

    with django_assert_num_queries(2):
        columns = board(Opportunity.objects.all())

    told = {c.stage: (c.total.count, c.total.unknown, [(s.currency, s.minor) for s in c.total.sums]) for c in columns}
    assert told == {
        "identified": (4, 1, [("KWD", 7), ("USD", 150)]),
        "qualified": (0, 0, []),
        "proposed": (1, 1, []),
        "won": (1, 0, [("USD", 0)]),
        "lost": (0, 0, []),
    }
    assert [len(column.cards) for column in columns] == [4, 0, 1, 1, 0]
    assert stage_totals(Opportunity.objects.none())[0].count == 0


def test_a_column_shows_the_cards_that_close_first_and_says_how_many_more_there_are(monkeypatch):
    monkeypatch.setattr(sys.modules[board.__module__], "CARDS", 2)
    client, today = ClientFactory(), timezone.localdate()
    for days in (3, 1, 2):
        OpportunityFactory(client=client, expected_close_on=today + timedelta(days=days))

    column = board(Opportunity.objects.all())[0]

    assert [(card.expected_close_on - today).days for card in column.cards] == [1, 2]
    assert (column.total.count, column.further) == (3, 1)
