"""``make run``: servers, database, web, workers and clock on this machine, until Ctrl-C.

Every step is skipped when nothing changed, so that the second start is quick.
"""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from accounts.tenancy.roles import OLDEST_POSTGRESQL
from config.assets import BASE_DIR, collect_static, compile_messages, digest_of
from config.embedded.exceptions import SetupError
from config.embedded.servers import Servers
from config.environment import data_dir, prepare, read_dotenv
from config.processes import Process, stop_together

APPS = ("accounts", "managers", "clients", "interactions", "reports")
DEMO_PEOPLE = {
    "layla@demo.example": "account manager",
    "omar@demo.example": "lead",
    "noura@demo.example": "vice president",
    "admin@demo.example": "administrator",
    "sami@demo.example": "associate",
    "viewer@demo.example": "viewer",
    "dana@other.example": "administrator of another organization",
}
#: Seconds between two looks at the embedded servers.
LOOK_EVERY = 5.0


class Supervisor:
    def __init__(self) -> None:
        self.port = _port()
        self.logs = data_dir().create().folder("logs")
        self.servers: Servers | None = None
        self.stopping = threading.Event()
        self.signals = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup the end of the terminal is no reason to stop.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def run(self) -> None:
        began = time.monotonic()
        _require_alone()
        _require_free(self.port)
        self.servers = prepare("supervisor")
        _require_database()
        compile_messages()
        collect_static()
        self._migrate()
        has_demo = self._demo_when_empty()
        web, *others = processes = list(self._processes())
        try:
            web.start()
            self._await(web)
            for process in others:
                process.start()
            self._greet(has_demo, time.monotonic() - began)
            self._watch(processes)
        finally:
            _say("Stopping …")
            stop_together(processes, hurry=lambda: self.signals > 1)
            if self.servers:
                self.servers.leave()

    def _watch(self, processes: list[Process]) -> None:
        looked = time.monotonic()
        while not self.stopping.wait(0.3):
            for process in processes:
                if news := process.tend():
                    _say(news)
            if self.servers and time.monotonic() - looked > LOOK_EVERY:
                self.servers.revive()
                looked = time.monotonic()

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1
        self.stopping.set()

    def _processes(self) -> Iterator[Process]:
        python = sys.executable
        worker = {"DB_ROLE": "worker", "RAFIQ_PROCESS": "worker"}
        celery = [python, "-m", "celery", "-A", "config.celery"]
        lean = ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
        yield Process(
            "web",
            [python, "-m", "gunicorn", "-c", "config/gunicorn.py"],
            log=self.logs / "web.log",
            # Quick, or the port stays taken for the next start.
            orphaned=signal.SIGINT,
        )
        # One process of its own, so that a campaign never delays a reminder.
        for name, queues in {"urgent": "urgent", "bulk": "bulk,hooks,upkeep"}.items():
            command = [*celery, "worker", "-Q", queues, "-c", "1", "-n", f"{name}@%h", *lean]
            yield Process(f"worker {name}", command, log=self.logs / f"worker-{name}.log", environment=worker)
        beat = [*celery, "beat", "--pidfile=", "--loglevel=WARNING"]
        yield Process("clock", beat, log=self.logs / "clock.log", environment=worker)

    def _migrate(self) -> None:
        """As the owner. A stamp in DATA_DIR stands for the embedded database, which lives and dies with it."""
        sources = (path for app in APPS for path in (BASE_DIR / app).rglob("*.py"))
        digest = digest_of(sources)
        stamp = data_dir() / "migrated"
        embedded = self.servers is not None and self.servers.has_database
        if embedded and stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return
        _say("Bringing the database up to date …")
        self._manage("migrate", "--no-input", "--verbosity=0", role="owner")
        stamp.write_text(digest, encoding="ascii")

    def _demo_when_empty(self) -> bool:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            slugs = {slug for (slug,) in connection.execute("SELECT slug FROM accounts_organization")}
        if slugs:
            return "demo" in slugs
        _say("The database is empty: building the demo organization …")
        self._manage("demo", role="web")
        return True

    def _manage(self, *arguments: str, role: str) -> None:
        log = self.logs / f"{arguments[0]}.log"
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=os.environ | {"DB_ROLE": role},
            capture_output=True,
            text=True,
        )
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        if self.stopping.is_set():
            raise SetupError("Stopped.")
        if done.returncode:
            raise SetupError(f"`manage.py {arguments[0]}` failed: {_last_line(log)} (all of it is in {log})")

    def _await(self, web: Process) -> None:
        """Until the web answers; two deaths before that and it never will."""
        while not self.stopping.is_set():
            web.tend()
            if web.deaths > 1:
                raise SetupError(f"The web does not start: {_last_line(web.log)} (all of it is in {web.log})")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse()
                return
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()

    def _greet(self, has_demo: bool, seconds: float) -> None:
        _say(f"\nRafiq is at http://127.0.0.1:{self.port}/  (ready after {seconds:.1f} s; Ctrl-C stops it)")
        if has_demo:
            _say(f"Sign in with the password {os.environ.get('DEMO_PASSWORD', 'rafiq-demo')} as")
            for address, role in DEMO_PEOPLE.items():
                _say(f"  {address:<22}{role}")
        _say(f"Data and logs are in {data_dir().path}\n")


def _port() -> int:
    text = os.environ.setdefault("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _require_free(port: int) -> None:
    """After a kill the old web needs a moment to let go of the port."""
    deadline = time.monotonic() + 3
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except PermissionError:
                raise SetupError(f"Port {port} needs more rights than this account has: set PORT above 1023.") from None
            except OSError:
                if time.monotonic() > deadline:
                    raise SetupError(f"Port {port} is taken by another program: set PORT to a free one.") from None
        time.sleep(0.1)


def _require_alone() -> None:
    """Two on one DATA_DIR would take the port from each other whenever a web process is restarted.

    The kernel keeps the lock while this process lives, however it ends; the descriptor stays open on purpose.
    """
    lock = os.open(data_dir() / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SetupError(
            f"Rafiq already runs with the data in {data_dir().path}: stop it there, or set DATA_DIR to another folder."
        ) from None


def _require_database() -> None:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise SetupError(
            f"The database at DATABASE_URL does not answer: {str(error).strip().splitlines()[0]}"
        ) from None
    if version < OLDEST_POSTGRESQL:
        raise SetupError(
            f"PostgreSQL {version // 10000} is too old: Rafiq needs {OLDEST_POSTGRESQL // 10000} or newer."
        )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    os.chdir(BASE_DIR)
    read_dotenv()
    try:
        if os.environ.get("RAFIQ_ENV") == "production":
            raise SetupError("`make run` is for one's own machine; production is served by docker compose (README).")
        Supervisor().run()
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
