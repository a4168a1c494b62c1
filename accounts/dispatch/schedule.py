"""When to try again."""

import random
from datetime import timedelta

from django.conf import settings

# About three days: greylisting, full mailboxes and the provider's limits take hours, not seconds.
TEMPORARY_SECONDS = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
# A lost session mostly means that the server restarted: look again soon, then as above.
LOST_SESSION_SECONDS = (5, 30, *TEMPORARY_SECONDS)

# That of Standard Webhooks, after the first attempt.
CALL_SECONDS = (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)


def after_answer(deferrals: int) -> timedelta | None:
    """The wait after the n-th "later" of the server; None when the last one is used up."""
    return _wait(TEMPORARY_SECONDS, deferrals)


def after_lost_session(deferrals: int) -> timedelta | None:
    """The wait after a session that ended without an answer."""
    return _wait(LOST_SESSION_SECONDS, deferrals)


def after_call(deferrals: int) -> timedelta | None:
    """The wait after an endpoint that did not say yes."""
    return _wait(CALL_SECONDS, deferrals)


def after_own_bug(failures: int) -> timedelta | None:
    """The wait after our own code raised; a message that keeps doing so is given up after a few tries."""
    if failures >= settings.DISPATCH_MAX_ATTEMPTS:
        return None
    return timedelta(seconds=settings.DISPATCH_BACKOFF_SECONDS * 4 ** (failures - 1)) * _jitter()


def _wait(steps: tuple[int, ...], deferrals: int) -> timedelta | None:
    if deferrals > len(steps):
        return None
    return timedelta(seconds=steps[deferrals - 1]) * _jitter()


def _jitter() -> float:
    return random.uniform(0.7, 1.3)
