"""The walls between the roles, and the command that builds them on a server of one's own."""

import os

import psycopg
import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy import roles


@pytest.fixture
def server(servers):
    servers.join()
    return servers.parts[0]


@pytest.mark.parametrize("role", [roles.WEB, roles.WORKER])
@pytest.mark.parametrize(
    "forbidden",
    ["SET ROLE rafiq_platform", "SET ROLE rafiq_owner", "CREATE TABLE mine (x int)", "CREATE TEMP TABLE mine (x int)"],
)
def test_a_serving_role_cannot_become_another_nor_make_tables(server, role, forbidden):
    with psycopg.connect(server.url(role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(forbidden)


def test_no_login_bypasses_row_level_security(server):
    with psycopg.connect(server.url("rafiq_web")) as connection:
        found = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'rafiq_%' AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        ).fetchall()
    assert found == []


def test_the_owner_holds_no_platform_rights_until_it_asks_for_them(server):
    with psycopg.connect(server.url(roles.OWNER)) as connection:
        inherits = "SELECT pg_has_role('rafiq_owner', 'rafiq_platform', 'USAGE')"
        assert connection.execute(inherits).fetchone() == (False,)
        connection.execute("SET LOCAL ROLE rafiq_platform")
        assert connection.execute("SELECT current_user").fetchone() == ("rafiq_platform",)


def test_setup_roles_builds_a_database_and_may_be_repeated(server, monkeypatch, capsys):
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_OPS_URL"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("DATABASE_URL", "postgres://rafiq_web:a%27b@HOST/other")
    for _ in range(2):
        call_command("setup_roles", admin_url=server.url("postgres", "postgres"), database="other")
    shown = capsys.readouterr().out
    assert "DATABASE_OWNER_URL=postgres://rafiq_owner:" in shown
    assert "rafiq_web" not in shown
    web = server.url("rafiq_web", "other").replace(server.data_dir.secret("rafiq_web"), "a%27b")
    with psycopg.connect(web) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMP TABLE mine (x int)")


def test_setup_roles_prints_sql_that_a_server_accepts(server, capsys):
    call_command("setup_roles", only_print=True, database="printed")
    script = capsys.readouterr().out
    before, after = script.split('\\connect "printed"')
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        for statement in before.split(";\n"):
            if statement.strip():
                connection.execute(statement)
    with psycopg.connect(server.url("postgres", "printed"), autocommit=True) as connection:
        connection.execute(after.split("-- Put")[0])


def test_setup_roles_without_an_administrator_says_what_to_give(monkeypatch):
    monkeypatch.delenv("DATABASE_ADMIN_URL", raising=False)
    with pytest.raises(CommandError, match="--admin-url"):
        call_command("setup_roles")


def test_the_suite_itself_runs_as_the_restricted_role(db):
    assert "rafiq_web" in os.environ["DATABASE_URL"]
