"""Whether a webhook comes from who shares our secret: the scheme of Standard Webhooks 1.0.

``webhook-signature`` holds, separated by blanks, ``v1,<base64 of HMAC-SHA256 over "id.timestamp.body">``; several
while a secret is being changed. The timestamp is part of it, so that a recorded call cannot be played again later.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


def sign(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Whether the call was signed with ``secret``, not more than five minutes ago (nor ahead)."""
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12
    if not webhook_id or not is_number or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    expected = sign(secret, webhook_id, timestamp, body).encode()
    given = headers.get("webhook-signature", "").encode().split()[:10]
    return any(hmac.compare_digest(expected, each) for each in given)


def _key(secret: str) -> bytes:
    """The secret's bytes; as the standard writes them, or any other text."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
