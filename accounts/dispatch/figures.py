"""What the machinery is doing, in numbers: for /metrics and ``dispatch_status``. Nothing here names an organization."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.dispatch.choices import Lane, Outcome
from accounts.dispatch.hooks import ENDPOINT

QUEUE = "SELECT lane, state, rows, greatest(0, oldest) FROM dispatch.figures() ORDER BY lane, state"
PROVIDERS = """
SELECT name, coalesce(open_until > now(), false), coalesce(slow_until > now(), false), refusals, tokens
FROM accounts_provider WHERE name NOT LIKE %s ORDER BY name
"""
ENDPOINTS = "SELECT count(*) FROM accounts_provider WHERE name LIKE %s AND open_until > now()"
WORKERS = """
SELECT lane, count(*) FILTER (WHERE seen_at > now() - interval '60 seconds'), extract(epoch FROM now() - max(seen_at))
FROM accounts_workerheartbeat GROUP BY lane ORDER BY lane
"""
TALLIES = "SELECT split_part(name, ':', 1), split_part(name, ':', 2), total FROM accounts_tally ORDER BY name"
HELD = "SELECT EXISTS (SELECT 1 FROM accounts_sendingstate WHERE held_before IS NOT NULL)"
COUNT = """
INSERT INTO accounts_tally AS t (name, total) SELECT * FROM unnest(%s::text[], %s::bigint[])
ON CONFLICT (name) DO UPDATE SET total = t.total + excluded.total
"""


class QueueFigure(NamedTuple):
    """How many messages of a lane are ``due``, ``scheduled``, ``leased``, ``sending``, ``dead`` or ``held``."""

    lane: Lane
    state: str
    rows: int
    oldest: float | None


class ProviderFigure(NamedTuple):
    name: str
    is_open: bool
    is_slow: bool
    refusals: int
    tokens: float | None


class WorkerFigure(NamedTuple):
    """The workers of a lane that were heard of in the last minute, and the seconds since the latest of all."""

    lane: Lane
    alive: int
    silence: float


class Outcomes(NamedTuple):
    lane: str
    outcome: str
    total: int


class Figures(NamedTuple):
    queue: list[QueueFigure]
    outcomes: list[Outcomes]
    providers: list[ProviderFigure]
    closed_endpoints: int
    workers: list[WorkerFigure]
    is_held: bool


def figures() -> Figures:
    """Everything at once; cheap enough to be asked every few seconds."""
    with transaction.atomic(), connection.cursor() as cursor:

        def ask(statement: str, *parameters: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement, parameters or None)
            return list(cursor.fetchall())

        hooks = f"{ENDPOINT}%"
        return Figures(
            queue=[QueueFigure(Lane(lane), *rest) for lane, *rest in ask(QUEUE)],
            outcomes=[Outcomes(*row) for row in ask(TALLIES)],
            providers=[ProviderFigure(*row) for row in ask(PROVIDERS, hooks)],
            closed_endpoints=ask(ENDPOINTS, hooks)[0][0],
            workers=[WorkerFigure(Lane(lane), alive, float(silence)) for lane, alive, silence in ask(WORKERS)],
            is_held=ask(HELD)[0][0],
        )


def count(lane: Lane, outcomes: Mapping[Outcome, int]) -> None:
    """Add what a drain came to. A process that is killed takes the counts of its last seconds with it."""
    if not outcomes:
        return
    names = sorted(outcomes)  # always in one order, or two workers could wait for each other
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNT, [[f"{lane.queue}:{name}" for name in names], [outcomes[name] for name in names]])
