"""Redis is stopped: people and integrations notice nothing, and what became due is sent after it is back."""

import time

from tests.chaos.figures import percentile, result
from tests.chaos.scenarios.kills import ORGANIZATIONS
from tests.chaos.visitors import Visitors

SENT_WITHIN = 60
#: Milliseconds that a page may take longer by chance, beside the tenth that is allowed.
CHANCE = 10


def r15(rig, load):
    """A thousand messages fall due and surveys are sent through the API while there is no Redis."""
    count = load.messages(1_000)
    rig.set_up(seed=load.seed)
    with Visitors(rig) as visitors:
        visitors.go_round(5)
        calm = visitors.go_round(40 if load.is_full else 10) + visitors.sign_in()
        start = time.monotonic()
        rig.ground.kill_redis()
        time.sleep(1)
        before = rig.accepted()
        rig.enqueue(count, ORGANIZATIONS)
        away = visitors.sign_in()
        while time.monotonic() - start < load.seconds(30, 5):
            away += visitors.go_round()
        sent_while_away = rig.accepted() - before
        rig.ground.revive()
        back = time.monotonic()
        rig.wait_until_drained(SENT_WITHIN + 60, count=count + visitors.surveys)
        drained_after = time.monotonic() - back
    slow, fast = (percentile([visit.seconds for visit in visits], 0.95) * 1000 for visits in (away, calm))
    figures = result(
        rig,
        faults=1,
        seconds=time.monotonic() - start,
        requests=len(away),
        errors=sum(not visit.is_good for visit in [*calm, *away]),
        p95_ms=round(slow),
        p95_ms_before=round(fast),
        drained_after=round(drained_after, 1),
    )
    figures.demand_promise(count=count + visitors.surveys)
    figures.demand(figures["duplicated"] == 0, "a stop of Redis became a second copy")
    figures.demand(sent_while_away <= 100, "who woke the workers?")
    figures.demand(figures["errors"] == 0, "the web failed without Redis")
    figures.demand(drained_after <= SENT_WITHIN, f"not sent within {SENT_WITHIN} s of its return")
    if load.is_full:
        figures.demand(slow <= fast * 1.1 + CHANCE, "pages were slower without Redis")
    return figures
