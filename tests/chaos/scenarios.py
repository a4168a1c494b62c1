"""The fault tests: load, faults, and the bounds they must keep. Each answers its figures."""

import time

from tests.chaos.rig import Rig

FULL = 10_000
ORGANIZATIONS = 40


def r1(folder, scale, seed=1):
    """Workers are killed at random in the middle of their batches."""
    count = max(1000, int(FULL * scale))
    faults = max(6, int(30 * scale))
    with Rig(folder, seed) as rig:
        rig.enqueue(count, ORGANIZATIONS)
        rig.wait_for_work()
        start = time.monotonic()
        while rig.kills < faults:
            rig.random.choices([rig.kill_a_pool_process, rig.kill_a_worker], [3, 1])[0]()
            time.sleep(rig.random.uniform(0.2, 0.6))
        rig.wait_until_drained(30 + count / 50)
        figures = rig.result() | {"faults": rig.kills, "seconds": time.monotonic() - start}
    assert (figures["lost"], figures["sent"]) == (0, count), figures
    assert figures["duplicated"] <= figures["uncertain"], figures
    if count >= FULL:  # a rate needs numbers: two copies in a thousand are chance
        assert figures["duplicated"] <= count // 1000, figures
    return figures


def r2(folder, scale, seed=1):
    """One process in a hundred sends dies exactly between the mail server's 250 and our commit."""
    count = max(1000, int(FULL * scale))
    with Rig(folder, seed) as rig:
        killers = set(rig.random.sample(range(count), count // 100))
        rig.enqueue(count, ORGANIZATIONS, killers.__contains__)
        rig.wait_for_work()
        start = time.monotonic()
        rig.wait_until_drained(30 + count / 20)
        kills = len(rig.kill_log.read_text().splitlines())
        figures = rig.result() | {"faults": kills, "seconds": time.monotonic() - start}
    assert kills == len(killers), figures
    assert (figures["lost"], figures["sent"]) == (0, count), figures
    assert figures["duplicated"] <= kills, figures
    return figures


def r13(folder, scale, seed=1):
    """How fast a healthy pair of workers is, with the mail server and PostgreSQL on the same cores."""
    count = max(1000, int(FULL * scale))
    with Rig(folder, seed, server_thinks=0) as rig:
        rig.enqueue(count, ORGANIZATIONS)
        rig.wait_for_work()
        start = time.monotonic()
        rig.wait_until_drained(30 + count / 50)
        figures = rig.result() | {"faults": 0, "seconds": time.monotonic() - start}
    assert (figures["lost"], figures["duplicated"], figures["sent"]) == (0, 0, count), figures
    return figures


SCENARIOS = {"R1": r1, "R2": r2, "R13": r13}
#: Run with every change; the others on demand.
IN_THE_SUITE = ["R1", "R2"]


def line(name, figures):
    keys = ("lost", "duplicated", "sent", "faults")
    return f"{name} {' '.join(f'{key}={figures[key]}' for key in keys)} seconds={figures['seconds']:.0f}"
