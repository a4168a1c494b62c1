"""Recurring work, organization by organization."""

import logging
import random
import uuid
from collections.abc import Iterable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from accounts.dispatch.registry import generator_of
from accounts.tenancy.context import tenant

logger = logging.getLogger(__name__)


def generate(name: str, organization_ids: Iterable[uuid.UUID]) -> int:
    """Run a generator inside each organization; answers how many it failed in.

    The order is random, so that when time runs out nobody is always last. One organization's failure is its own.
    """
    generator = generator_of(name)
    shuffled = list(organization_ids)
    random.shuffle(shuffled)
    failures = 0
    for organization_id in shuffled:
        try:
            with tenant(organization_id):
                generator.function()
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception:
            failures += 1
            logger.exception("The generator %s failed in organization %s.", name, organization_id)
    return failures
