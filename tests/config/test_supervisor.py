"""``make run`` as a process: it serves, mends itself, stops cleanly, and says in a sentence why it cannot start."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psycopg
import pytest

from config.embedded.postgres import PostgreSQL
from config.embedded.servers import Servers

PROJECT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LANG", "HOME", "COVERAGE_PROCESS_START")


def _environment(data_dir, **more):
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "RAFIQ_ENV": "local",
        "DATA_DIR": str(data_dir.path),
        **{name: str(value) for name, value in more.items()},
    }


def _run(data_dir, **more):
    return subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=PROJECT,
        env=_environment(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def supervisor(data_dir, port):
    """Starts ``make run``'s process on a database that has an organization, so that no demo is built."""
    user = Servers(data_dir, {"DATABASE_URL", "REDIS_URL"}, durable=True)
    user.join()
    _manage(data_dir, "migrate", "--no-input", "--verbosity=0")
    with psycopg.connect(PostgreSQL(data_dir, durable=True).url("rafiq_web")) as connection:
        connection.execute(
            "INSERT INTO accounts_organization (id, slug, name, created_at) VALUES (%s, 'ours', 'Ours', now())",
            [uuid.uuid4()],
        )
    user.leave()
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor"],
            cwd=PROJECT,
            env=_environment(data_dir, PORT=port, WEB_WORKERS=1),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Data and logs"):
                return process
        raise AssertionError("".join(said))

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _manage(data_dir, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=_environment(data_dir), capture_output=True, text=True, check=True
    ).stdout


def _status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            return None


def _family(data_dir):
    """Processes that name the folder in their command or environment, without the dead."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = folder.joinpath("cmdline").read_bytes() + folder.joinpath("environ").read_bytes()
            if str(data_dir.path).encode() in told and int(folder.name) != os.getpid():
                found[int(folder.name)] = folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def _until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.chaos
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts processes in /proc")
def test_it_serves_mends_itself_stops_without_a_trace_and_recovers_from_being_killed(supervisor, data_dir, port):
    process = supervisor()
    assert _status(port) == 200
    assert {word for word in ("gunicorn", "urgent", "bulk,hooks,upkeep", "beat") if word in str(_family(data_dir))} == {
        "gunicorn",
        "urgent",
        "bulk,hooks,upkeep",
        "beat",
    }

    for pid, command in _family(data_dir).items():
        if "gunicorn" in command or "celery" in command:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    _until(lambda: _status(port) == 200)
    _until(lambda: "urgent" in str(_family(data_dir)) and "beat" in str(_family(data_dir)))

    # A command joins the running servers and leaves them running.
    assert _manage(data_dir, "shell", "-v0", "-c", "print(6 * 7)").strip() == "42"
    assert _status(port) == 200

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=45) == 0
    _until(lambda: not _family(data_dir), 3)

    killed = supervisor()
    killed.kill()
    _until(lambda: not _family(data_dir))
    began = time.monotonic()
    supervisor()
    assert _status(port) == 200
    assert time.monotonic() - began < 30


def test_a_port_that_is_taken_is_told_in_one_sentence(data_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run(data_dir, PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Port {port} is taken by another program: set PORT to a free one.\n"


def test_a_second_one_on_the_same_data_is_told_in_one_sentence(data_dir, port):
    data_dir.create()
    with (data_dir.path / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = _run(data_dir, PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Rafiq already runs with the data in {data_dir.path}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_none_is_told_in_one_sentence(data_dir, port):
    assert _run(data_dir, PORT=port).stderr == f"PORT is '{port}'; it must be a number from 1 to 65535.\n"


def test_a_database_that_does_not_answer_is_told_in_one_sentence(data_dir, port):
    done = _run(
        data_dir,
        PORT=port,
        DATABASE_URL="postgres://a:b@127.0.0.1:1/c",
        REDIS_URL="redis://127.0.0.1:1",
        SECRET_KEY="k",
    )
    assert done.stderr.startswith("The database at DATABASE_URL does not answer: ")
    assert "refused" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_production_is_not_served_by_make_run(data_dir):
    done = _run(data_dir, RAFIQ_ENV="production")
    assert done.stderr.startswith("`make run` is for one's own machine")
