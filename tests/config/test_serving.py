"""The web serves as a role that row-level security holds, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.data_dir import DataDir
from config.embedded.postgres import PostgreSQL

PROJECT = Path(__file__).resolve().parents[2]


def _load_wsgi(role):
    server = PostgreSQL(DataDir(Path(os.environ["DATA_DIR"])), durable=False)
    environ = os.environ | {"DATABASE_URL": server.url(role)}
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], cwd=PROJECT, env=environ, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("role", "reason"),
    [("rafiq_owner", "rafiq_owner owns the tables"), ("postgres", "postgres is not held by row-level security")],
)
def test_the_web_refuses_to_start_as_a_role_that_sees_everything(role, reason):
    done = _load_wsgi(role)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert reason in lines[0]
    assert "Set DATABASE_URL to the role rafiq_web" in lines[0]


def test_the_web_starts_as_the_serving_role():
    done = _load_wsgi("rafiq_web")
    assert (done.returncode, done.stderr) == (0, "")
