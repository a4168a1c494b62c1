"""When the mail server is away, nobody knocks: one row per server, shared by all workers.

It opens on a refused connection, or on three lost sessions in a row, and the first success closes it. A single lost
session must not open it: ten of them in five thousand messages once made a run ten times longer.
"""

import random

from django.conf import settings
from django.db import connection, transaction

from accounts.dispatch.models import Provider

LOST_SESSIONS_TO_OPEN = 3

# An open breaker is left alone: ten workers that meet the same closed door count as one refusal.
TRIP = """
INSERT INTO accounts_provider AS p (name, refusals, lost_sessions, open_until)
VALUES (%(name)s, 1, 0, now() + make_interval(secs => %(first)s * %(jitter)s))
ON CONFLICT (name) DO UPDATE SET refusals = p.refusals + 1, lost_sessions = 0, open_until =
  now() + make_interval(secs => least(%(longest)s, %(first)s * power(2, least(p.refusals, 20))) * %(jitter)s)
WHERE p.open_until IS NULL OR p.open_until <= now()
"""

LOST = """
INSERT INTO accounts_provider AS p (name, refusals, lost_sessions) VALUES (%s, 0, 1)
ON CONFLICT (name) DO UPDATE SET lost_sessions = p.lost_sessions + 1
RETURNING lost_sessions
"""


class Breaker:
    """The breaker of one mail server, as this process knows it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._remembers_trouble = True

    def is_open(self) -> bool:
        """Whether to stay away for now; asked once per batch."""
        return self.rest() > 0

    def rest(self) -> float:
        """For how many seconds to stay away."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT greatest(0, coalesce(extract(epoch FROM open_until - now()), 0)),"
                " refusals + lost_sessions > 0 OR open_until IS NOT NULL FROM accounts_provider WHERE name = %s",
                [self.name],
            )
            rest, self._remembers_trouble = cursor.fetchone() or (0, False)
        return float(rest)

    def trip(self) -> None:
        """The server refused us: stay away, twice as long each time in a row, up to five minutes."""
        first, longest = settings.DISPATCH_BREAKER_SECONDS
        jitter = random.uniform(0.8, 1.2)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TRIP, {"name": self.name, "first": first, "longest": longest, "jitter": jitter})
        self._remembers_trouble = True

    def lost(self) -> bool:
        """A session ended without an answer. True when that was one too many and the breaker opened."""
        self._remembers_trouble = True
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOST, [self.name])
            is_too_many = cursor.fetchone()[0] >= LOST_SESSIONS_TO_OPEN
        if is_too_many:
            self.trip()
        return is_too_many

    def succeeded(self) -> None:
        """The server answered: forget the trouble, if there was any."""
        if self._remembers_trouble:
            Provider.objects.filter(name=self.name).update(refusals=0, lost_sessions=0, open_until=None)
            self._remembers_trouble = False
