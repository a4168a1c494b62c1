"""Workers, two clocks and a mail server on the run's own ground: set up for a scenario, loaded, waited for."""

import json
import os
import random
import socket
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
from django.db import connections
from django.utils import timezone

from accounts.dispatch.choices import Lane
from accounts.dispatch.queue import enqueue_many
from accounts.models import Organization
from accounts.tenancy.context import tenant
from tests.chaos.kinds import ADDRESS, KIND, PLAN, drafts
from tests.chaos.processes import BEAT, MAIL, Layout, all_alive, children, kill, start
from tests.factories.accounts import OrganizationFactory

#: What a scenario leaves behind.
TRACES = ("accounts_message", "accounts_provider", "accounts_workerheartbeat")

#: Seconds in which the workers are there on two cores with nothing else to do.
USUAL_START = 6


class Rig:
    """Processes live on from one scenario to the next as long as the layout is the same and they are well."""

    def __init__(self, ground):
        self.ground = ground
        self.layout = None
        self.workers = []
        self.beats = []
        self.others = []
        self.owners = []
        #: How much slower than usual this machine just was.
        self.slowness = 1.0
        self.mail = None
        self.random = random.Random(1)
        self.logs = ground.folder / "chaos"
        self.logs.mkdir()
        self.mail_log = self.logs / "accepted"
        self.kill_log = self.logs / "kills"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        connections.close_all()
        for process in filter(None, [*self.workers, *self.beats, *self.others, self.mail]):
            kill(process)

    def set_up(self, layout=None, *, seed=1, **mail):
        """Everything is well, the queue is empty, nothing has been accepted yet."""
        layout = layout or Layout()
        self.random = random.Random(seed)
        connections.close_all()
        self.ground.revive()
        self.ground.flush_redis()
        self._empty()
        for log in (self.mail_log, self.kill_log):
            log.unlink(missing_ok=True)
        self.start_mail(**mail)
        began = time.monotonic()
        if self._lay_out(layout):
            self._await_workers()
            self.slowness = max(1.0, (time.monotonic() - began) / USUAL_START)

    def _lay_out(self, layout):
        """Start what is missing or has to be another; what can stay, stays. True when the workers are new."""
        old, self.layout = self.layout, layout
        same = old and (old.workers, old.settings) == (layout.workers, layout.settings)
        keeps_workers = same and all_alive(self.workers)
        if not keeps_workers:
            self._end(self.workers)
            self.workers = [self._start_worker(worker) for worker in layout.workers]
        if not (old and old.plans == layout.plans and all_alive(self.beats)):
            self._end(self.beats)
            self.beats = [self.start_beat() for _beat in range(2)]
        return not keeps_workers

    def give_up(self):
        """After a failure: the next scenario starts with new processes."""
        print(self.last_words(), flush=True)
        self._end([*self.workers, *self.beats, *self.others])

    def environment(self, **more):
        return {
            **os.environ,
            "DB_ROLE": "worker",
            "RAFIQ_PROCESS": "worker",
            "CHAOS_SMTP_PORT": str(self.port),
            "CHAOS_KILLS": str(self.kill_log),
            "CHAOS_SETTINGS": json.dumps(self.layout.settings if self.layout else {}),
            "CELERY_SKIP_CHECKS": "1",
            **more,
        }

    def start(self, command, name, **environment):
        return start(command, self.environment(**environment), self.logs / f"{name}.log")

    def start_beat(self):
        return self.start(BEAT, "beat", CHAOS_SETTINGS=json.dumps({"CHAOS_PLANS": self.layout.plans}))

    def start_mail(self, *, thinks=0.01, mood="serves", drop_every=0):
        """The mail server, or another one in its place."""
        self.stop_mail()
        options = {"thinks": thinks, "mood": mood, "drop_every": drop_every}
        self._mail_options = options
        self.mail = self.start([*MAIL, str(self.port), str(self.mail_log), json.dumps(options)], "mail")
        self.wait(self._mail_listens, 20)

    def stop_mail(self):
        if self.mail:
            kill(self.mail)
            self.mail = None

    def restart_mail(self):
        self.start_mail(**self._mail_options)

    def replace_worker(self, position):
        self.workers[position] = self._start_worker(self.layout.workers[position])

    def stop_workers(self):
        """SIGTERM to all, and wait: what was claimed is sent or given back."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(60)

    def organizations(self, count):
        """The first so many; they live on from one scenario to the next."""
        while len(self.owners) < count:
            self.owners.append(OrganizationFactory())
        return self.owners[:count]

    def plan(self, count, organizations):
        """``count`` messages that the workers' own generator will produce, by two clocks at once."""
        for position, owner in enumerate(self.organizations(organizations)):
            with tenant(owner.pk):
                Organization.objects.filter(pk=owner.pk).update(name=PLAN.format(position, count, organizations))

    def enqueue(self, count, organizations, act=lambda number: None, *, first=0, due_in=None, to=ADDRESS):
        """``count`` messages, due at once or in some seconds, dealt out to ``organizations``, given or counted."""
        owners = self.organizations(organizations) if isinstance(organizations, int) else organizations
        due_at = timezone.now() + timedelta(seconds=due_in) if due_in is not None else None
        for position, owner in enumerate(owners):
            numbers = range(first + position, first + count, len(owners))
            with tenant(owner.pk):
                enqueue_many(kind=KIND, lane=Lane.BULK, drafts=drafts(numbers, act, to), due_at=due_at)
        return owners

    def accepted(self):
        """How many copies the mail server has taken."""
        return len(self.mail_log.read_text().splitlines()) if self.mail_log.exists() else 0

    def wait_for_work(self, timeout=40):
        """Until the first message has arrived, so that the faults meet workers that work."""
        self.wait(lambda: self.accepted() > 0, timeout)

    def wait_until_drained(self, timeout, *, count, ends=frozenset({"sent"})):
        """Until so many messages have come to one of the ends, and none is on its way."""
        self.wait(lambda: self._ended(ends) == (count, True), timeout)

    def statuses(self):
        with self.platform() as database:
            return dict(database.execute("SELECT status, count(*) FROM accounts_message GROUP BY 1").fetchall())

    def platform(self, role="rafiq_platform"):
        """The test counts over all organizations; the owner may take that role, and only then sees rows."""
        url = os.environ["DATABASE_OWNER_URL"]
        return psycopg.connect(url, autocommit=True, options=f"-c role={role}")

    def wait(self, is_done, timeout):
        deadline = time.monotonic() + timeout
        while not is_done():
            if time.monotonic() > deadline:
                raise AssertionError(f"Not done after {timeout:.0f} s: {self.statuses()}\n{self.last_words()}")
            time.sleep(0.2)

    def last_words(self):
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in sorted(self.logs.glob("*.log")))

    def _ended(self, ends):
        statuses = self.statuses()
        return sum(statuses.get(end, 0) for end in ends), not statuses.keys() - ends

    def _start_worker(self, worker):
        return self.start(worker.command(), "worker")

    def _end(self, processes):
        for process in processes:
            kill(process)
        processes.clear()

    def _await_workers(self):
        """Each worker has asked its lane for work."""
        asked = "SELECT split_part(worker, ':', 2)::integer FROM accounts_workerheartbeat"

        def all_have():
            with self.platform() as database:
                pids = {pid for (pid,) in database.execute(asked)}
            awake = [
                process for process, kind in zip(self.workers, self.layout.workers, strict=True) if not kind.sleeps
            ]
            return all(pids & set(children(process.pid)) for process in awake)

        self.wait(all_have, 60)

    def _mail_listens(self):
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def _empty(self):
        """One table at a time, or this and the workers could wait for each other."""
        for owner in self.owners:
            with tenant(owner.pk):
                Organization.objects.filter(pk=owner.pk).update(name=owner.name)
        with self.platform("rafiq_owner") as database:
            for table in TRACES:
                database.execute(f"TRUNCATE {table} CASCADE")
