"""What a kind may render: a mail, or a call to an address of the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.mail import EmailMessage


@dataclass(frozen=True)
class HttpCall:
    """A POST to ``url``. Its kind stands in the lane of webhooks and writes every header, the signature included."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Outgoing = EmailMessage | HttpCall
