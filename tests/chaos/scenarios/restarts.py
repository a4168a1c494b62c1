"""The database crashes, workers are paused past their lease, workers are replaced."""

import time
from collections import deque

from tests.chaos.faults import Faults
from tests.chaos.figures import result, rows
from tests.chaos.processes import IMPATIENT, Layout
from tests.chaos.scenarios.kills import ORGANIZATIONS

#: Longer than a crash of PostgreSQL and its recovery on a busy machine, so that what was sent can still be recorded.
OUTLIVES_A_CRASH = Layout(settings={"DISPATCH_LEASE": 15, "EMAIL_TIMEOUT": 10})
PAUSED_FOR = 3.5
STOPPED_WITHIN = 10


def r4(rig, load):
    """PostgreSQL crashes while messages are at the mail server: none of them may go out twice."""
    count = load.messages(6_000)
    rig.set_up(OUTLIVES_A_CRASH, seed=load.seed, thinks=0.03)
    faults = Faults(rig)
    rig.enqueue(count, ORGANIZATIONS)
    rig.wait_for_work()
    start = time.monotonic()
    pause = load.seconds(5, 0.8)
    while faults.count < load.faults(6):
        faults.postgres()
        time.sleep(rig.random.uniform(0.5, 1.5) * pause)
    rig.wait_until_drained(60 + count / 20, count=count)
    away = round(faults.longest_without_postgres, 1)
    slow = sum(row.deferrals for row in rows(rig))
    figures = result(rig, faults=faults.count, seconds=time.monotonic() - start, longest_away=away, sessions_lost=slow)
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] == 0, "a restart of the database became a second copy")
    return figures


def r8(rig, load):
    """Processes stop in the middle of a send, lose their lease, and go on as if nothing had been."""
    count = load.messages(4_000)
    rig.set_up(IMPATIENT, seed=load.seed, thinks=0.04)
    faults = Faults(rig)
    rig.enqueue(count, ORGANIZATIONS)
    rig.wait_for_work()
    start = time.monotonic()
    paused = deque()
    while faults.count < load.faults(10):
        pid = rig.random.choice([pid for pid in faults.pool() if pid not in {each for each, _at in paused}])
        faults.pause(pid)
        paused.append((pid, time.monotonic()))
        time.sleep(PAUSED_FOR / 2.5)
        _resume(faults, paused, older_than=PAUSED_FOR)
    _resume(faults, paused, older_than=0, wait=PAUSED_FOR)
    rig.wait_until_drained(60 + count / 20, count=count)
    figures = result(rig, faults=faults.count, seconds=time.monotonic() - start)
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] <= faults.count, "a pause cost more than one copy")
    return figures


def _resume(faults, paused, *, older_than, wait=0.0):
    while paused and time.monotonic() - paused[0][1] >= older_than:
        pid, since = paused.popleft()
        time.sleep(max(0.0, since + wait - time.monotonic()))
        faults.resume(pid)


def r9(rig, load):
    """Workers are asked to stop, as a deployment does, and others take over: nothing goes out twice."""
    count = load.messages(5_000)
    rig.set_up(seed=load.seed, thinks=0.04)
    faults = Faults(rig)
    rig.enqueue(count, ORGANIZATIONS)
    rig.wait_for_work()
    start = time.monotonic()
    stopping, stops = [], []
    pause = load.seconds(3, 1.5)
    while faults.count < load.faults(7) or stopping:
        if faults.count < load.faults(7) and time.monotonic() - start > faults.count * pause:
            stopping.append(faults.terminate_worker(faults.count % len(rig.workers)))
        for process, since in list(stopping):
            if process.poll() is not None:
                stops.append(time.monotonic() - since)
                stopping.remove((process, since))
        time.sleep(0.05)
    rig.wait_until_drained(60 + count / 20, count=count)
    figures = result(rig, faults=faults.count, seconds=time.monotonic() - start, longest_stop=round(max(stops), 1))
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] == 0, "an orderly stop became a second copy")
    figures.demand(
        figures["longest_stop"] <= load.patience(STOPPED_WITHIN, rig), f"a stop took longer than {STOPPED_WITHIN} s"
    )
    return figures
