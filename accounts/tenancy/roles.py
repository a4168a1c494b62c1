"""The database roles, as SQL: who owns the tables, who serves, who works the queues, who sees every organization.

Used by the embedded server, by ``manage.py setup_roles`` and by the tests, so that all three have the same walls.
Runs before Django is loaded. Every statement may be repeated.
"""

from collections.abc import Mapping
from typing import Any

OWNER, WEB, WORKER, OPS = "rafiq_owner", "rafiq_web", "rafiq_worker", "rafiq_ops"
LOGINS = (OWNER, WEB, WORKER, OPS)

#: ``GRANT … WITH INHERIT FALSE, SET TRUE`` needs it.
OLDEST_POSTGRESQL = 160000

_ATTRIBUTES = "NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE"


def role_statements(passwords: Mapping[str, str]) -> list[str]:
    """Create or mend the roles of the whole server; ``passwords`` by login."""
    statements = [_create(role) for role in ("rafiq_app", "rafiq_platform", *LOGINS)]
    for login in LOGINS:
        may_create = "CREATEDB" if login == OWNER else "NOCREATEDB"
        password = f" PASSWORD {_literal(passwords[login])}" if login in passwords else ""
        statements.append(f"ALTER ROLE {login} LOGIN {may_create}{password}")
    return [
        *statements,
        f"GRANT rafiq_app TO {WEB}, {WORKER}",
        f"GRANT rafiq_platform TO {OPS}",
        # The owner stays closed (no rows) but a data migration may SET LOCAL ROLE rafiq_platform.
        f"GRANT rafiq_platform TO {OWNER} WITH INHERIT FALSE, SET TRUE",
        # A managed server's administrator is no superuser and must be a member to hand the database over.
        "DO $$ BEGIN IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN "
        f"EXECUTE format('GRANT {OWNER} TO %I', current_user); END IF; END $$",
    ]


def database_statement(database: str) -> str:
    """To be run outside a transaction, when the database is not there yet."""
    return f"CREATE DATABASE {_identifier(database)} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0"


def access_statements(database: str) -> list[str]:
    """Close one database: no temporary tables, nobody but our roles. Run while connected to it."""
    name = _identifier(database)
    return [
        f"ALTER DATABASE {name} OWNER TO {OWNER}",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {OWNER}, rafiq_app, rafiq_platform",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ]


def role_problems(cursor: Any) -> list[str]:
    """Why the connected role may not serve: superuser, BYPASSRLS, or owner. Empty when all is well."""
    cursor.execute(
        "SELECT current_user, rolsuper OR rolbypassrls, "
        "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "        WHERE c.relowner = r.oid AND n.nspname = 'public' AND c.relkind = 'r') "
        "OR EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND datdba = r.oid) "
        "FROM pg_roles r WHERE rolname = current_user"
    )
    name, bypasses, owns = cursor.fetchone()
    problems = []
    if bypasses:
        problems.append(f"Role {name} is not held by row-level security (superuser or BYPASSRLS).")
    if owns:
        problems.append(f"Role {name} owns the tables.")
    return problems


def _create(role: str) -> str:
    # NOSUPERUSER and NOBYPASSRLS are the defaults of CREATE ROLE; only a superuser may spell them in ALTER ROLE.
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
        f"CREATE ROLE {role} {_ATTRIBUTES}; END IF; END $$"
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
