"""A poor answer is followed up, or somebody above hears of it; a better one takes it back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.choices import Role
from accounts.dispatch.models import Message
from interactions import services
from interactions.models import Notification, Task
from interactions.services.escalations import escalate_untouched
from interactions.survey_mail import render_escalation
from tests.factories.accounts import MembershipFactory
from tests.factories.clients import ClientFactory
from tests.factories.interactions import SurveyInvitationFactory
from tests.factories.managers import AccountManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]

# The organization of the tests rests on Friday and Saturday and is three hours ahead of UTC.
SUNDAY, THURSDAY, FRIDAY = (datetime(2026, 11, day, 7, 0, tzinfo=UTC) for day in (22, 26, 27))
DAY = timedelta(days=1)


@pytest.fixture
def line(cast):
    lead = AccountManagerFactory(member=cast[Role.LEAD], name="Omar")
    return AccountManagerFactory(member=cast[Role.MANAGER], name="Layla", reports_to=lead)


def answered(manager, *, at=SUNDAY, value=3, kind="nps", **fields):
    """A poor answer that came in at ``at``."""
    with time_machine.travel(at, tick=False):
        client = ClientFactory(main_manager=manager)
        invitation = SurveyInvitationFactory(client=client, survey__kind=kind)
        services.answer_survey(invitation=invitation, value=value, **fields)
    return invitation


def tick(at):
    with time_machine.travel(at, tick=False):
        return escalate_untouched()


@pytest.mark.parametrize(
    ("came", "quiet_until"),
    [
        (SUNDAY, SUNDAY + 2 * DAY),
        # Friday and Saturday do not count.
        (THURSDAY, THURSDAY + 5 * DAY - DAY),
        # What comes in on a day off waits for Sunday and Monday to pass.
        (FRIDAY, FRIDAY + 4 * DAY),
    ],
)
def test_after_two_working_days_without_a_touch_the_lead_is_told(cast, line, came, quiet_until):
    answered(line, at=came)

    assert tick(quiet_until - timedelta(minutes=1)) == 0
    assert tick(quiet_until) == 1


def test_the_lead_gets_a_line_a_mail_and_a_task_of_their_own_once(cast, line):
    answered(line, comment="Nobody calls back")

    assert [tick(SUNDAY + 2 * DAY), tick(SUNDAY + 2 * DAY), tick(SUNDAY + 9 * DAY)] == [1, 0, 0]

    theirs = Task.objects.get(source="detractor")
    own = Task.objects.get(source="escalation")
    assert (theirs.assignee, theirs.priority, theirs.is_open) == (cast[Role.MANAGER], "urgent", True)
    assert (own.assignee, own.priority, own.survey_response) == (cast[Role.LEAD], "urgent", theirs.survey_response)
    assert theirs.escalated_at == SUNDAY + 2 * DAY
    assert "Nobody calls back" in own.notes
    assert Notification.objects.get(member=cast[Role.LEAD]).kind == "escalation"
    mail = render_escalation(Message.objects.get(kind="escalation"))
    assert mail.to == [cast[Role.LEAD].user.email]
    assert "Nobody calls back" in mail.body


def test_two_clocks_escalate_once(line):
    answered(line)
    with time_machine.travel(SUNDAY + 2 * DAY, tick=False):
        escalate_untouched()
        escalate_untouched()

    assert Task.objects.filter(source="escalation").count() == 1
    assert Message.objects.filter(kind="escalation").count() == 1


@pytest.mark.parametrize("touch", ["done", "changed", "called", "reassigned"])
def test_what_somebody_took_up_is_not_escalated(cast, line, touch):
    invitation = answered(line)
    task = Task.objects.get()
    with time_machine.travel(SUNDAY + DAY, tick=False):
        manager = cast[Role.MANAGER]
        if touch == "done":
            services.complete_task(actor=manager, task=task)
        elif touch == "changed":
            services.change_task(actor=manager, task=task, notes="Meeting on Tuesday")
        elif touch == "called":
            services.log_interaction(actor=manager, client=invitation.client, kind="call", summary="Talked it over")
        else:
            services.reassign_task(actor=manager, task=task, assignee=cast[Role.ASSOCIATE])

    assert tick(SUNDAY + 3 * DAY) == 0
    assert not Message.objects.filter(kind="escalation").exists()


def test_without_anybody_above_an_admin_is_told(cast):
    alone = AccountManagerFactory(member=MembershipFactory(role=Role.MANAGER))
    for role in (Role.LEAD,):
        cast[role].is_active = False
        cast[role].save()
    answered(alone)

    tick(SUNDAY + 2 * DAY)

    assert Task.objects.get(source="escalation").assignee.role == Role.ADMIN


def test_the_mail_is_not_sent_when_the_call_was_made_meanwhile(cast, line):
    answered(line)
    tick(SUNDAY + 2 * DAY)
    services.complete_task(actor=cast[Role.MANAGER], task=Task.objects.get(source="detractor"))

    assert render_escalation(Message.objects.get(kind="escalation")) is None
    assert not Task.objects.open().exists(), "the lead's task is done with it"


def test_a_change_to_a_good_answer_drops_what_nobody_began(cast, line):
    invitation = answered(line)
    with time_machine.travel(SUNDAY + timedelta(hours=2), tick=False):
        services.answer_survey(invitation=invitation, value=9)

    task = Task.objects.get()
    assert task.status == "dropped"
    assert "changed to 9" in task.notes
    assert Notification.objects.filter(member=cast[Role.MANAGER]).count() == 2
    assert tick(SUNDAY + 9 * DAY) == 0


def test_a_change_to_a_good_answer_is_noted_on_what_was_begun(cast, line):
    invitation = answered(line)
    with time_machine.travel(SUNDAY + timedelta(hours=2), tick=False):
        services.change_task(actor=cast[Role.MANAGER], task=Task.objects.get(), notes="I call her at three")
        services.answer_survey(invitation=invitation, value=9)

    task = Task.objects.get()
    assert task.is_open
    assert task.notes == "I call her at three\nThe answer was changed to 9."


def test_a_change_back_to_a_poor_answer_takes_the_task_up_again(line):
    invitation = answered(line)
    with time_machine.travel(SUNDAY + timedelta(hours=2), tick=False):
        services.answer_survey(invitation=invitation, value=9)
        services.answer_survey(invitation=invitation, value=1, comment="On second thoughts")

    task = Task.objects.get()
    assert task.is_open
    assert "On second thoughts" in task.notes
    assert tick(SUNDAY + 2 * DAY) == 1


def test_each_poor_answer_has_a_task_of_its_own(line):
    first = answered(line)
    second = SurveyInvitationFactory(client=first.client, contact=first.contact)
    services.answer_survey(invitation=second, value=2)

    assert Task.objects.count() == 2
