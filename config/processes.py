"""A family of child processes: none outlives its parent, and one that dies is started again."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

#: Seconds between a death and the next start: doubled by each early death, forgotten after a long life.
FIRST_PAUSE, LONGEST_PAUSE, LONG_LIFE = 0.5, 30.0, 60.0
#: A worker finishes what it is sending: soft shutdown 20 s, twice.
GRACE = 40.0
LARGEST_LOG = 10_000_000

_PR_SET_PDEATHSIG = 1


class Process:
    """One command, its log, and what to send it when the parent is killed and cannot say goodbye."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: dict[str, str] | None = None,
        orphaned: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = environment or {}
        self.orphaned = orphaned
        self.deaths = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                self.command,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Its own group: Ctrl-C reaches the parent alone, which then stops all in order.
                process_group=0,
                preexec_fn=_die_with_parent(self.orphaned, os.getpid()),
            )
        self._started = time.monotonic()

    def tend(self) -> str | None:
        """Notice a death or, its pause over, start again; returns what happened, in a sentence."""
        if self._child is None:
            if time.monotonic() >= self._not_before:
                self.start()
            return None
        code = self._child.poll()
        if code is None:
            return None
        self._end_group()
        self._child = None
        self.deaths += 1
        if time.monotonic() - self._started > LONG_LIFE:
            self._pause = FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self._not_before = time.monotonic() + pause
        return f"{self.name} ended ({_reason(code)}) and starts again in {pause:g} s; its log is {self.log}"

    def ask_to_stop(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def kill(self) -> None:
        """Whatever is left of the process and of its children."""
        self._end_group()
        if self._child:
            self._child.wait()
            self._child = None

    def _end_group(self) -> None:
        if self._child:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, signal.SIGKILL)


def stop_together(processes: Sequence[Process], *, hurry: Callable[[], bool] = lambda: False) -> None:
    """Ask all to end, give them time unless in a ``hurry``, and leave nothing behind."""
    for process in processes:
        process.ask_to_stop()
    deadline = time.monotonic() + GRACE
    while any(process.is_alive() for process in processes) and time.monotonic() < deadline and not hurry():
        time.sleep(0.05)
    for process in processes:
        process.kill()


def _die_with_parent(wish: signal.Signals, parent: int) -> Callable[[], None] | None:
    """Linux sends ``wish`` to the child when the parent ends, however it ends."""
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None

    def run() -> None:
        prctl(_PR_SET_PDEATHSIG, int(wish))
        if os.getppid() != parent:
            os._exit(1)

    return run


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
