"""Runs the chosen scenarios on one rig and prints their lines."""

import traceback

from tests.chaos.figures import line
from tests.chaos.load import Load
from tests.chaos.rig import Rig
from tests.chaos.scenarios import SCENARIOS, SEEDS


def run_all(ground, chosen, scale):
    """The names of those that failed. A scenario that fails does not keep the others from running."""
    if unknown := set(chosen) - SCENARIOS.keys():
        raise SystemExit(f"There is no {' and no '.join(sorted(unknown))}; RUNS takes {' '.join(SCENARIOS)}.")
    failures = []
    with Rig(ground) as rig:
        for name, scenario in SCENARIOS.items():
            if chosen and name not in chosen:
                continue
            for seed in range(1, 1 + (SEEDS.get(name, 1) if scale >= 1 else 1)):
                if not _run(rig, name, scenario, Load(scale, seed)):
                    failures.append(name)
    return failures


def _run(rig, name, scenario, load):
    try:
        figures = scenario(rig, load)
    except Exception:
        print(f"{name} FAILED\n{traceback.format_exc()}", flush=True)
        rig.give_up()
        return False
    slow = f" slowness={rig.slowness:.1f}" if rig.slowness > 1 else ""
    print(line(name, figures) + slow, flush=True)
    for complaint in figures.complaints:
        print(f"{name} OUT OF BOUNDS: {complaint}", flush=True)
    return not figures.complaints
