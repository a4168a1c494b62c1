"""``python -m tests.chaos``: the fault tests at full load; RUNS="R1 R2" and SCALE=0.2 choose. One line each."""

import os
import sys

import pytest

os.environ["CHAOS_RUNS"] = os.environ.get("RUNS") or "all"
os.environ["CHAOS_SCALE"] = os.environ.get("SCALE", "1")
sys.exit(pytest.main(["-q", "--no-header", "-p", "no:randomly", "tests/chaos/test_chaos.py", "-n", "0"]))
