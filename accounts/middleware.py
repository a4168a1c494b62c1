"""From an address to an organization: the prefix first, the member and the tenant after the session.

``/o/<slug>/…`` is taken off the path and becomes the script name, so no route, link or template mentions the
organization and two tabs with two organizations never mix.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.exception import response_for_exception
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import set_script_prefix
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from accounts.models import Membership, User
from accounts.services import secrets, tokens
from accounts.services.audit import token_name
from accounts.tenancy.context import acting_user, reading, tenant
from accounts.tenancy.kept import Kept, Slot, kept
from accounts.time_zone import LazyZone

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX = re.compile(r"^/o/(?P<slug>[a-z0-9-]{1,40})(?P<rest>/.*)?$")
API = "/api/v1/"
SAFE = ("GET", "HEAD", "OPTIONS")


class OrganizationPrefixMiddleware:
    """Moves ``/o/<slug>`` from the path to the script name. Must be the first middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.organization_slug = None
        found = PREFIX.match(request.path_info)
        if found is None:
            return self.get_response(request)
        if found["rest"] is None:
            return HttpResponsePermanentRedirect(request.path + "/")
        request.organization_slug = found["slug"]
        request.urlconf = "config.organization_urls"
        request.path_info = request.META["PATH_INFO"] = found["rest"]
        request.META["SCRIPT_NAME"] = f"/o/{found['slug']}"
        set_script_prefix(f"/o/{found['slug']}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix("/")


class TenantMiddleware:
    """Finds the member (by session or token), opens their organization and speaks their language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.member = request.organization = request.token = None
        request.memberships = []
        if request.organization_slug is not None:
            return self._inside(request)
        if request.path_info.startswith(API):
            return self._by_token(request)
        _speak(getattr(request.user, "language", ""))
        return self.get_response(request)

    def _inside(self, request: Any) -> HttpResponse:
        """A page or API call inside ``/o/<slug>/``: signed-out visitors learn nothing about which slugs exist."""
        request.memberships = sign_in(request)
        if not request.user.is_authenticated:
            if request.path_info.startswith(API):
                return self.get_response(request)
            return redirect_to_login(request.get_full_path())
        _speak(request.user.language)
        slug = request.organization_slug
        member = next((each for each in request.memberships if each.organization.slug == slug), None)
        if member is None:
            return _not_found(request)
        organization = member.organization
        with tenant(organization.pk):
            request.member, request.organization = member, organization
            with timezone.override(LazyZone(lambda: organization.settings.time_zone)):
                return self._answer(request)

    def _by_token(self, request: Any) -> HttpResponse:
        """An integration's call. Without a live token it goes on without a member, and outside every organization."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        parsed = secrets.parse(tokens.KIND, secret.strip()) if scheme.lower() == "bearer" else None
        if parsed is not None:
            with tenant(parsed.organization_id):
                token = tokens.find_token(parsed.digest)
                if token is not None:
                    request.token, request.member, request.organization = token, token.member, token.organization
                    token.member.organization = token.organization
                    tokens.note_use(token)
                    named = token_name.set(token.name)
                    try:
                        return self._answer(request)
                    finally:
                        token_name.reset(named)
        return self.get_response(request)

    def _answer(self, request: Any) -> HttpResponse:
        organization_id = request.organization.pk
        with reading() if request.method in SAFE else nullcontext():
            response = self.get_response(request)
        if response.status_code >= 500 or connection.is_broken:
            # The handler has turned the exception into a response already; without this half a request is committed.
            transaction.set_rollback(True)
        if getattr(response, "streaming", False):
            if response.is_async:
                raise RuntimeError("An async stream cannot hold the organization's transaction: build it first.")
            response.streaming_content = _in_tenant(organization_id, response.streaming_content)
        return response


def sign_in(request: Any) -> list[Membership]:
    """The session's user with all of their active memberships, in one statement under the user's own policy.

    Only a session that Django would accept as it stands is taken here. Any other is left to ``request.user``, which
    knows about rotated keys and ends what does not hold.
    """
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return []
    with acting_user(uuid.UUID(user_id)):
        members = kept("own memberships", lambda: Kept(_own())).run(user=user_id)
    if members and _holds(request.session, members[0].user):
        user = members[0].user
        for member in members:
            member.user = user
        request.user = user
    return members


def _own() -> QuerySet[Membership]:
    return Membership.own.filter(user_id=Slot("user"), is_active=True).select_related("user", "organization")


def _holds(session: Any, user: User) -> bool:
    """Whether the session was opened by a way of ours, with the password that the user has now."""
    return (
        user.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def _in_tenant(organization_id: Any, chunks: Iterator[bytes]) -> Iterator[bytes]:
    # The body is sent after the middleware's transaction has ended.
    with tenant(organization_id):
        yield from chunks


def _speak(language: str) -> None:
    """The person's own choice wins over the cookie and the browser, which LocaleMiddleware has weighed already."""
    if language:
        translation.activate(language)


def _not_found(request: HttpRequest) -> HttpResponse:
    return response_for_exception(request, Http404("No such organization for this user."))
