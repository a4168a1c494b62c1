import pytest

from interactions import services
from interactions.exceptions import ConcernClosed
from interactions.models import Concern, ConcernPeriod
from interactions.signals import concern_opened, concern_resolved
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.usefixtures("inside")


def open_concern(member, client, **fields):
    return services.open_concern(actor=member, client=client, title="Bank connection down", **fields)


def critical(client):
    client.refresh_from_db()
    return client.critical_concerns


def test_a_concern_goes_its_way_and_every_state_is_dated(member):
    concern = open_concern(member, ClientFactory())
    concern = services.advance_concern(actor=member, concern=concern, state="plan")
    concern = services.advance_concern(actor=member, concern=concern, state="working", version=concern.version)
    concern = services.resolve_concern(actor=member, concern=concern)

    assert (concern.state, concern.resolved_at is not None) == ("resolved", True)
    periods = list(concern.periods.order_by("from_at").values_list("state", "until_at"))
    assert [state for state, _until in periods] == ["open", "plan", "working", "resolved"]
    assert [until is None for _state, until in periods] == [False, False, False, True]

    reopened = services.reopen_concern(actor=member, concern=concern)
    assert (reopened.state, reopened.resolved_at) == ("open", None)
    assert services.lose_concern(actor=member, concern=reopened).state == "lost"


def test_steps_that_make_no_sense_are_refused(member):
    concern = services.resolve_concern(actor=member, concern=open_concern(member, ClientFactory()))

    with pytest.raises(ConcernClosed, match="Reopen it first"):
        services.resolve_concern(actor=member, concern=concern)
    with pytest.raises(ConcernClosed, match="cannot become"):
        services.advance_concern(actor=member, concern=concern, state="working")
    with pytest.raises(ConcernClosed, match="open already"):
        services.reopen_concern(actor=member, concern=services.reopen_concern(actor=member, concern=concern))
    with pytest.raises(TypeError):
        services.change_concern(actor=member, concern=concern, state="open")


def test_open_critical_concerns_are_counted_on_the_client(member):
    client = ClientFactory()
    first = open_concern(member, client, severity="critical")
    open_concern(member, client, severity="high")
    assert critical(client) == 1

    second = services.change_concern(actor=member, concern=Concern.objects.get(severity="high"), severity="critical")
    assert critical(client) == 2
    services.resolve_concern(actor=member, concern=first)
    assert critical(client) == 1
    services.archive_concern(actor=member, concern=second)
    assert critical(client) == 0
    services.restore_concern(actor=member, concern=second)
    assert critical(client) == 1


def test_opening_and_closing_are_announced(member):
    heard = []
    receiver = lambda sender, concern, **kwargs: heard.append(concern.state)  # noqa: E731
    concern_opened.connect(receiver)
    concern_resolved.connect(receiver)
    try:
        services.lose_concern(actor=member, concern=open_concern(member, ClientFactory()))
    finally:
        concern_opened.disconnect(receiver)
        concern_resolved.disconnect(receiver)

    assert heard == ["open", "lost"]


def test_a_concern_is_in_the_clients_currency(member):
    concern = open_concern(member, ClientFactory(currency="SAR"), mrr_at_stake_minor=5000)

    assert concern.currency == "SAR"
    assert ConcernPeriod.objects.get().state == "open"
