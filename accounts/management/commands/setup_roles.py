"""Create the database roles, or print the SQL for a server that somebody else manages."""

import os
import secrets
from urllib.parse import quote, unquote, urlsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError

from accounts.tenancy import roles

VARIABLES = {
    roles.WEB: "DATABASE_URL",
    roles.OWNER: "DATABASE_OWNER_URL",
    roles.WORKER: "DATABASE_WORKER_URL",
    roles.OPS: "DATABASE_OPS_URL",
}


class Command(BaseCommand):
    help = (
        "Create the roles and the database, with an administrator's URL from --admin-url or DATABASE_ADMIN_URL; "
        "--print writes the SQL instead. Passwords come from the DATABASE_…URL variables; a missing one is made up and "
        "shown. May be repeated."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--admin-url", default=os.environ.get("DATABASE_ADMIN_URL"), help="postgres://…")
        parser.add_argument("--database", default="rafiq", help="name of the database (rafiq)")
        parser.add_argument("--print", action="store_true", dest="only_print", help="write the SQL for psql")

    def handle(self, *, admin_url, database, only_print, **options):
        given = {role: _password(variable, role) for role, variable in VARIABLES.items()}
        passwords = {role: given[role] or secrets.token_urlsafe(32) for role in VARIABLES}
        if only_print:
            self.stdout.write(_script(passwords, database))
            host = "HOST"
        elif admin_url:
            host = self._create(admin_url, passwords, database)
        else:
            raise CommandError("Give an administrator's --admin-url (or DATABASE_ADMIN_URL), or --print the SQL.")
        invented = [role for role in VARIABLES if not given[role]]
        if invented:
            self.stdout.write("-- Put into the environment; these passwords are shown only now:")
        for role in invented:
            self.stdout.write(f"-- {VARIABLES[role]}=postgres://{role}:{quote(passwords[role])}@{host}/{database}")

    def _create(self, admin_url, passwords, database):
        try:
            with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
                if connection.info.server_version < roles.OLDEST_POSTGRESQL:
                    found, needed = connection.info.server_version // 10000, roles.OLDEST_POSTGRESQL // 10000
                    raise CommandError(f"PostgreSQL {found} is too old: Rafiq needs {needed} or newer.")
                _run(connection, roles.role_statements(passwords))
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
                if not known:
                    _run(connection, [roles.database_statement(database)])
            with psycopg.connect(admin_url, dbname=database, autocommit=True, connect_timeout=10) as connection:
                _run(connection, roles.access_statements(database))
                address = connection.info.host, connection.info.port
        except psycopg.Error as error:
            raise CommandError(f"The server did not do it: {str(error).strip().splitlines()[0]}") from None
        self.stdout.write(f"-- The roles and the database {database} stand.")
        return f"{quote(address[0], safe='')}:{address[1]}"


def _run(connection, statements):
    for statement in statements:
        connection.execute(statement)


def _password(variable, role):
    """The password of a URL in the environment that names this role; None when there is no such URL."""
    url = urlsplit(os.environ.get(variable, ""))
    return unquote(url.password) if url.username == role and url.password else None


def _script(passwords, database):
    statements = [*roles.role_statements(passwords), roles.database_statement(database)]
    lines = [f"{statement};" for statement in statements]
    lines.append(f'\\connect "{database}"')
    return "\n".join([*lines, *(f"{statement};" for statement in roles.access_statements(database))])
