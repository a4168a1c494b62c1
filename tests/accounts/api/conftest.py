import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Scope
from accounts.services import create_token
from accounts.tenancy.context import tenant


class TokenClient(Client):
    """An integration: JSON both ways, a bearer token, no cookies."""

    def __init__(self, secret, token, **options):
        super().__init__(**options)
        self.secret = secret
        self.token = token

    def call(self, method, path, body=None, *, headers=None, content_type="application/json", raw=None):
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        url = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return self.generic(method, url, data, content_type=content_type, headers=headers)


@pytest.fixture
def token_for(organization):
    """A client with a new token of ``member``; all scopes its member may have, unless they are given."""

    def make(member, *scopes, **options):
        with tenant(organization.pk):
            wanted = list(scopes) or [scope for scope in Scope.values if scope != Scope.ADMIN or member.is_admin]
            token, secret = create_token(actor=member, member=member, name="Test", scopes=wanted, **options)
        return TokenClient(secret, token)

    return make


@pytest.fixture
def rest(token_for, member):
    """The admin's integration."""
    return token_for(member)


@pytest.fixture
def tomorrow():
    return timezone.now() + timedelta(days=1)
