"""A family of processes: restarted when they die, gone when their parent is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.processes import FIRST_PAUSE, Process, stop_together

PROJECT = Path(__file__).resolve().parents[2]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(c.pid, flush=True); time.sleep(60)",
]


def _is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def family(tmp_path):
    made = []

    def make(command, **kwargs):
        process = Process("sleeper", command, log=tmp_path / f"{len(made)}.log", **kwargs)
        made.append(process)
        process.start()
        return process

    yield make
    stop_together(made, hurry=lambda: True)


def test_a_process_that_died_is_told_and_started_again_after_a_pause(family):
    process = family(SLEEPER)
    first = process.pid
    os.kill(first, signal.SIGKILL)
    _until(lambda: not process.is_alive())

    assert "ended (signal SIGKILL) and starts again in 0.5 s" in process.tend()
    assert process.tend() is None
    assert process.pid is None
    time.sleep(FIRST_PAUSE)
    process.tend()

    assert process.is_alive()
    assert process.pid != first


def test_the_pause_doubles_while_it_keeps_dying_early(family):
    process = family([sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    while len(pauses) < 3:
        if news := process.tend():
            pauses.append(news.split("again in ")[1].split(" s;")[0])
        time.sleep(0.02)
    assert pauses == ["0.5", "1", "2"]


def test_children_of_a_process_that_died_do_not_stay_behind(family):
    process = family(WITH_CHILD)
    _until(lambda: process.log.read_text().strip())
    child = int(process.log.read_text())
    os.kill(process.pid, signal.SIGKILL)
    _until(lambda: not process.is_alive())

    process.tend()

    _until(lambda: not _is_running(child))


def test_stopping_waits_for_those_that_finish_their_work(family, tmp_path):
    done = tmp_path / "done"
    program = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n    time.sleep(0.3); pathlib.Path(sys.argv[1]).touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('ready', flush=True); time.sleep(60)"
    )
    process = family([sys.executable, "-c", program, str(done)])
    _until(lambda: process.log.read_text().strip())

    stop_together([process])

    assert done.exists()
    assert not process.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child to its parent")
def test_a_child_ends_with_a_parent_that_was_killed(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from config.processes import Process\n"
        "p = Process('child', [sys.executable, '-c', 'import time; time.sleep(60)'], log=Path(sys.argv[1]))\n"
        "p.start(); print(p.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "log")], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    _until(lambda: not _is_running(child))
