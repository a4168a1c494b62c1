"""PostgreSQL and Redis of the run's own, which it may crash. Both as durable as in production."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis as RedisClient

from config.embedded.data_dir import DataDir
from config.embedded.postgres import PostgreSQL
from config.embedded.redis import Redis
from config.embedded.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_TESTS = ("EMAIL_URL", "DB_ROLE", "PUBLIC_URL", "ALLOWED_HOSTS", "SIGNUP_OPEN")


class Ground:
    """The servers under the processes; gone with everything in them when the block ends, or when the run is killed."""

    def __enter__(self):
        for name in NOT_FOR_TESTS:
            os.environ.pop(name, None)
        self.folder = Path(tempfile.mkdtemp(prefix="rafiq-chaos-"))
        self.servers = Servers(
            DataDir(self.folder).create(), {"DATABASE_URL", "REDIS_URL"}, durable=True, throwaway=True
        )
        os.environ.update(
            RAFIQ_ENV="test",
            SECRET_KEY="only-for-tests",
            DATA_DIR=str(self.folder),
            DJANGO_SETTINGS_MODULE="tests.chaos.settings",
            **self.servers.join(),
        )
        self.postgres, self.redis = self.servers.parts
        assert isinstance(self.postgres, PostgreSQL)
        assert isinstance(self.redis, Redis)
        migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | {"DB_ROLE": "owner"}, check=True)
        return self

    def __exit__(self, *exception):
        self.servers.leave()
        shutil.rmtree(self.folder, ignore_errors=True)

    def revive(self):
        self.servers.revive()

    def crash_postgres(self):
        """An immediate stop, as after a crash: nothing is written down, the next start recovers from the log."""
        pid = int((self.postgres.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)
        _until_gone(pid)

    def kill_redis(self):
        pid = int((self.redis.home / "server.pid").read_text())
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _until_gone(pid)

    def flush_redis(self):
        RedisClient.from_url(os.environ["REDIS_URL"]).flushall()


def _until_gone(pid, timeout=20):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":
            return
        time.sleep(0.02)
    raise AssertionError(f"Process {pid} does not end.")
