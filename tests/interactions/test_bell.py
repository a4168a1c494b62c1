"""The bell on every page, in both languages."""

import pytest

from accounts.tenancy.context import tenant
from tests.factories.interactions import NotificationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language, words", [("en", "{} unread notice"), ("ar", "إشعار")])
@pytest.mark.parametrize("unread", [0, 1, 2, 3, 11, 100])
def test_the_bell_counts_in_every_plural_form(page, member, organization, language, words, unread):
    with tenant(organization.pk):
        NotificationFactory.create_batch(unread, member=member)

    answer = page.get(page.url("my-day"), headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert words.format(unread) in answer.content.decode()
