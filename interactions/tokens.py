"""The secret in a survey's link.

A link is ``/s/<organization>.<secret>/``: the first part says only where to look (``tenancy.md``: enter the tenant,
then find the digest under row-level security), the second is one byte of key id and 24 bytes of
HMAC-SHA256(key, invitation id), in URL-safe base64. It names nobody and cannot be guessed or altered.

The database keeps only the SHA-256 of the secret. The mail is written by a worker, perhaps again after a crash, and
must carry the same link each time; so the secret is not random but derived from the invitation's id, with a key derived
from ``SECRET_KEY``. Rotation: put the old key into ``SECRET_KEY_FALLBACKS``; links that are out keep working with or
without it, because they are looked up by digest alone, and mails that still wait find their key by trying each against
the stored digest. Expiry is a column of the invitation, so that it can be shortened and so that unsubscribing still
works from an old mail.

A member's calendar address (``CalendarFeed``) is made in the same way, with a key for a purpose of its own.
"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.utils.encoding import force_bytes

SURVEY = b"rafiq.survey-link.v1"
CALENDAR = b"rafiq.calendar-link.v1"
_SECRET_BYTES = 25


def _keys(purpose: bytes) -> Iterator[bytes]:
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(force_bytes(secret_key), purpose, "sha256")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes of canonical URL-safe base64; ValueError for anything else, so one secret has one spelling."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(raw) != text:
        raise ValueError("not canonical")
    return raw


def _secret(key: bytes, invitation_id: uuid.UUID) -> bytes:
    key_id = hashlib.sha256(key).digest()[:1]
    return key_id + hmac.digest(key, invitation_id.bytes, "sha256")[: _SECRET_BYTES - 1]


def digest_of(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def digest_for(invitation_id: uuid.UUID, *, purpose: bytes = SURVEY) -> str:
    """What to store for a new invitation."""
    return digest_of(_secret(next(_keys(purpose)), invitation_id))


def link_token(
    organization_id: uuid.UUID, invitation_id: uuid.UUID, token_digest: str, *, purpose: bytes = SURVEY
) -> str | None:
    """The token of an invitation's link, made again; None when the key it was made with is gone."""
    for key in _keys(purpose):
        secret = _secret(key, invitation_id)
        if hmac.compare_digest(digest_of(secret), token_digest):
            return f"{_encode(organization_id.bytes)}.{_encode(secret)}"
    return None


def parse(token: str) -> tuple[uuid.UUID, str] | None:
    """The organization that a token claims and the digest to look up there; None for garbage."""
    claimed, _dot, secret_text = token.partition(".")
    try:
        organization_id = uuid.UUID(bytes=_decode(claimed))
        secret = _decode(secret_text)
    except ValueError:
        return None
    if len(secret) != _SECRET_BYTES:
        return None
    return organization_id, digest_of(secret)
