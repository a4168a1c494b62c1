from datetime import timedelta

import pytest
from django.utils import timezone

from interactions import services
from interactions.queries.timeline import SOURCES, timeline
from tests.factories.clients import ChurnEventFactory, ClientFactory, OpportunityFactory
from tests.factories.interactions import (
    ConcernFactory,
    InteractionFactory,
    ParticipantFactory,
    ScoreFactory,
    SurveyInvitationFactory,
    SurveyResponseFactory,
    TaskFactory,
)

pytestmark = pytest.mark.usefixtures("inside")


def ago(days):
    return timezone.now() - timedelta(days=days)


def full_history(client):
    """One of each kind, newest first, and the same for a stranger who must not appear."""
    for owner in (client, ClientFactory()):
        InteractionFactory(client=owner, happened_at=ago(1))
        SurveyResponseFactory(invitation=SurveyInvitationFactory(client=owner), answered_at=ago(2))
        ScoreFactory(client=owner, at=ago(3))
        ConcernFactory(client=owner, opened_at=ago(9), state="resolved", resolved_at=ago(4))
        OpportunityFactory(client=owner, stage="won", closed_at=ago(5))
        TaskFactory(client=owner, status="done", done_at=ago(6))
        ChurnEventFactory(client=owner, on=ago(8).date())
        OpportunityFactory(client=owner)
        TaskFactory(client=owner)
    return [
        "interaction",
        "survey_answer",
        "score",
        "concern_closed",
        "opportunity_closed",
        "task_done",
        "churn",
        "concern_opened",
    ]


def test_the_timeline_merges_everything_newest_first():
    client = ClientFactory()
    expected = full_history(client)

    page = timeline(client)

    assert [entry.kind for entry in page.entries] == expected
    assert set(expected) == set(SOURCES)
    assert page.next_cursor is None


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_show_every_entry_once(size):
    client = ClientFactory()
    full_history(client)
    same = ago(5)
    for _number in range(6):
        InteractionFactory(client=client, happened_at=same)
        ChurnEventFactory(client=client, on=same.date())
    whole = [entry.key for entry in timeline(client, page_size=200).entries]

    seen, cursor = [], None
    while True:
        page = timeline(client, cursor=cursor, page_size=size)
        seen += [entry.key for entry in page.entries]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == whole
    assert len(set(seen)) == len(seen) == 20


def test_the_timeline_can_be_narrowed_and_refuses_a_made_up_cursor():
    client = ClientFactory()
    full_history(client)

    assert [entry.kind for entry in timeline(client, kinds={"churn"}).entries] == ["churn"]
    with pytest.raises(ValueError, match="not a cursor"):
        timeline(client, cursor="made:up")


def test_the_timeline_costs_the_same_for_few_and_many(django_assert_num_queries):
    client = ClientFactory()
    for _number in range(3):
        full_history(client)
        ParticipantFactory(interaction__client=client)

    with django_assert_num_queries(len(SOURCES) + 3):
        for entry in timeline(client).entries:
            str(entry.obj)


def test_archived_rows_leave_the_timeline(member):
    client = ClientFactory()
    interaction = services.log_interaction(actor=member, client=client, kind="call", summary="Oops")
    services.archive_interaction(actor=member, interaction=interaction)

    assert timeline(client).entries == []
