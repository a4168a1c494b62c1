"""The page lets people change of a manager what the API lets them change."""

import pytest

from accounts.choices import Role
from managers.api.views import AccountManagerViewSet
from managers.forms import GUARDED, ManagerForm
from tests.factories.managers import AccountManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields_of(inside, cast):
    def fields_of(role):
        member = cast[role]
        own = AccountManagerFactory(member=cast[Role.MANAGER])
        return set(ManagerForm(member=member, instance=own).fields)

    return fields_of


def test_managers_write_their_profile_but_not_their_own_capacity(fields_of):
    fields = fields_of(Role.MANAGER)

    assert {"skills", "languages", "city"} <= fields
    assert not {"fte", "weekly_hours", "team", "reports_to", "member"} & fields


def test_an_admin_writes_all_of_it(fields_of):
    assert set(GUARDED) <= fields_of(Role.ADMIN)


def test_page_and_api_guard_the_same_fields():
    assert {"fte", "weekly_hours", "team", "reports_to"} <= GUARDED.keys() & AccountManagerViewSet.guarded.keys()
