"""Starts the real processes of a fault test, breaks them, and counts what arrived."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg
from django.db import connection

from accounts.dispatch.choices import Lane
from accounts.dispatch.queue import Draft, enqueue_many
from accounts.tenancy.context import tenant
from tests.chaos.kinds import KIND
from tests.factories.accounts import OrganizationFactory

ROOT = Path(__file__).resolve().parents[2]
CELERY = [sys.executable, "-m", "celery", "-A", "config.celery"]
QUIET = ["--loglevel", "WARNING"]
QUEUES = "urgent,bulk,hooks,upkeep"


class Rig:
    """Two workers of two processes each, two clocks, one mail server; all killed when the block ends."""

    def __init__(self, folder, seed=1, server_thinks=0.01):
        self.folder = folder
        self.server_thinks = server_thinks
        self.random = random.Random(seed)
        self.kills = 0
        self.workers = []
        self.others = []
        self.mail_log = folder / "accepted.log"
        self.kill_log = folder / "kills.log"

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "RAFIQ_PROCESS": "worker",
            "CHAOS_DATABASE": connection.settings_dict["NAME"],
            "CHAOS_SMTP_PORT": str(self.port),
            "CHAOS_PREFIX": f"chaos-{connection.settings_dict['NAME']}-{time.time_ns()}:",
            "CHAOS_KILLS": str(self.kill_log),
            "CELERY_SKIP_CHECKS": "1",
        }
        server = [sys.executable, "-m", "tests.chaos.mailserver", str(self.port), str(self.mail_log)]
        self.others.append(self._start([*server, str(self.server_thinks)]))
        self.others += [self._start([*CELERY, "beat", *QUIET]) for _beat in range(2)]
        self.workers = [self._start_worker() for _worker in range(2)]
        return self

    def __exit__(self, *exception):
        for process in [*self.workers, *self.others]:
            self._kill_group(process)

    def enqueue(self, count, organizations, is_killer=lambda number: False):
        """``count`` due messages, dealt out to so many organizations."""
        owners = [OrganizationFactory() for _organization in range(organizations)]
        for position, owner in enumerate(owners):
            with tenant(owner.pk):
                drafts = [
                    Draft(f"chaos:{number}", f"contact{number}@client.example", {"kill": is_killer(number)})
                    for number in range(position, count, organizations)
                ]
                enqueue_many(kind=KIND, lane=Lane.BULK, drafts=drafts)

    def wait_for_work(self, timeout=30):
        """Until the first message has arrived, so that the faults meet workers that work."""
        self._wait(lambda: self.mail_log.exists() and self.mail_log.stat().st_size, timeout)

    def wait_until_drained(self, timeout):
        self._wait(lambda: not self._statuses().keys() - {"sent"}, timeout)

    def kill_a_pool_process(self):
        """kill -9 one forked process of a worker; its parent forks another at once."""
        children = [child for worker in self.workers for child in _children(worker.pid)]
        if children:
            self.kills += 1
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(children), signal.SIGKILL)

    def kill_a_worker(self):
        """kill -9 a worker with all its processes, and start another."""
        position = self.random.randrange(len(self.workers))
        self.kills += 1 + len(_children(self.workers[position].pid))
        self._kill_group(self.workers[position])
        self.workers[position] = self._start_worker()

    def result(self):
        """What the promise is measured by: accepted copies against recorded rows."""
        copies = Counter(self.mail_log.read_text().splitlines())
        statuses = self._statuses()
        rows = sum(statuses.values())
        with self._platform() as database:
            uncertain = database.execute("SELECT coalesce(sum(uncertain), 0) FROM accounts_message").fetchone()[0]
        return {
            "lost": rows - len(copies),
            "duplicated": sum(copies.values()) - len(copies),
            "sent": statuses.get("sent", 0),
            "uncertain": uncertain,
            "copies": max(copies.values()),
        }

    def _statuses(self):
        with self._platform() as database:
            return dict(database.execute("SELECT status, count(*) FROM accounts_message GROUP BY 1").fetchall())

    def _platform(self):
        """The test counts over all organizations; the owner may take that role, and only then sees rows."""
        server = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
        name = connection.settings_dict["NAME"]
        return psycopg.connect(f"{server}/{name}", autocommit=True, options="-c role=rafiq_platform")

    def _wait(self, is_done, timeout):
        deadline = time.monotonic() + timeout
        while not is_done():
            if time.monotonic() > deadline:
                logs = "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log") if path.stat().st_size)
                raise AssertionError(f"Not done after {timeout} s: {self._statuses()}\n{logs}")
            time.sleep(0.3)

    def _start_worker(self):
        options = ["--pool", "prefork", "-c", "2", "-Q", QUEUES, "--without-gossip", "--without-mingle"]
        name = f"w{time.monotonic_ns()}@%h"
        return self._start([*CELERY, "worker", *QUIET, *options, "--without-heartbeat", "-n", name])

    def _start(self, command):
        with (self.folder / f"{time.monotonic_ns()}.process.log").open("w") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_the_test,
            )

    def _kill_group(self, process):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _die_with_the_test():
    """A test that is itself killed leaves no workers behind."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _children(pid):
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
