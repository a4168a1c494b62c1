"""What ``migrate`` asks of the server before it touches it, so that a wrong one is told in a sentence."""

from django.core.management.base import CommandError
from django.db import connections

from accounts.tenancy.roles import LOGINS, OLDEST_POSTGRESQL

ROLES = ("rafiq_app", "rafiq_platform", *LOGINS)


def require_server(using: str) -> None:
    """Raise ``CommandError`` when the server is older than we need or the roles were never made on it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::integer,"
            " array(SELECT wanted FROM unnest(%s::text[]) wanted"
            "       WHERE wanted NOT IN (SELECT rolname FROM pg_roles))",
            [list(ROLES)],
        )
        version, missing = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        raise CommandError(
            f"PostgreSQL {version // 10000} is too old: Rafiq needs {OLDEST_POSTGRESQL // 10000} or newer."
        )
    if missing:
        raise CommandError(
            f"The database server lacks the role {missing[0]}: run `manage.py setup_roles` first (docs/operations.md)."
        )
