"""Recurring work, organization by organization."""

import logging
import random
import uuid
from collections.abc import Iterable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from accounts.dispatch import queue, restore
from accounts.dispatch.registry import generator_of
from accounts.tenancy.context import tenant

logger = logging.getLogger(__name__)

#: Seconds after a restore was noticed in which recurring work tells what it has told before.
SHORTEST_CATCH_UP = 600


def generate(name: str, organization_ids: Iterable[uuid.UUID]) -> int:
    """Run a generator inside each organization; answers how many it failed in.

    The order is random, so that when time runs out nobody is always last. One organization's failure is its own.
    """
    generator = generator_of(name)
    shuffled = list(organization_ids)
    random.shuffle(shuffled)
    failures = 0
    since = restore.watch()
    is_catching_up = since is not None and since < max(SHORTEST_CATCH_UP, 2 * generator.every_seconds)
    for organization_id in shuffled:
        try:
            with tenant(organization_id), queue.holding(is_catching_up):
                generator.function()
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception:
            failures += 1
            logger.exception("The generator %s failed in organization %s.", name, organization_id)
    return failures
