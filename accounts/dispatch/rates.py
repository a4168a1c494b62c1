"""How many messages a provider takes in a second, kept as tokens in its row. Taken when messages are claimed.

A worker without a token claims nothing and sleeps until the next tick, so nobody waits with a message in hand. Two
thoughts for those who share a provider: a fifth of the burst is kept for urgent mail, and an organization that has
used up its own share stands back while another one below its share waits. What nobody else wants it may have too.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from accounts.dispatch.choices import Lane

# The row's lock is held until the claim commits, so tokens are counted once however many workers ask.
REFILL = """
INSERT INTO accounts_provider AS p (name, refusals, lost_sessions, tokens, refilled_at)
VALUES (%(name)s, 0, 0, %(burst)s, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET refilled_at = clock_timestamp(), tokens = least(%(burst)s, coalesce(
  p.tokens + %(rate)s * CASE WHEN p.slow_until > now() THEN 0.5 ELSE 1 END
    * greatest(0, extract(epoch FROM clock_timestamp() - p.refilled_at)), %(burst)s))
RETURNING tokens, CASE WHEN slow_until > now() THEN 0.5 ELSE 1 END
"""
TAKE = "UPDATE accounts_provider SET tokens = least(%s, tokens - %s) WHERE name = %s"
CHARGE = "SELECT dispatch.charge(%s, %s, %s, %s)"
SLOW_DOWN = """
INSERT INTO accounts_provider AS p (name, refusals, lost_sessions, slow_until, open_until)
VALUES (%(name)s, 0, 0, now() + make_interval(secs => %(slow)s),
  CASE WHEN %(pause)s > 0 THEN now() + make_interval(secs => %(pause)s) END)
ON CONFLICT (name) DO UPDATE SET slow_until = excluded.slow_until, tokens = least(p.tokens, 0),
  open_until = greatest(p.open_until, excluded.open_until)
"""
URGENT_SHARE = 0.2


class Grant(NamedTuple):
    """How many may be claimed now, and the organization's part of the rate and of the burst."""

    size: int
    rate: float
    burst: float


class Bucket:
    """The tokens of one provider; made only when it has a rate."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rate = float(settings.DISPATCH_RATE)
        self.burst = max(1.0, float(settings.DISPATCH_BURST or self.rate))

    def grant(self, cursor: Any, lane: Lane, size: int) -> Grant:
        """How many of ``size`` the tokens allow. Locks the bucket until the transaction ends."""
        cursor.execute(REFILL, {"name": self.name, "rate": self.rate, "burst": self.burst})
        tokens, speed = cursor.fetchone()
        kept = 0 if lane == Lane.URGENT else min(self.burst * URGENT_SHARE, self.burst - 1)
        share = settings.DISPATCH_ORGANIZATION_SHARE
        allowed = max(0, min(size, int(tokens - kept)))
        return Grant(allowed, self.rate * float(speed) * share, max(1.0, self.burst * share))

    def take(self, cursor: Any, count: int, token: Any, grant: Grant) -> None:
        """Pay for what was claimed: the provider's tokens and those of its organizations."""
        cursor.execute(TAKE, [self.burst, count, self.name])
        cursor.execute(CHARGE, [token, grant.rate, grant.burst, 1])

    def lock(self, cursor: Any) -> Grant:
        """For giving back: the same lock in the same order as for taking."""
        return self.grant(cursor, Lane.URGENT, 0)

    def put_back(self, cursor: Any, count: int) -> None:
        cursor.execute(TAKE, [self.burst, -count, self.name])


def bucket(name: str) -> Bucket | None:
    """The bucket of a provider, or None when nothing limits it."""
    return Bucket(name) if settings.DISPATCH_RATE else None


def slow_down(name: str, *, pause: float = 0) -> None:
    """The provider said "too many": half the rate for some minutes, and nobody asks for ``pause`` seconds."""
    times = {"slow": settings.DISPATCH_SLOW_SECONDS, "pause": min(pause, settings.DISPATCH_BREAKER_SECONDS[1])}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SLOW_DOWN, {"name": name, **times})
