"""``python -m tests.chaos``: the fault tests. RUNS="R1 R2" and SCALE=0.2 choose; one line for each run."""

import os
import sys
import time

import django

from tests.chaos.ground import Ground


def main():
    scale = float(os.environ.get("SCALE") or 1)
    with Ground() as ground:
        django.setup()
        # Only now, because they are Django's: the scenarios and what they start.
        from tests.chaos.runner import run_all  # noqa: PLC0415

        return run_all(ground, os.environ.get("RUNS", "").split(), scale)


if __name__ == "__main__":
    began = time.monotonic()
    failures = main()
    verdict = f"Out of bounds: {' '.join(failures)}" if failures else "All within bounds"
    print(f"{verdict}, {time.monotonic() - began:.0f} s.")
    sys.exit(bool(failures))
