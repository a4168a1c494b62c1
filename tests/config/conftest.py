"""Servers of these tests' own: they are started, killed and stopped here, beside the suite's."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from config.embedded.data_dir import DataDir
from config.embedded.servers import Servers, stop_all


@pytest.fixture
def data_dir():
    folder = DataDir(Path(tempfile.mkdtemp(prefix="rafiq-own-"))).create()
    yield folder
    stop_all(folder)
    # The keeper of a user that was killed may still be at work in there.
    deadline = time.monotonic() + 10
    while folder.path.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder.path, ignore_errors=True)
        time.sleep(0.05)


@pytest.fixture
def servers(data_dir):
    """A user of PostgreSQL and Redis that has not joined yet."""
    made = Servers(data_dir, {"DATABASE_URL", "REDIS_URL"}, durable=False)
    yield made
    made.leave()
