"""A server that cannot take us is told in a sentence, before the first table is made."""

import pytest
from django.core.management import CommandError
from django.core.management.sql import emit_pre_migrate_signal

from accounts.tenancy import server

pytestmark = pytest.mark.django_db


def test_a_server_with_our_roles_is_taken():
    assert server.require_server("default") is None


def test_migrate_refuses_an_old_server_before_it_touches_it(monkeypatch):
    monkeypatch.setattr(server, "OLDEST_POSTGRESQL", 990000)

    with pytest.raises(CommandError, match=r"^PostgreSQL \d\d is too old: Rafiq needs 99 or newer\.$"):
        emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")


def test_migrate_asks_for_the_roles_first(monkeypatch):
    monkeypatch.setattr(server, "ROLES", ("rafiq_app", "rafiq_nobody_made_me"))

    with pytest.raises(CommandError, match="lacks the role rafiq_nobody_made_me: run `manage.py setup_roles` first"):
        emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
