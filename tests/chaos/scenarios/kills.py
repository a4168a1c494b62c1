"""Workers are killed: at random, and at the worst possible moment."""

import time

from tests.chaos.faults import Faults
from tests.chaos.figures import kills_logged, result
from tests.chaos.processes import Layout

ORGANIZATIONS = 40
#: The workers plan the messages themselves, woken by two clocks.
PLANNING = Layout(plans=True)


def r1(rig, load):
    """Workers are killed at random in the middle of planning and of their batches."""
    count = load.messages(10_000)
    rig.set_up(PLANNING, seed=load.seed)
    faults = Faults(rig)
    rig.plan(count, ORGANIZATIONS)
    rig.wait_for_work()
    start = time.monotonic()
    while faults.count < load.faults(30):
        rig.random.choices([faults.pool_process, faults.worker], [3, 1])[0]()
        time.sleep(rig.random.uniform(0.2, 0.6))
    rig.wait_until_drained(60 + count / 50, count=count)
    figures = result(rig, faults=faults.count, seconds=time.monotonic() - start)
    figures.demand_promise(count=count)
    if load.is_full:
        figures.demand(figures["duplicated"] <= count / 1000, "more than 0.1 % second copies")
    return figures


def r2(rig, load):
    """One process in a hundred sends dies exactly between the mail server's 250 and our commit."""
    count = load.messages(10_000)
    rig.set_up(seed=load.seed)
    killers = set(rig.random.sample(range(count), count // 100))
    rig.enqueue(count, ORGANIZATIONS, lambda number: "kill" if number in killers else None)
    rig.wait_for_work()
    start = time.monotonic()
    rig.wait_until_drained(60 + count / 20, count=count)
    kills = kills_logged(rig)
    figures = result(rig, faults=kills, seconds=time.monotonic() - start)
    figures.demand_promise(count=count)
    figures.demand(kills == len(killers), "not every kill happened")
    figures.demand(figures["duplicated"] <= kills, "a kill cost more than one copy")
    return figures
