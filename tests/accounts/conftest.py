import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from tests.factories.accounts import UserFactory


@pytest.fixture(autouse=True)
def no_limits_left_over():
    """Sign-in limits live in the cache: what one test used up must not stop the next."""
    cache.clear()


@pytest.fixture
def browser(db):
    """A browser of nobody yet."""
    return Client()


@pytest.fixture
def person(db):
    """Somebody with a confirmed address and no organization. Password: ``rafiq-test``."""
    user = UserFactory(email="ada@example.com", name="Ada")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What waits for COMMIT runs when the block ends, as it does after a request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
