"""Tells the REST framework whom the middleware has found."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck


class MemberAuthentication(BaseAuthentication):
    """A token's member, or, inside an organization, the session's. Only a session needs a CSRF token.

    The middleware has looked the member up and opened their organization; nobody asks the database again.
    """

    def authenticate(self, request):
        member = getattr(request._request, "member", None)
        if member is None:
            return None
        token = getattr(request._request, "token", None)
        if token is None:
            self.enforce_csrf(request)
        return member.user, token

    def authenticate_header(self, request):
        return "Bearer"

    def enforce_csrf(self, request):
        check = CSRFCheck(lambda _: None)
        check.process_request(request)
        reason = check.process_view(request, None, (), {})
        if reason:
            raise exceptions.PermissionDenied(f"CSRF: {reason}")
