"""The clocks of the workers' machines are wrong; only PostgreSQL's decides."""

import time

from tests.chaos.figures import copies, percentile, result, rows
from tests.chaos.processes import Layout, Worker

#: Two behind, because the one ahead takes wake-ups and throws them away as too old.
SKEWED = Layout(workers=(Worker(hours_wrong=2), Worker(hours_wrong=-2), Worker(hours_wrong=-2)))
LATEST = 5


def r10(rig, load):
    """Messages become due over twelve seconds, under a worker two hours ahead and another two hours behind."""
    count = load.messages(1_000)
    rig.set_up(SKEWED, seed=load.seed, thinks=0)
    start = time.monotonic()
    for second in range(12):
        first, last = count * second // 12, count * (second + 1) // 12
        rig.enqueue(last - first, 4, first=first, due_in=3 + second)
    rig.wait_until_drained(90, count=count)
    due = {row.message_id: row.due_at.timestamp() for row in rows(rig)}
    delays = [copy.at - due[copy.message_id] for copy in copies(rig)]
    figures = result(
        rig,
        faults=len(SKEWED.workers),
        seconds=time.monotonic() - start,
        early=sum(delay < -0.001 for delay in delays),
        p95=round(percentile(delays, 0.95), 2),
        latest=round(max(delays), 2),
    )
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] == 0, "a wrong clock became a second copy")
    figures.demand(figures["early"] == 0, "sent before it was due")
    figures.demand(figures["latest"] <= load.patience(LATEST, rig), f"later than {LATEST} s")
    return figures
