"""Errors as ``application/problem+json`` (RFC 9457): what is wrong and how to mend it, never a traceback."""

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from accounts.exceptions import DomainError, StaleVersion

logger = logging.getLogger("django.request")

CONTENT_TYPE = "application/problem+json"
WHOLE = api_settings.NON_FIELD_ERRORS_KEY

TITLES = {
    400: ("invalid", gettext_lazy("The request is not valid")),
    401: ("not-signed-in", gettext_lazy("Sign in first")),
    403: ("not-allowed", gettext_lazy("Not allowed")),
    404: ("not-found", gettext_lazy("Not found")),
    405: ("method-not-allowed", gettext_lazy("This address does not know this method")),
    409: ("conflict", gettext_lazy("The current state does not allow this")),
    412: ("changed-meanwhile", gettext_lazy("Somebody else changed this meanwhile")),
    413: ("too-large", gettext_lazy("The body is too large")),
    415: ("not-json", gettext_lazy("The body is not JSON")),
    422: ("key-used", gettext_lazy("This Idempotency-Key belongs to another request")),
    428: ("version-missing", gettext_lazy("Say which version you are changing")),
    429: ("too-many", gettext_lazy("Too many requests")),
    500: ("our-fault", gettext_lazy("Something broke on our side")),
    503: ("unavailable", gettext_lazy("Not available at the moment")),
}


class Conflict(exceptions.APIException):
    status_code = 409


class TooLarge(exceptions.APIException):
    status_code = 413


class Unprocessable(exceptions.APIException):
    status_code = 422


class Unavailable(exceptions.APIException):
    status_code = 503


def problem(status, detail, *, errors=None, headers=None, **members):
    """A problem document as a response; ``members`` are extra members of the document."""
    name, title = TITLES.get(status, TITLES[400 if status < 500 else 500])
    document = {"type": f"urn:rafiq:problem:{name}", "title": title, "status": status, "detail": detail}
    if errors:
        document["errors"] = errors
    return Response({**document, **members}, status=status, headers=headers, content_type=CONTENT_TYPE)


def exception_handler(error, context):
    """Every exception of an API view becomes a problem; one that we do not know is logged and says only that."""
    set_rollback()
    known = translate(error)
    if known is None:
        return unexpected(error, context)
    headers = {}
    if getattr(known, "auth_header", None):
        headers["WWW-Authenticate"] = known.auth_header
    if getattr(known, "wait", None) is not None:
        headers["Retry-After"] = str(max(1, int(known.wait + 0.999)))
    if isinstance(known, exceptions.ValidationError):
        errors = flatten(known.detail)
        whole = errors.get(WHOLE, [])
        detail = " ".join(whole) if whole else _("Some values need another look.")
        return problem(known.status_code, detail, errors=errors, headers=headers)
    return problem(known.status_code, str(known.detail), headers=headers, errors=getattr(known, "errors", None))


def translate(error):
    """The API's exception for any exception we know, or None."""
    if isinstance(error, exceptions.MethodNotAllowed):
        return with_detail(error, _("Use another method: %(method)s does nothing here.") % {"method": error.args[0]})
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, DomainError):
        return domain_conflict(error)
    if isinstance(error, DjangoValidationError):
        return exceptions.ValidationError(messages_of(error))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("Send at most 2.5 MB at once."))
    if isinstance(error, (SuspiciousOperation, DataError)):
        return exceptions.ValidationError(_("A value is out of range or has characters that cannot be stored."))
    if isinstance(error, IntegrityError):
        return Conflict(_("Another row already has one of these values, or depends on this one."))
    if isinstance(error, (OperationalError, InterfaceError)):
        return waiting(Unavailable(_("The database does not answer. Try again in a moment.")), 5)
    return None


def with_detail(error, detail):
    error.detail = detail
    return error


def waiting(error, seconds):
    error.wait = seconds
    return error


def domain_conflict(error):
    """A business rule's refusal keeps its sentence, and its fields when it names them."""
    conflict = Conflict(" ".join(error.messages))
    if isinstance(error, StaleVersion):
        conflict.status_code = 412
    if hasattr(error, "error_dict"):
        conflict.errors = flatten(messages_of(error))
    return conflict


def messages_of(error):
    if hasattr(error, "error_dict"):
        return {WHOLE if name == "__all__" else name: messages for name, messages in error.message_dict.items()}
    return {WHOLE: error.messages}


def flatten(detail, path=""):
    """Nested errors as one level: ``{"lines.0.mrr_minor": ["…"]}``."""
    if isinstance(detail, dict):
        found = {}
        for name, inner in detail.items():
            # The word for "the whole object" stands only where there is no field to name.
            deeper = path if name == WHOLE and path else f"{path}.{name}" if path else str(name)
            for key, messages in flatten(inner, deeper).items():
                found.setdefault(key, []).extend(messages)
        return found
    if isinstance(detail, (list, tuple)):
        if any(isinstance(item, (dict, list)) for item in detail):
            return {
                key: messages
                for index, item in enumerate(detail)
                if item
                for key, messages in flatten(item, f"{path}.{index}" if path else str(index)).items()
            }
        return {path or WHOLE: [str(item) for item in detail]}
    return {path or WHOLE: [str(detail)]}


def unexpected(error, context):
    """Report the way Django does, so that logs, error trackers and the test client see the exception."""
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=None, request=request)
    response = problem(500, _("We have been told. Try again; if it stays, tell us when it happened."))
    facts = {"response": response, "request": request, "exception": error, "logger": logger}
    log_response("%s: %s", "Internal Server Error", request.path, **facts)
    return response
