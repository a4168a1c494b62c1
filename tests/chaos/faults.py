"""What is done to the processes. Each counts itself as often as it took a process or a server away."""

import os
import signal
import time
from contextlib import suppress

from tests.chaos.processes import children, kill


class Faults:
    def __init__(self, rig):
        self.rig = rig
        self.count = 0
        self.longest_without_postgres = 0.0

    def pool_process(self):
        """kill -9 one forked process of a worker; its parent forks another at once."""
        if pids := self.pool():
            self._kill(self.rig.random.choice(pids))

    def worker(self):
        """kill -9 a worker with all its processes, and start another."""
        position = self.rig.random.randrange(len(self.rig.workers))
        process = self.rig.workers[position]
        self.count += 1 + len(children(process.pid))
        kill(process)
        self.rig.replace_worker(position)

    def beat(self):
        position = self.rig.random.randrange(len(self.rig.beats))
        self.count += 1
        kill(self.rig.beats[position])
        self.rig.beats[position] = self.rig.start_beat()

    def mail(self):
        """kill -9 the mail server with its open sessions; another stands in its place at once."""
        self.count += 1
        self.rig.restart_mail()

    def redis_flush(self):
        self.count += 1
        self.rig.ground.flush_redis()

    def redis(self):
        self.count += 1
        self.rig.ground.kill_redis()
        self.rig.ground.revive()

    def postgres(self):
        self.count += 1
        began = time.monotonic()
        self.rig.ground.crash_postgres()
        self.rig.ground.revive()
        self.longest_without_postgres = max(self.longest_without_postgres, time.monotonic() - began)

    def pool(self):
        """The processes that send."""
        return [child for worker in self.rig.workers for child in children(worker.pid)]

    def pause(self, pid):
        self.count += 1
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)

    def resume(self, pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def terminate_worker(self, position):
        """SIGTERM, as a deployment does; the next worker starts at once. Answers the one that is stopping."""
        self.count += 1
        old = self.rig.workers[position]
        old.terminate()
        self.rig.replace_worker(position)
        return old, time.monotonic()

    def storm(self, names, *, pause, until, seconds):
        """Each fault of ``names`` once, then any of them, until ``until()`` or the time is over."""
        end = time.monotonic() + seconds
        first = self.rig.random.sample(names, len(names))
        while first or (time.monotonic() < end and not until()):
            getattr(self, first.pop() if first else self.rig.random.choice(names))()
            time.sleep(self.rig.random.uniform(*pause))

    def _kill(self, pid):
        self.count += 1
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
