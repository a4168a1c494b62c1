"""Traps 1, 2, 3, 7, 11, 12, 16: what PostgreSQL itself holds, for every table there is."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from accounts.models import ApiToken, AuditEntry
from accounts.services import create_token
from accounts.tenancy.checks import check_database, check_models, role_problems
from accounts.tenancy.context import tenant
from accounts.tenancy.ddl import is_global, plan, reconcile
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from tests.conftest import as_owner
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
labels = {"argvalues": TENANT_MODELS, "ids": lambda model: model._meta.label}


def sql(statement, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def test_the_serving_role_is_held_by_the_policies():
    assert role_problems() == []
    assert sql("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
        (False, False, False)
    ]


def test_nothing_is_missing_and_every_model_is_classified():
    assert plan() == []
    assert check_models(None) == []
    assert check_database(None, databases=["default"]) == []
    assert all(issubclass(model, TenantModel) or is_global(model) for model in apps.get_models())


@pytest.mark.parametrize("model", **labels)
def test_a_tenants_table_is_forced_under_its_policy(model):
    table = model._meta.db_table
    assert sql("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table) == [
        (True, True)
    ]
    assert sql(f'SELECT count(*) FROM "{table}"') == [(0,)]
    assert model._meta.get_field("organization").null is False


@pytest.mark.parametrize("model", **labels)
def test_every_manager_of_a_tenants_model_asks_for_the_organization(model):
    assert isinstance(model._default_manager, TenantManager)
    assert isinstance(model._base_manager, TenantManager)
    plain = [m.name for m in model._meta.managers if not isinstance(m, TenantManager)]
    assert plain == (["own"] if model._meta.label == "accounts.Membership" else [])


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE accounts_holiday",
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "ALTER TABLE accounts_holiday DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant_isolation ON accounts_holiday",
        "SET ROLE rafiq_platform",
        "SET ROLE rafiq_owner",
        "SET session_replication_role = replica",
    ],
)
def test_the_serving_role_may_not(statement):
    with pytest.raises(DatabaseError):
        sql(statement)


@pytest.mark.parametrize("statement", ["UPDATE {} SET verb = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_audit_trail_is_append_only(inside, statement):
    with pytest.raises(DatabaseError, match="permission denied"):
        sql(statement.format(AuditEntry._meta.db_table))


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("ALTER TABLE accounts_holiday NO FORCE ROW LEVEL SECURITY", "accounts_holiday"),
        ("ALTER POLICY tenant_isolation ON accounts_holiday USING (true)", "accounts_holiday"),
        ("CREATE POLICY extra ON accounts_holiday USING (true)", "accounts_holiday"),
        ("DROP POLICY platform ON accounts_holiday", "accounts_holiday"),
        ("GRANT UPDATE ON accounts_auditentry TO rafiq_app", "accounts_auditentry"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_weakened_protection_is_reported_and_mended(damage, table):
    with as_owner():
        sql(damage)
        try:
            assert any(table in statement for statement in plan())
        finally:
            reconcile()
        assert plan() == []


def test_a_foreign_key_cannot_reach_into_another_organization(organization, other_organization):
    with tenant(other_organization.pk):
        their_member = MembershipFactory()
    with tenant(organization.pk):
        member = MembershipFactory()
        token, _ = create_token(actor=member, member=member, name="Sync", scopes=["read"])
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(member_id=their_member.pk)


@pytest.mark.django_db(transaction=True)
def test_adding_a_key_to_a_table_with_orphans_fails(organization):
    """Under FORCE the owner would see no rows, and the key would be checked against nothing."""
    with as_owner(), transaction.atomic():
        table = ApiToken._meta.db_table
        rows = sql(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND confrelid = "
            "'accounts_membership'::regclass",
            table,
        )
        sql(f'ALTER TABLE {table} DROP CONSTRAINT "{rows[0][0]}"')
        sql("SET LOCAL ROLE rafiq_platform")
        sql(
            f"INSERT INTO {table} (id, organization_id, member_id, version, created_at, updated_at, name, scopes, "
            "prefix, digest) VALUES (gen_random_uuid(), %s, gen_random_uuid(), 1, now(), now(), 'x', '[]', '', 'x')",
            organization.pk,
        )
        sql("RESET ROLE")
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError):
            reconcile()
        transaction.set_rollback(True)


def test_joins_between_tenants_tables_carry_the_organization():
    for model in TENANT_MODELS:
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                assert [pair[0].column for pair in field.get_joining_fields()] == [field.column, "organization_id"]
            elif isinstance(field, models.ForeignKey):
                assert not issubclass(field.remote_field.model, TenantModel), f"{model}.{field.name}"


def test_a_table_nobody_classified_cannot_be_read():
    granted = {
        row[0]
        for row in sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm') "
            "AND has_table_privilege(oid, 'SELECT')"
        )
    }
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert granted <= known
    assert "django_migrations" not in granted
