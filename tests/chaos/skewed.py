"""Celery on a machine whose clock is wrong: ``python -m tests.chaos.skewed HOURS worker …``."""

import sys
from datetime import UTC, datetime, timedelta

import time_machine

hours = float(sys.argv.pop(1))
time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True).start()

# After the clock was turned, so that nothing keeps the right one.
from celery.__main__ import main  # noqa: E402

main()
