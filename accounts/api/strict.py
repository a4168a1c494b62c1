"""Serializers that refuse what they do not know: a misspelt field is an error, not a value lost in silence."""

from datetime import UTC

from django.db import models
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.fields import TenantRelatedField


class StrictSerializer(serializers.Serializer):
    def to_internal_value(self, data):
        if isinstance(data, dict):
            errors = {name: [self.refusal(name)] for name in data if not self.is_writable(name)}
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def is_writable(self, name):
        return name in self.fields and not self.fields[name].read_only

    def refusal(self, name):
        if name in self.fields:
            return _("This field is read-only. Leave it out.")
        known = ", ".join(field for field in self.fields if self.is_writable(field)) or _("none")
        return _("There is no such field. Known: %(known)s.") % {"known": known}


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer):
    """Rows as JSON. Moments are told in UTC, keys of other rows are resolved only among those the member may see.

    It never saves: the view calls a service with ``validated_data``. Uniqueness is checked by the service.
    """

    serializer_related_field = TenantRelatedField

    def build_standard_field(self, field_name, model_field):
        field_class, options = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.DateTimeField):
            options["default_timezone"] = UTC
        return field_class, options

    def get_validators(self):
        return []


class NoInput(StrictSerializer):
    """The body of a verb that needs nothing."""
