"""Whether this process can serve: what the load balancer and ``make run`` ask."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from redis import Redis, RedisError

from accounts.tenancy.checks import role_problems

COLUMNS_SQL = """
SELECT c.relname, a.attname FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""


def readiness() -> dict[str, Any]:
    """``ready`` and a word per part. Redis may be away: work waits in the database and goes on when it is back."""
    found: dict[str, Any] = {"database": "ok", "role": "ok", "migrations": "ok", "redis": redis_state()}
    try:
        if role_problems():
            found["role"] = "can bypass row-level security"
        if missing := missing_columns():
            found["migrations"] = f"{len(missing)} columns are missing: run migrate"
    except DatabaseError:
        found |= {"database": "unreachable", "role": "unknown", "migrations": "unknown"}
    found["ready"] = all(found[part] == "ok" for part in ("database", "role", "migrations"))
    return found


def missing_columns() -> set[tuple[str, str]]:
    """What the models have and the database lacks: the serving role cannot read the list of applied migrations."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL)
        there = set(cursor.fetchall())
    models = (model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    wanted = {(meta.db_table, field.column) for meta in models for field in meta.local_concrete_fields}
    return wanted - there


def redis_state() -> str:
    if not settings.REDIS_URL:
        return "not configured"
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except RedisError:
        return "unreachable"
    finally:
        client.close()
    return "ok"
