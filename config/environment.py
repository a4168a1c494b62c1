"""What must stand before Django loads: the environment's variables, the data folder, the embedded servers.

``manage.py``, ``make run`` and the tests come through here. A container or a server of one's own sets DATABASE_URL and
REDIS_URL, and nothing is started.
"""

import atexit
import os
import re
import sys
from pathlib import Path

from config.embedded.data_dir import DataDir
from config.embedded.servers import Servers

BASE_DIR = Path(__file__).resolve().parent.parent

#: They change the schema, or compare the models with it: the owner's work.
OWNER_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "flush"}
#: They never ask the database, so they need not wait for it.
COMMANDS_WITHOUT_SERVERS = {"check", "collectstatic", "help", "messages", "setup_roles", "spectacular", "version"}


def read_dotenv(path: Path = BASE_DIR / ".env") -> None:
    """Take ``NAME=value`` lines for what the environment has not set. The tests never read it."""
    if os.environ.get("RAFIQ_ENV") == "test" or not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*", line)
        if found:
            value = found[2]
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            if value:
                os.environ.setdefault(found[1], value)


def data_dir() -> DataDir:
    """DATA_DIR, or a folder of the project: one for the product and one for anything run with RAFIQ_ENV=test."""
    default = ".data-test" if os.environ.get("RAFIQ_ENV") == "test" else ".data"
    return DataDir(Path(os.environ.get("DATA_DIR") or BASE_DIR / default).expanduser().absolute())


def prepare(command: str = "") -> Servers | None:
    """Set the role and, outside production, whatever of secret key, PostgreSQL and Redis the environment lacks.

    Returns the servers that were joined; they are left when this process ends. Raises SetupError with one sentence.
    """
    read_dotenv()
    if command in OWNER_COMMANDS:
        os.environ.setdefault("DB_ROLE", "owner")
    if os.environ.setdefault("RAFIQ_ENV", "local") == "production":
        return None
    folder = data_dir().create()
    os.environ["DATA_DIR"] = str(folder.path)
    os.environ.setdefault("SECRET_KEY", folder.secret("django"))
    asks_database = "--database" in sys.argv or (command not in COMMANDS_WITHOUT_SERVERS and "--check" not in sys.argv)
    if not asks_database:
        return None
    missing = {name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)}
    if not missing:
        return None
    servers = Servers(folder, missing, durable=os.environ["RAFIQ_ENV"] != "test")
    os.environ.update(servers.join())
    atexit.register(servers.leave)
    return servers
