"""A foreign key inside one organization."""

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignKey):
    """A foreign key whose database constraint is ``(organization_id, id)``, written by the reconciler in ``ddl``.

    A plain foreign key is checked past row-level security: one organization could point at another's row and keep
    it from being deleted. Joins carry the organization too, so that they can be routed to one shard.
    No index comes with it: indexes start with the organization, declare one in ``Meta.indexes``.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        """A row that is at hand was read inside this organization: it need not be looked up once more."""
        row = self.get_cached_value(model_instance, default=None) if model_instance is not None else None
        if row is None or row.pk != value or row._state.adding:
            super().validate(value, model_instance)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        return name, path, args, kwargs

    def get_joining_fields(self, reverse_join: bool = False) -> Any:
        pairs = super().get_joining_fields(reverse_join)
        here = self.model._meta.get_field("organization")
        there = self.remote_field.model._meta.get_field("organization")
        return (*pairs, (there, here) if reverse_join else (here, there))
