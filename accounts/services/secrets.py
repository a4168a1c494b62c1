"""Secrets that name their organization: ``<kind>_<organization>.<random>``.

The organization says only where to look: the digest is then looked up there under row-level security, so a secret
with another organization's name finds nothing, and no table has to be readable across organizations.
"""

import base64
import binascii
import hashlib
import secrets
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Parsed:
    """What a presented secret claims: its organization, and the digest to look up there."""

    organization_id: uuid.UUID
    digest: str


def make(kind: str, organization_id: uuid.UUID) -> str:
    """A new secret with 256 random bits. Show it once; store ``digest_of`` it."""
    claimed = base64.urlsafe_b64encode(organization_id.bytes).decode().rstrip("=")
    return f"{kind}_{claimed}.{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """SHA-256 in hex. Enough for random secrets: there is nothing to guess, so nothing to slow down."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parse(kind: str, secret: str) -> Parsed | None:
    """The organization and digest of a presented secret, or None when it has not our form."""
    head, dot, random = secret.partition(".")
    if not dot or not random or not head.startswith(f"{kind}_") or len(secret) > 200:
        return None
    claimed = head.removeprefix(f"{kind}_")
    try:
        raw = base64.b64decode(claimed + "=" * (-len(claimed) % 4), altchars=b"-_", validate=True)
        organization_id = uuid.UUID(bytes=raw)
    except (binascii.Error, ValueError):
        return None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != claimed:
        return None
    return Parsed(organization_id, digest_of(secret))
