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
        for fault in range(faults):
            if fault % 4 == 3:
                rig.kill_a_worker()
            else:
                rig.kill_a_pool_process()
            time.sleep(0.3)
        rig.wait_until_drained(30 + count / 50)
        figures = rig.result() | {"faults": rig.kills, "seconds": time.monotonic() - start}
    assert figures["lost"] == 0 and figures["sent"] == count, figures
    assert figures["duplicated"] <= figures["uncertain"], figures
    assert figures["duplicated"] <= max(2, count // 1000), figures
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
    assert figures["lost"] == 0 and figures["sent"] == count, figures
    assert figures["duplicated"] <= kills, figures
    return figures


SCENARIOS = {"R1": r1, "R2": r2}


def line(name, figures):
    keys = ("lost", "duplicated", "sent", "faults")
    return f"{name} {' '.join(f'{key}={figures[key]}' for key in keys)} seconds={figures['seconds']:.0f}"
