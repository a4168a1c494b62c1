"""The Message-ID of our mails: the same for every attempt, and it tells whose mail came back.

Short, because a header line longer than 78 letters is broken, and not every program puts it together again.
"""

import hashlib
import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from django.conf import settings

from accounts.dispatch.models import Message

# The organization, then the digest of the business fact.
_OURS = re.compile(r"(?<![\w-])([\w-]{22})\.[\w-]{16}@", re.ASCII)


def message_id(message: Message) -> str:
    """Made of the send key, so that a second copy can be told as such by mailboxes and by people."""
    assert message.organization_id is not None
    digest = hashlib.sha256(f"{message.organization_id}:{message.send_key}".encode()).digest()[:12]
    organization = urlsafe_b64encode(message.organization_id.bytes).rstrip(b"=").decode()
    return f"<{organization}.{urlsafe_b64encode(digest).decode()}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def organization_in(identifier: str) -> uuid.UUID | None:
    """The organization whose mail carries this Message-ID, if it looks like one of ours."""
    found = _OURS.search(identifier)
    return uuid.UUID(bytes=urlsafe_b64decode(found[1] + "==")) if found else None
