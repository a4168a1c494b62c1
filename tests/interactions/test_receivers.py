from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.choices import Role
from accounts.services import deactivate_member
from interactions import services
from interactions.models import Notification, Task
from managers.models import Absence
from tests.factories.clients import ClientFactory
from tests.factories.interactions import SurveyInvitationFactory, TaskFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = pytest.mark.usefixtures("inside")


def answer(client, value=3, kind="nps", **fields):
    invitation = SurveyInvitationFactory(client=client, survey__kind=kind)
    services.answer_survey(invitation=invitation, value=value, **fields)
    return invitation


def test_a_detractor_opens_a_task_for_the_main_manager_on_the_next_working_day(cast):
    manager = AccountManagerFactory(member=cast[Role.MANAGER])
    thursday = timezone.now().replace(year=2026, month=11, day=26)
    with time_machine.travel(thursday, tick=False):
        invitation = answer(ClientFactory(main_manager=manager), value=6, comment="Too slow")

        task = Task.objects.get()

    assert (task.assignee, task.source, task.contact) == (cast[Role.MANAGER], "detractor", invitation.contact)
    # Friday and Saturday are the weekend.
    assert task.due_on.isoformat() == "2026-11-29"
    assert task.notes == "Comment: Too slow"
    assert Notification.objects.get(member=cast[Role.MANAGER]).kind == "detractor"


@pytest.mark.parametrize(
    ("kind", "value", "tasks"),
    [("nps", 7, 0), ("nps", 6, 1), ("csat", 2, 1), ("csat", 3, 0), ("ces", 3, 1), ("ces", 4, 0)],
)
def test_only_poor_answers_open_a_task(kind, value, tasks):
    answer(ClientFactory(), value=value, kind=kind)

    assert Task.objects.count() == tasks


def test_a_changed_answer_opens_no_second_task():
    invitation = answer(ClientFactory(), value=3)
    services.answer_survey(invitation=invitation, value=9)
    services.answer_survey(invitation=invitation, value=2)

    assert Task.objects.count() == 1


def test_while_the_manager_is_away_the_substitute_is_told(cast):
    absent = AccountManagerFactory(member=cast[Role.MANAGER])
    cover = AccountManagerFactory(member=cast[Role.ASSOCIATE])
    today = timezone.localdate()
    Absence.objects.create(manager=absent, substitute=cover, from_on=today, until_on=today + timedelta(days=3))

    answer(ClientFactory(main_manager=absent))

    assert Task.objects.get().assignee == cast[Role.ASSOCIATE]


def test_without_a_member_behind_the_manager_the_one_above_is_told(cast):
    lead = AccountManagerFactory(member=cast[Role.LEAD])
    imported = AccountManagerFactory(member=None, reports_to=lead)

    answer(ClientFactory(main_manager=imported))

    assert Task.objects.get().assignee == cast[Role.LEAD]


def test_without_a_manager_a_lead_is_told(cast):
    answer(ClientFactory())

    assert Task.objects.get().assignee == cast[Role.LEAD]


def test_a_departing_members_open_tasks_go_to_the_clients_manager_or_to_nobody(member, cast):
    leaving, heir = cast[Role.ASSOCIATE], cast[Role.MANAGER]
    manager = AccountManagerFactory(member=heir)
    with_manager = TaskFactory(assignee=leaving, client__main_manager=manager)
    without = TaskFactory(assignee=leaving)

    deactivate_member(actor=member, member=leaving)

    with_manager.refresh_from_db()
    without.refresh_from_db()
    assert (with_manager.assignee, without.assignee) == (heir, None)
