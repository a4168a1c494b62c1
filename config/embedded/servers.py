"""Who uses the servers: the first user starts them, the last one stops them.

Every process that uses them holds a shared lock on ``users.lock``, which the kernel drops however the process ends.
Whoever can take that lock alone is the last and stops the servers; a keeper process waits for exactly that, in case
the last user was killed. Starters queue at ``start.lock``.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from config.embedded.data_dir import DataDir
from config.embedded.postgres import PostgreSQL
from config.embedded.redis import Redis


class Servers:
    def __init__(self, data_dir: DataDir, wanted: Set[str], *, durable: bool, throwaway: bool = False) -> None:
        self.data_dir = data_dir
        self.throwaway = throwaway
        self.parts: list[PostgreSQL | Redis] = []
        if "DATABASE_URL" in wanted:
            self.parts.append(PostgreSQL(data_dir, durable=durable))
        if "REDIS_URL" in wanted:
            self.parts.append(Redis(data_dir))
        self._users: int | None = None

    @property
    def has_database(self) -> bool:
        return any(isinstance(part, PostgreSQL) for part in self.parts)

    def join(self) -> dict[str, str]:
        """Use the servers, starting what does not answer; returns the variables that lead to them."""
        self._users = _open(self.data_dir / "users.lock")
        # Waits while a keeper or a leaving user is stopping them.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            self.revive()
        except BaseException:
            self.leave()
            raise
        return {name: value for part in self.parts for name, value in part.urls().items()}

    def revive(self) -> None:
        """Start what no longer answers; for a user that lives long."""
        with _locked(self.data_dir / "start.lock"):
            for part in self.parts:
                part.start()
            self._ensure_keeper()

    def leave(self) -> None:
        """Stop the servers when nobody else uses them."""
        if self._users is None:
            return
        users, self._users = self._users, None
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Others use them, or the keeper has begun to stop them: then this waits until it has.
            fcntl.flock(users, fcntl.LOCK_SH)
        else:
            stop_all(self.data_dir)
        finally:
            os.close(users)
        self._await_keeper()

    def _ensure_keeper(self) -> None:
        if not _is_free(self.data_dir / "keeper.lock"):
            return
        keeper = [sys.executable, "-m", "config.embedded.keeper", str(self.data_dir.path)]
        with (self.data_dir / "keeper.log").open("wb") as log:
            # Through a shell that ends at once: the keeper is nobody's child, so nobody waits for it.
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *keeper, *["throwaway"] * self.throwaway],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                check=True,
            )

    def _await_keeper(self) -> None:
        """It ends by itself after the last user; wait a moment, so that nothing is seen to stay behind."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and self.data_dir.path.exists():
            if _is_free(self.data_dir / "keeper.lock") or not _is_free(self.data_dir / "users.lock"):
                return
            time.sleep(0.01)


def stop_all(data_dir: DataDir) -> None:
    """Stop whatever runs in this folder, whoever started it."""
    if (data_dir / "postgres").exists():
        PostgreSQL(data_dir, durable=True).stop()
    if (data_dir / "redis").exists():
        Redis(data_dir).stop()


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_free(path: Path) -> bool:
    with suppress(OSError):
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
    return True
