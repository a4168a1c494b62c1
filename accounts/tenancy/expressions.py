"""The organization as an SQL expression that reads the context when the query is compiled, not when it is built."""

from typing import Any

from django.db.models import Expression, UUIDField

from accounts.tenancy.context import current_organization_id


class CurrentOrganization(Expression):
    """Compiles to the current organization's id; raises ``TenantError`` where there is none."""

    output_field = UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [current_organization_id(required=True)]
