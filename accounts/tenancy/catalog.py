"""What the database has: one read of PostgreSQL's catalogue for the reconciler."""

from dataclasses import dataclass, field
from typing import Any

CATALOG_SQL = """
SELECT c.relname,
       c.relrowsecurity,
       c.relforcerowsecurity,
       ARRAY(SELECT concat_ws('|', p.polname, p.polcmd, p.polpermissive,
                    (SELECT string_agg(coalesce(r.rolname, 'public'), ',' ORDER BY r.rolname)
                       FROM unnest(p.polroles) o LEFT JOIN pg_roles r ON r.oid = o),
                    coalesce(pg_get_expr(p.polqual, p.polrelid), '-'),
                    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '-'))
               FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY p.polname),
       ARRAY(SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.n)
                       FROM unnest(x.conkey) WITH ORDINALITY k(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
               FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype IN ('u', 'p')),
       ARRAY(SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.n)
                       FROM unnest(x.conkey) WITH ORDINALITY k(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) || '>' || f.relname
               FROM pg_constraint x JOIN pg_class f ON f.oid = x.confrelid
              WHERE x.conrelid = c.oid AND x.contype = 'f' AND x.convalidated),
       ARRAY(SELECT g.rolname || ':' || a.privilege_type
               FROM aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""


@dataclass
class Table:
    """One table as the catalogue shows it. ``policies`` are ``name|command|permissive|roles|using|check``."""

    name: str
    row_security: bool
    forced: bool
    policies: list[str] = field(default_factory=list)
    uniques: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)


def read_catalog(cursor: Any) -> dict[str, Table]:
    """Every table of the public schema by name."""
    cursor.execute(CATALOG_SQL)
    return {row[0]: Table(*row) for row in cursor.fetchall()}
