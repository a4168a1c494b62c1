"""What django-anymail makes of the providers' events, in our words.

Anymail calls every returned mail "bounced". Whether that is the person's address, a full mailbox, or our text that was
not liked is in the receiving server's answer, where the provider passes it on; only the first condemns an address.
"""

import hashlib
import re
from typing import Any

from accounts.dispatch.bounces import is_about_address, is_mailbox_full
from accounts.dispatch.choices import MailEventKind

_PLAIN = {
    "delivered": MailEventKind.DELIVERED,
    "deferred": MailEventKind.DEFERRED,
    "complained": MailEventKind.COMPLAINED,
    "unsubscribed": MailEventKind.UNSUBSCRIBED,
    "opened": MailEventKind.OPENED,
}
_GONE = ("invalid", "bounced", None)
_FOR_NOW = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b|^4\d\d\b|mailbox full|over quota", re.IGNORECASE)
_CALLED_SOFT = re.compile(r"soft|transient|temporar", re.IGNORECASE)
_SERVERS_ANSWER = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


def kind_of_event(event: Any) -> MailEventKind:
    """The kind of one of Anymail's tracking events."""
    if event.event_type in ("bounced", "rejected"):
        return _returned(event)
    return _PLAIN.get(event.event_type, MailEventKind.OTHER)


def facts_of(event: Any, provider: str) -> dict[str, Any]:
    """One of Anymail's events as ``record_event`` takes it."""
    reference = (event.metadata or {}).get("message") or event.message_id or ""
    kind = kind_of_event(event)
    recipient = str(event.recipient or "")
    identity = f"{reference}|{event.event_type}|{recipient}|{event.timestamp}"
    return {
        "provider": provider,
        "event_id": str(event.event_id or hashlib.sha256(identity.encode()).hexdigest()),
        "kind": kind,
        "recipient": recipient,
        "message_id": str(reference),
        "at": event.timestamp,
        "detail": str(event.mta_response or event.description or ""),
    }


def _returned(event: Any) -> MailEventKind:
    answer = str(event.mta_response or event.description or "")
    if event.reject_reason == "unsubscribed":
        return MailEventKind.UNSUBSCRIBED
    if event.reject_reason == "spam" and event.event_type == "rejected":
        # The provider does not even try, because the person has reported a mail before.
        return MailEventKind.COMPLAINED
    if event.reject_reason == "timed_out" or is_mailbox_full(answer) or _is_for_now(event, answer):
        return MailEventKind.SOFT_BOUNCED
    if _SERVERS_ANSWER.search(answer):
        return MailEventKind.BOUNCED if is_about_address(answer, at_recipient=True) else MailEventKind.OTHER
    return MailEventKind.BOUNCED if event.reject_reason in _GONE else MailEventKind.OTHER


def _is_for_now(event: Any, answer: str) -> bool:
    """Whether the provider itself calls it a soft bounce; some say so only in their own words."""
    own = event.esp_event if isinstance(event.esp_event, dict) else {}
    words = [str(own.get(name, "")) for name in ("Type", "bounceType", "bounce_type", "type")]
    return bool(_FOR_NOW.search(answer)) or any(_CALLED_SOFT.search(text) for text in words)
