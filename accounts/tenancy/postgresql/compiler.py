"""UPDATE and DELETE by bare id name the organization as well: a second wall in Python beside the database's own.

Django deletes and nulls related rows through queries that no manager filters; this is where they all pass.
"""

from typing import Any

from django.db.backends.postgresql import compiler
from django.db.models.lookups import Exact

from accounts.tenancy.expressions import CurrentOrganization
from accounts.tenancy.models import TenantModel

SQLCompiler = compiler.SQLCompiler
SQLInsertCompiler = compiler.SQLInsertCompiler
SQLAggregateCompiler = compiler.SQLAggregateCompiler


def _name_organization(query: Any) -> None:
    if not issubclass(query.model, TenantModel):
        return
    if any(isinstance(getattr(child, "rhs", None), CurrentOrganization) for child in query.where.children):
        return
    column = query.model._meta.get_field("organization").get_col(query.get_initial_alias())
    query.where.add(Exact(column, CurrentOrganization()), "AND")


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    def pre_sql_setup(self, *args: Any, **kwargs: Any) -> Any:
        result = super().pre_sql_setup(*args, **kwargs)
        _name_organization(self.query)
        return result


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    def _as_sql(self, query: Any) -> Any:
        _name_organization(query)
        return super()._as_sql(query)  # type: ignore[misc]  # the stubs do not know it
