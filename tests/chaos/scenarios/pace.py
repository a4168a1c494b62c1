"""How fast a healthy pair of workers is, and whether a campaign of one organization makes others wait."""

import threading
import time

from django.db import connection

from accounts.dispatch.choices import Lane
from accounts.dispatch.queue import enqueue_many
from accounts.tenancy.context import tenant
from tests.chaos.figures import copies, percentile, result, rows
from tests.chaos.kinds import KIND, drafts
from tests.chaos.processes import Layout, Worker
from tests.chaos.scenarios.kills import ORGANIZATIONS

FLOOR = 300
#: As in production: reminders have a process of their own.
LANES = Layout(workers=(Worker("urgent", 1), Worker("bulk,hooks,upkeep", 2)))
BIG, SMALL_TENANTS = 1_000_000, 20


def r13(rig, load):
    """Messages a second, with the mail server and PostgreSQL on the same cores."""
    count = load.messages(10_000)
    rig.set_up(seed=load.seed, thinks=0)
    rig.enqueue(count, ORGANIZATIONS, due_in=load.seconds(8, 2))
    rig.wait_for_work()
    start = time.monotonic()
    rig.wait_until_drained(60 + count / 50, count=count)
    accepted = copies(rig)
    rate = count / (accepted[-1].at - accepted[0].at)
    figures = result(rig, faults=0, seconds=time.monotonic() - start, per_second=round(rate))
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] == 0, "a second copy without a fault")
    if load.is_full:
        figures.demand(rate >= FLOOR, f"fewer than {FLOOR} a second")
    return figures


def r12(rig, load):
    """One organization's campaign against twenty others' reminders and small surveys, which come drop by drop."""
    small, seconds = int(600 * max(load.scale, 0.4)), load.seconds(28, 8)
    rig.set_up(LANES, seed=load.seed, thinks=0)
    rig.enqueue(load.messages(100_000), 1, first=BIG)
    owners = rig.organizations(SMALL_TENANTS)
    start = time.monotonic()
    alone = _big_rate(rig, seconds / 2)
    feeder = threading.Thread(target=_drip, args=[owners, small, seconds])
    feeder.start()
    beside = _big_rate(rig, seconds)
    feeder.join()
    rig.wait(lambda: _small_sent(rig) == small, 60)
    rig.stop_workers()
    due = {row.message_id: (row.lane, row.due_at.timestamp()) for row in rows(rig)}
    delays = {Lane.URGENT: [], Lane.BULK: []}
    for copy in copies(rig):
        if _number(copy.subject) < BIG:
            lane, due_at = due[copy.message_id]
            delays[lane].append(copy.at - due_at)
    figures = result(
        rig,
        faults=0,
        seconds=time.monotonic() - start,
        reminders_p95=round(percentile(delays[Lane.URGENT], 0.95), 2),
        reminders_max=round(max(delays[Lane.URGENT]), 2),
        surveys_p95=round(percentile(delays[Lane.BULK], 0.95), 2),
        surveys_max=round(max(delays[Lane.BULK]), 2),
        big_alone=round(alone),
        big_beside=round(beside),
    )
    figures.demand((figures["lost"], figures["duplicated"]) == (0, 0), "lost or sent twice")
    for name, bound in {"reminders_p95": 2, "reminders_max": 5, "surveys_p95": 2}.items():
        figures.demand(figures[name] <= load.patience(bound, rig), f"small ones waited behind a campaign: {name}")
    if load.is_full:
        figures.demand(beside >= 0.8 * alone, "the campaign gave up too much of its pace")
    return figures


def _big_rate(rig, seconds):
    """Campaign copies a second, over so many seconds from now."""
    began = time.time()
    time.sleep(seconds)
    return sum(copy.at >= began and _number(copy.subject) >= BIG for copy in copies(rig)) / (time.time() - began)


def _drip(owners, count, seconds):
    """Half reminders, half surveys, one at a time over all the organizations, due at once."""
    start = time.monotonic()
    try:
        for number in range(count):
            time.sleep(max(0.0, start + number * seconds / count - time.monotonic()))
            lane = Lane.URGENT if number % 2 else Lane.BULK
            with tenant(owners[number // 2 % len(owners)].pk):
                enqueue_many(kind=KIND, lane=lane, drafts=drafts([number]))
    finally:
        connection.close()


def _small_sent(rig):
    return len({copy.subject for copy in copies(rig) if _number(copy.subject) < BIG})


def _number(subject):
    return int(subject.rpartition(":")[2])
