"""CPU, time and bytes of requests to a server, and the SQL statements behind a page."""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

TICKS = os.sysconf("SC_CLK_TCK")
#: To warm up: enough for two processes of four threads, whichever of them answers.
CONNECTIONS, REQUESTS = 8, 6
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET")


@dataclass(frozen=True)
class Call:
    """One request; ``body`` makes a new one each time."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: Callable[[], bytes] | None = None


@dataclass
class Cost:
    """What the requests of one call took, over all batches."""

    cpu: float = 0.0
    seconds: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / max(len(self.seconds), 1)

    def percentile(self, part: int) -> float:
        return 1000 * statistics.quantiles(self.seconds, n=100, method="inclusive")[part - 1]


class Server:
    """A web server on this machine with the database behind it: processes whose CPU counts."""

    def __init__(self, port: int, web: int, database: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.roots = (web, database)

    def cpu(self) -> float:
        """Seconds that both process trees have used so far, children that ended included."""
        return sum(cpu_of_tree(root) for root in self.roots)

    def run(self, call: Call, times: int, cost: Cost) -> None:
        """One batch over one connection, after a request that is not counted."""
        # A server drops a connection that was idle while others were measured.
        self.connection.close()
        self._ask(call)
        before = self.cpu()
        for _ in range(times):
            began = time.perf_counter()
            cost.size = self._ask(call)
            cost.seconds.append(time.perf_counter() - began)
        cost.cpu += self.cpu() - before

    def warm(self, call: Call) -> None:
        """Until every process and thread behind the port has answered it: their first answers prepare the next ones."""
        for _ in range(CONNECTIONS):
            self.connection.close()
            for _ in range(REQUESTS):
                self._ask(call)

    def memory(self) -> float:
        """Of the largest web process, in MB."""
        return max(_resident(pid) for pid in _tree(self.roots[0])) / 1e6

    def answer(self, call: Call) -> bytes:
        self.connection.request(call.method, call.path, call.body() if call.body else None, call.headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise SystemExit(f"{call.method} {call.path} answered {response.status}: {content[:300]!r}")
        return content

    def _ask(self, call: Call) -> int:
        return len(self.answer(call))


def statements(call: Call) -> int:
    """Counted in this process, by the same code on the same data."""
    client = Client(SERVER_NAME="127.0.0.1")
    headers = {name: value for name, value in call.headers.items() if name != "Content-Type"}

    def ask() -> None:
        body = call.body() if call.body else b""
        answer = client.generic(call.method, call.path, body, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201), answer.content[:300]

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    return sum(not each["sql"].startswith(FRAME) for each in queries)


def cpu_of_tree(root: int) -> float:
    return sum(_cpu_of(pid) for pid in _tree(root))


def _tree(root: int) -> Iterator[int]:
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
