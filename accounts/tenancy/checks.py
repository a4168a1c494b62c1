"""What must hold of every model and of the connected role; run by ``manage.py check`` and by the tests."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections, models

from accounts.tenancy import roles
from accounts.tenancy.ddl import is_global, plan
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantModel


@register(Tags.models)
def check_models(app_configs: Any, **kwargs: Any) -> list[Any]:
    """E001 unclassified table · E003 unique field · E004 plain foreign key · E005 unique without organization ·
    E006 automatic many-to-many · E007 foreign key without an index behind the organization."""
    found: list[Any] = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy or model._meta.abstract:
            continue
        if issubclass(model, TenantModel):
            found += _tenant_model_problems(model)
        elif not is_global(model):
            hint = "Derive it from TenantModel, or list it in GLOBAL_TABLES."
            found.append(Error("Nobody said whose rows these are.", hint=hint, obj=model, id="tenancy.E001"))
    return found


def _tenant_model_problems(model: Any) -> list[Any]:
    found: list[Any] = []
    second_columns = {tuple(index.fields[:2]) for index in model._meta.indexes}
    second_columns |= {tuple(c.fields[:2]) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)}
    seconds = {fields[1].lstrip("-") for fields in second_columns if len(fields) > 1 and fields[0] == "organization"}
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            found.append(Error(f"{field.name} is unique across organizations.", obj=model, id="tenancy.E003"))
        if isinstance(field, TenantForeignKey):
            if field.name not in seconds:
                found.append(Error(f"No index (organization, {field.name}).", obj=model, id="tenancy.E007"))
        elif isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, TenantModel):
            found.append(Error(f"{field.name} must be a TenantForeignKey.", obj=model, id="tenancy.E004"))
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and "organization" not in constraint.fields:
            found.append(Error(f"{constraint.name} lacks organization.", obj=model, id="tenancy.E005"))
    for many in model._meta.local_many_to_many:
        if many.remote_field.through._meta.auto_created:
            found.append(Error(f"{many.name} needs an explicit through model.", obj=model, id="tenancy.E006"))
    return found


def role_problems(alias: str = "default") -> list[str]:
    """Why the connected role may not serve: superuser, BYPASSRLS, or owner of tables. Empty when all is well."""
    with connections[alias].cursor() as cursor:
        return roles.role_problems(cursor)


@register(Tags.database)
def check_database(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Any]:
    """E010 the role bypasses policies · W012 the role owns tables · E011 protection is missing or was weakened."""
    if not databases or "default" not in databases:
        return []
    problems = role_problems()
    if any("owns" in problem for problem in problems):
        # ``migrate`` runs these checks as the owner before it has made the tables: nothing to compare yet.
        return [Warning(problem, id="tenancy.W012") for problem in problems if settings.DB_ROLE != "owner"]
    found: list[Any] = [Error(problem, id="tenancy.E010") for problem in problems]
    missing = plan()
    if missing:
        hint = "Run `manage.py migrate`, which restores it. First missing: " + missing[0]
        found.append(Error(f"{len(missing)} statements of protection are missing.", hint=hint, id="tenancy.E011"))
    return found
