"""REST: the house's own classes everywhere, so that a viewset has to say only what is particular to it."""

from config.settings.env import env

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.MemberAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.MemberPermission"],
    "DEFAULT_RENDERER_CLASSES": ["accounts.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.negotiation.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.ProblemSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "accounts.api.problems.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
#: For each token or signed-in member; 0 means no limit.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 60_000)

SPECTACULAR_SETTINGS = {
    # `make build` validates the schema by itself, with messages that are easier to read.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "TITLE": "Rafiq",
    "DESCRIPTION": (
        "Account management: the work after the sale.\n\n"
        "Sign in with `Authorization: Bearer <token>` (Settings → Tokens). Lists come in pages of "
        "`{results, next, previous}`. Changes name the version they are based on (`ETag` → `If-Match`). A POST with an "
        "`Idempotency-Key` can be repeated without a second effect. Errors are `application/problem+json`."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "displayRequestDuration": True},
}
