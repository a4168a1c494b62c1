"""OPTIONS tells which methods an address knows; the rest is in the schema."""

from rest_framework.metadata import BaseMetadata


class MethodsMetadata(BaseMetadata):
    def determine_metadata(self, request, view):
        return {"methods": view.allowed_methods, "schema": request.build_absolute_uri("/api/v1/schema/")}
