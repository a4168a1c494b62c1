"""The processes of a fault test, each in a group of its own and none outliving the test."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.ground import ROOT

ALL = "urgent,bulk,hooks,upkeep"
LEAN = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]


@dataclass(frozen=True)
class Worker:
    """One Celery worker: its queues, its pool, and how wrong its clock goes."""

    queues: str = ALL
    processes: int = 2
    hours_wrong: int = 0

    @property
    def sleeps(self):
        """A worker whose clock is ahead finds every wake-up too old."""
        return self.hours_wrong > 0

    def command(self):
        program = ["-m", "tests.chaos.skewed", str(self.hours_wrong)] if self.hours_wrong else ["-m", "celery"]
        name = f"w{time.monotonic_ns()}@%h"
        options = ["worker", "-c", str(self.processes), "-Q", self.queues, "-n", name, *LEAN]
        return [sys.executable, *program, "-A", "config.celery", *options]


BEAT = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--pidfile=", "--loglevel", "WARNING"]
MAIL = [sys.executable, "-m", "tests.chaos.mailserver"]


@dataclass(frozen=True)
class Layout:
    """What runs in a scenario: workers, the settings in which they differ, and whether the clocks have them plan."""

    workers: tuple = (Worker(), Worker())
    settings: dict = field(default_factory=dict)
    plans: bool = False


#: Leases that end soon, and hardly a wait before the next try.
IMPATIENT = Layout(settings={"DISPATCH_LEASE": 2, "DISPATCH_BACKOFF_SECONDS": 0.02})


def start(command, environment, log):
    with log.open("a") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_the_test,
        )


def kill(process):
    """kill -9, with everything it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def all_alive(processes):
    return bool(processes) and all(process.poll() is None for process in processes)


def children(pid):
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _die_with_the_test():
    """A test that is itself killed leaves nothing behind."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
