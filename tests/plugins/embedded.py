"""PostgreSQL and Redis of the suite's own, in a folder thrown away afterwards; the product's DATA_DIR is never touched.

Loaded before Django. On a machine without the wheels give the four TEST_… variables; the roles must exist there.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.assets import compile_messages
from config.embedded.data_dir import DataDir
from config.embedded.exceptions import SetupError
from config.embedded.servers import Servers

OWN_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "REDIS_URL")
#: Set by the first process for pytest-xdist's workers.
SHARED_FOLDER = "RAFIQ_TEST_DATA_DIR"
NOT_FOR_TESTS = ("EMAIL_URL", "DB_ROLE", "PUBLIC_URL", "ALLOWED_HOSTS", "SIGNUP_OPEN", "DATABASE_OPS_URL")

os.environ["RAFIQ_ENV"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"


def _start() -> Servers | None:
    for name in (*OWN_SERVERS, *NOT_FOR_TESTS):
        os.environ.pop(name, None)
    os.environ["SECRET_KEY"] = "only-for-tests"
    own = {name: os.environ[f"TEST_{name}"] for name in OWN_SERVERS if f"TEST_{name}" in os.environ}
    folder = os.environ.get(SHARED_FOLDER)
    if folder is None:
        folder = os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="rafiq-test-")
    data_dir = DataDir(Path(folder)).create()
    os.environ["DATA_DIR"] = folder
    os.environ.update(own)
    wanted = {"DATABASE_URL", "REDIS_URL"} - own.keys()
    if not wanted:
        return None
    servers = Servers(data_dir, wanted, durable=False, throwaway=True)
    os.environ.update(servers.join())
    return servers


try:
    compile_messages()
    _servers = _start()
except SetupError as error:
    raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    if _servers:
        _servers.leave()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[SHARED_FOLDER], ignore_errors=True)
