"""Protection follows from the models: what the database still lacks, as SQL.

``plan()`` compares the models with the catalogue. After ``migrate`` the owner runs it; the database system check and
a test demand that it is empty. A table that nobody classified (neither a ``TenantModel`` nor in
``settings.GLOBAL_TABLES``) gets no grant, so it cannot be read: there is no unprotected moment.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from accounts.tenancy.catalog import Table, read_catalog
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantModel
from accounts.tenancy.platform import platform_functions

TENANT = "(organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid)"
OWN = "(user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)"

#: name → (command as the catalogue spells it, roles, USING, WITH CHECK)
POLICIES: dict[str, tuple[str, str, str, str]] = {
    "platform": ("*", "rafiq_platform", "true", "true"),
    "tenant_isolation": ("*", "public", TENANT, TENANT),
}
OWN_POLICY = {"own": ("r", "public", OWN, "-")}
COMMANDS = {"*": "ALL", "r": "SELECT"}

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND = ("SELECT", "INSERT")


def plan(alias: str = "default") -> list[str]:
    """Statements still missing, in the order to run them: keys, rules, foreign keys, functions, grants."""
    with connections[alias].cursor() as cursor:
        tables = read_catalog(cursor)
        functions = list(_function_statements(cursor))
        database = [*_database_statements(cursor), *_backup_statements(cursor)]
    keys: list[str] = []
    rules: list[str] = []
    references: list[str] = []
    grants: list[str] = []
    for model in _managed_models():
        table = tables.get(model._meta.db_table)
        if table is None:
            continue
        if issubclass(model, TenantModel):
            if "organization_id,id" not in table.uniques:
                keys.append(f"ALTER TABLE {_quoted(table.name)} ADD UNIQUE (organization_id, id)")
            rules += _row_security(model, table)
            references += _composite_keys(model, table, tables)
        elif not is_global(model):
            continue
        grants += _grants(model, table)
    return database + keys + rules + references + functions + grants


def reconcile(alias: str = "default") -> list[str]:
    """Run the plan as the owner, in one transaction; returns what was run."""
    with transaction.atomic(using=alias):
        statements = plan(alias)
        with connections[alias].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    return statements


def is_global(model: Any) -> bool:
    """Whether the model is listed, by label or by app, as holding no organization's rows."""
    return model._meta.label in settings.GLOBAL_TABLES or f"{model._meta.app_label}.*" in settings.GLOBAL_TABLES


def _managed_models() -> Iterator[Any]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            yield model


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _row_security(model: Any, table: Table) -> Iterator[str]:
    name = _quoted(table.name)
    if not table.row_security:
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    if not table.forced:
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    wanted = POLICIES | (OWN_POLICY if model._meta.label == "accounts.Membership" else {})
    expected = {"|".join((key, cmd, "t", roles, using, check)) for key, (cmd, roles, using, check) in wanted.items()}
    if set(table.policies) == expected:
        return
    for policy in table.policies:
        yield f"DROP POLICY {_quoted(policy.split('|')[0])} ON {name}"
    for key, (command, roles, using, check) in sorted(wanted.items()):
        with_check = "" if check == "-" else f" WITH CHECK ({check})"
        yield f"CREATE POLICY {key} ON {name} FOR {COMMANDS[command]} TO {roles} USING ({using}){with_check}"


def _composite_keys(model: Any, table: Table, tables: dict[str, Table]) -> Iterator[str]:
    name = _quoted(table.name)
    for field in model._meta.local_fields:
        if not isinstance(field, TenantForeignKey):
            continue
        target = field.remote_field.model._meta.db_table
        if target not in tables or f"organization_id,{field.column}>{target}" in table.references:
            continue
        add = (
            f"ALTER TABLE {name} ADD FOREIGN KEY (organization_id, {_quoted(field.column)}) "
            f"REFERENCES {_quoted(target)} (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
        )
        # Under FORCE the owner sees no rows, so the key would be checked against nothing and accept orphans.
        for open_table in (name, _quoted(target)):
            yield f"ALTER TABLE {open_table} NO FORCE ROW LEVEL SECURITY"
        yield add
        for open_table in (name, _quoted(target)):
            yield f"ALTER TABLE {open_table} FORCE ROW LEVEL SECURITY"


def _grants(model: Any, table: Table) -> Iterator[str]:
    name = _quoted(table.name)
    wanted = {"rafiq_app": APPEND if getattr(model, "APPEND_ONLY", False) else ALL, "rafiq_platform": ALL}
    for role, privileges in wanted.items():
        held = {grant.split(":")[1] for grant in table.grants if grant.startswith(f"{role}:")}
        if held == set(privileges):
            continue
        if held - set(privileges):
            yield f"REVOKE ALL ON {name} FROM {role}"
        yield f"GRANT {', '.join(privileges)} ON {name} TO {role}"


def _database_statements(cursor: Any) -> Iterator[str]:
    """Rights that PostgreSQL gives to everybody in a new database: temporary tables could shadow ours."""
    cursor.execute("SELECT current_database(), has_database_privilege('rafiq_app', current_database(), 'TEMP')")
    name, may_make_temporary_tables = cursor.fetchone()
    if may_make_temporary_tables:
        yield f"REVOKE TEMPORARY ON DATABASE {_quoted(name)} FROM PUBLIC"


def _backup_statements(cursor: Any) -> Iterator[str]:
    """``pg_dump`` as rafiq_ops reads the list of migrations and the counters too, or it refuses as a whole."""
    cursor.execute(
        "SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END || quote_ident(relname) FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND (relkind = 'S' OR relname = 'django_migrations') "
        "AND NOT CASE relkind WHEN 'S' THEN has_sequence_privilege('rafiq_platform', oid, 'SELECT') "
        "ELSE has_table_privilege('rafiq_platform', oid, 'SELECT') END ORDER BY relname"
    )
    for (relation,) in cursor.fetchall():
        yield f"GRANT SELECT ON {relation} TO rafiq_platform"


def _function_statements(cursor: Any) -> Iterator[str]:
    """The few functions that see every organization, when their text differs from ours."""
    for function in platform_functions():
        cursor.execute(
            "SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = %s AND p.proname = %s",
            [function.schema, function.name],
        )
        row = cursor.fetchone()
        if row is None or row[0] != function.digest:
            yield from function.statements()
