"""Everything fails at once."""

import time

from tests.chaos.faults import Faults
from tests.chaos.figures import result
from tests.chaos.scenarios.kills import ORGANIZATIONS, PLANNING

KINDS = ["pool_process", "worker", "beat", "mail", "redis_flush", "redis", "postgres"]
DRAINED_WITHIN = 120


def r3(rig, load):
    """Kills, Redis flushed and killed, PostgreSQL crashed, mail server and clocks killed, until all is sent."""
    count = load.messages(10_000)
    rig.set_up(PLANNING, seed=load.seed)
    faults = Faults(rig)
    rig.plan(count, ORGANIZATIONS)
    rig.wait_for_work()
    start = time.monotonic()
    faults.storm(
        KINDS,
        pause=(0.3, 1.0),
        until=lambda: rig.statuses().get("sent", 0) >= count,
        seconds=load.seconds(100, 1),
    )
    last_fault = time.monotonic()
    rig.wait_until_drained(DRAINED_WITHIN, count=count)
    figures = result(
        rig, faults=faults.count, seconds=time.monotonic() - start, drained_after=round(time.monotonic() - last_fault)
    )
    figures.demand_promise(count=count)
    if load.is_full:
        figures.demand(figures["duplicated"] <= count / 1000, "more than 0.1 % second copies")
    return figures
