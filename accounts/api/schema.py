"""The OpenAPI document: what the code does, with every refusal that it may answer."""

from functools import cache

from django.http import HttpResponse
from django.urls import include, path
from django.utils import translation
from django.views.generic import View
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from accounts.api.problems import CONTENT_TYPE, TITLES
from accounts.api.renderers import dumps
from accounts.api.strict import NoInput, StrictSerializer

PROBLEM = {
    "type": "object",
    "description": "What is wrong and how to mend it (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Sentences for each field; a dot leads into nested ones.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current": {"type": "object", "description": "With 412: the row as it is now.", "additionalProperties": True},
    },
}
CRUD = {"list", "retrieve", "create", "partial_update"}
BODIES = {"POST", "PUT", "PATCH"}


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.MemberAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


class ProblemSchema(AutoSchema):
    """Adds what every view of the house has in common: problems, versions, keys, verbs, lists from rows."""

    def get_description(self):
        action = getattr(self.view, self.view.action, None) if getattr(self.view, "action", None) else None
        texts = [type(self.view).__dict__.get("__doc__"), getattr(action, "__doc__", None)]
        return "\n\n".join(" ".join(text.split()) for text in texts if text)

    def get_request_serializer(self):
        action = getattr(self.view, "action", None)
        default = self.view.serializer_class if action in CRUD or self.method != "POST" else NoInput
        return self.view.inputs.get(action, default)

    def get_response_serializers(self):
        action = getattr(self.view, "action", None)
        serializer = self.view.outputs.get(action, self.view.serializer_class)
        if action == "list" and self.view.row_fields is not None:
            return row_serializer(serializer, tuple(self.view.row_fields))
        if action == "upsert":
            return {200: serializer, 201: serializer}
        return serializer

    def get_override_parameters(self):
        parameters = []
        if self.method == "POST":
            parameters.append(header("Idempotency-Key", "A POST sent twice with one key has one effect.", False))
        if self.needs_version:
            parameters.append(header("If-Match", 'The `ETag` you have read, such as `"v3"`; `*` for any version.'))
        return [*super().get_override_parameters(), *parameters]

    @property
    def needs_version(self):
        action = getattr(self.view, "action", None)
        return action in ("partial_update", "destroy") and hasattr(self.view, "expected_version")

    def _process_override_parameters(self, direction="request"):
        made = [each for each in self.get_override_parameters() if isinstance(each, dict)]
        return {(each["name"], each["in"]): each for each in made}

    def _get_response_headers_for_code(self, status_code, direction="response"):
        model = self.view.queryset.model if getattr(self.view, "queryset", None) is not None else None
        is_one = getattr(self.view, "action", None) != "list" and str(status_code).startswith("20")
        if is_one and hasattr(model, "version"):
            return {"ETag": {"schema": {"type": "string"}, "description": "The version, to send back in `If-Match`."}}
        return {}

    def _get_response_bodies(self, direction="response"):
        responses = super()._get_response_bodies(direction)
        if self.method == "DELETE":
            responses = {"204": {"description": "Done."}}
        problem = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="accounts.api.problems"
        )
        self.registry.register_on_missing(problem)
        with translation.override("en"):
            for status in self.problem_statuses():
                content = {CONTENT_TYPE: {"schema": problem.ref}}
                responses[str(status)] = {"description": str(TITLES[status][1]), "content": content}
        return dict(sorted(responses.items()))

    def problem_statuses(self):
        statuses = {400, 401, 403, 429}
        if "{" in self.path:
            statuses.add(404)
        if self.method in BODIES:
            statuses |= {409, 413, 415}
        if self.method == "POST":
            statuses.add(422)
        if self.method == "DELETE":
            statuses.add(409)
        if self.needs_version:
            statuses |= {412, 428}
        return sorted(statuses)

    def _map_basic_serializer(self, serializer, direction):
        schema = super()._map_basic_serializer(serializer, direction)
        for field in schema.get("properties", {}).values():
            if "oneOf" in field:
                # A checker that does not know a format takes "" for a web address as well as for the empty text.
                field["anyOf"] = field.pop("oneOf")
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema


def header(name, description, required=True):
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }


@cache
def row_serializer(serializer_class, names):
    """The serializer of a list's rows: the detail's, with only the fields that the list shows."""
    name = serializer_class.__name__.removesuffix("Serializer") + "RowSerializer"
    if issubclass(serializer_class, serializers.ModelSerializer):
        meta = type("Meta", (serializer_class.Meta,), {"fields": names})
        return type(name, (serializer_class,), {"Meta": meta})
    hidden = {each: None for each in serializer_class._declared_fields if each not in names}
    return type(name, (serializer_class,), hidden)


@cache
def document(patterns):
    """Made once for each process: it follows from the code, and the code does not change while it runs."""
    with translation.override("en"):
        generator = SchemaGenerator(patterns=[path("api/v1/", include(list(patterns)))])
        return generator.get_schema(request=None, public=True)


class SchemaView(View):
    """The document as JSON, for everybody: it holds nothing of any organization."""

    http_method_names = ["get", "head", "options"]
    patterns: tuple = ()

    def get(self, request):
        # Inside an organization the same paths are below its own address.
        servers = [{"url": request.META.get("SCRIPT_NAME") or "/"}]
        body = dumps({**document(self.patterns), "servers": servers})
        return HttpResponse(body, content_type="application/vnd.oai.openapi+json")
