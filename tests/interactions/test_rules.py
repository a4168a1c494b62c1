import pytest
import rules

from accounts.choices import Role
from tests.factories.interactions import NotificationFactory, ReminderFactory, TaskFactory

pytestmark = pytest.mark.usefixtures("inside")

WRITERS = {Role.ADMIN, Role.LEAD, Role.MANAGER, Role.ASSOCIATE}
DECIDERS = {Role.ADMIN, Role.LEAD, Role.MANAGER}


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("interactions.view_interaction", set(Role)),
        ("interactions.add_interaction", WRITERS),
        ("interactions.archive_interaction", WRITERS),
        ("interactions.complete_task", WRITERS),
        ("interactions.advance_concern", WRITERS),
        ("interactions.send_survey", DECIDERS),
        ("interactions.add_surveyinvitation", DECIDERS),
        ("interactions.change_survey", {Role.ADMIN, Role.LEAD}),
        ("interactions.view_score", set(Role)),
    ],
)
def test_who_may(cast, permission, roles):
    assert {role for role, member in cast.items() if member.can(permission, TaskFactory())} == roles


def test_reminders_and_bell_lines_are_their_owners(cast):
    reminder, note = ReminderFactory(member=cast[Role.MANAGER]), NotificationFactory(member=cast[Role.MANAGER])

    for permission, row in (
        ("interactions.snooze_reminder", reminder),
        ("interactions.dismiss_reminder", reminder),
        ("interactions.read_notification", note),
    ):
        assert cast[Role.MANAGER].can(permission, row)
        assert not cast[Role.ADMIN].can(permission, row)


def test_every_service_that_people_call_has_its_rule():
    verbs = {
        "task": "add change complete reopen drop reassign archive restore",
        "interaction": "add change archive restore",
        "concern": "add change advance resolve lose reopen archive restore",
        "survey": "add change archive restore send",
        "reminder": "add change snooze dismiss archive",
    }
    for noun, words in verbs.items():
        for verb in words.split():
            assert rules.perm_exists(f"interactions.{verb}_{noun}")
