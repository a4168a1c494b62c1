"""Fields that the organization gives a meaning of its own: its rows, its money."""

from django.core.exceptions import ObjectDoesNotExist
from rest_framework import serializers

# The largest whole number that every JSON reader keeps exactly.
MAX_SAFE_INTEGER = 2**53 - 1


class TenantRelatedField(serializers.PrimaryKeyRelatedField):
    """The key of another row. One that the member may not see "does not exist", as if it never had."""

    def __init__(self, **options):
        options.setdefault("pk_field", serializers.UUIDField())
        super().__init__(**options)

    def get_queryset(self):
        queryset = super().get_queryset()
        member = getattr(self.context.get("view"), "member", None)
        return queryset.none() if member is None else queryset.visible_to(member)

    def to_representation(self, value):
        # Keys are written as text here so that rows and serializers give the same answer.
        return str(value.pk)


class TenantRelatedListField(serializers.ListField):
    """Keys of several rows, read with one query; validates to the rows, in the order given."""

    default_error_messages = {"does_not_exist": TenantRelatedField.default_error_messages["does_not_exist"]}
    child = serializers.UUIDField()

    def __init__(self, *, queryset, **options):
        self.queryset = queryset
        options.setdefault("max_length", 200)
        super().__init__(**options)

    def to_internal_value(self, data):
        keys = super().to_internal_value(data)
        rows = self.queryset.all().visible_to(self.context["view"].member).in_bulk(keys)
        for key in keys:
            if key not in rows:
                self.fail("does_not_exist", pk_value=key)
        return [rows[key] for key in dict.fromkeys(keys)]

    def to_representation(self, value):
        return [str(row.pk) for row in (value.all() if hasattr(value, "all") else value)]


class MoneyField(serializers.IntegerField):
    """An amount in minor units (cents, fils), beside a ``currency``."""

    def __init__(self, **options):
        options.setdefault("min_value", 0)
        options.setdefault("max_value", MAX_SAFE_INTEGER)
        super().__init__(**options)

    def to_internal_value(self, data):
        if isinstance(data, (bool, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


def visible_or_none(queryset, member, **lookup):
    """The one row that the member may see and that matches, or None."""
    try:
        return queryset.visible_to(member).get(**lookup)
    except ObjectDoesNotExist:
        return None
