"""The servers of one run: PostgreSQL and Redis in their own folder, our web under gunicorn, the floor beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from config.assets import BASE_DIR, collect_static, compile_messages
from config.embedded.data_dir import DataDir
from config.embedded.servers import Servers
from config.processes import Process, stop_together

WORKERS = 2
NOT_FOR_US = ("EMAIL_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "WEB_WORKERS", "WEB_THREADS", "BIND")


@contextmanager
def servers(folder: Path) -> Iterator[DataDir]:
    """Database and Redis until the block ends; the environment then leads to them, whatever it said before."""
    data_dir = DataDir(folder).create()
    joined = Servers(data_dir, {"DATABASE_URL", "REDIS_URL"}, durable=True, throwaway=True)
    for name in NOT_FOR_US:
        os.environ.pop(name, None)
    # Set, not left out: a .env of the project must not lead anywhere else.
    os.environ |= {"RAFIQ_ENV": "local", "DB_ROLE": "web", "DATA_DIR": str(folder), "EMAIL_URL": "smtp://127.0.0.1:9"}
    os.environ["SECRET_KEY"] = data_dir.secret("django")
    os.environ |= joined.join()
    try:
        compile_messages()
        collect_static()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
            cwd=BASE_DIR,
            env=os.environ | {"DB_ROLE": "owner"},
            check=True,
            stderr=subprocess.DEVNULL,
        )
        yield data_dir
    finally:
        joined.leave()


def rafiq(data_dir: DataDir) -> AbstractContextManager[tuple[int, int]]:
    """Our web as ``make run`` serves it: its port and process id."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
    return _serving("web", command, port, data_dir / "web.log", BIND=f"127.0.0.1:{port}", WEB_WORKERS=str(WORKERS))


def floor(data_dir: DataDir, database_url: str) -> AbstractContextManager[tuple[int, int]]:
    port = _free_port()
    options = ["--interface", "wsgi", "--workers", str(WORKERS), "--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-m", "granian", *options, "--log-level", "warning", "bench.floor:answer"]
    return _serving("floor", command, port, data_dir / "floor.log", FLOOR_DATABASE_URL=database_url)


@contextmanager
def _serving(name: str, command: list[str], port: int, log: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """A web server until the block ends."""
    process = Process(name, command, log=log, environment=environment)
    process.start()
    try:
        _await(port, log)
        assert process.pid is not None
        yield port, process.pid
    finally:
        stop_together([process])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"A server did not start; {log} ends with:\n{log.read_text(errors='replace')[-2000:]}")
