"""What the settings read from the environment more than once, with its type."""

from typing import Any

import dj_database_url
from environs import Env

from accounts.tenancy.context import UnlessReading

env = Env()

ENGINE = "accounts.tenancy.postgresql"
#: After so long a stuck statement, a lock or a forgotten transaction gives up.
TIMEOUTS = {"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "60s"}
#: Statements that come again are parsed once per connection. A pooler between us may not know of them: then "false".
PREPARING = {"prepare_threshold": 5} if env.bool("DATABASE_PREPARE", True) else {}


def database(role: str) -> dict[str, Any]:
    """The connection of one role: web, owner, worker or ops. A role without a URL of its own uses the web's."""
    url = env.str("DATABASE_URL", "")
    if role != "web":
        url = env.str(f"DATABASE_{role.upper()}_URL", "") or url
    found: dict[str, Any] = (
        dict(dj_database_url.parse(url, engine=ENGINE)) if url else {"ENGINE": ENGINE, "NAME": "rafiq"}
    )
    # Migrations and imports may take their time; what serves people may not.
    timeouts = {} if role == "owner" else TIMEOUTS
    options = " ".join(f"-c {key}={value}" for key, value in timeouts.items())
    return found | {
        "ATOMIC_REQUESTS": UnlessReading(),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {**found.get("OPTIONS", {}), "connect_timeout": 5, "options": options, **PREPARING},
    }
