"""Whom this organization writes to no more, inside ``tenant()``.

Surveys and reminders are checked right before they are written, because between queueing and sending an address may
have bounced or complained. Only who unsubscribed is still reminded of the own tasks: that "no" was to surveys.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.dispatch.addresses import digest, normal
from accounts.dispatch.choices import Lane, MailEventKind, SuppressionReason
from accounts.dispatch.models import MailEvent, Message, Suppression
from accounts.dispatch.registry import kind_of
from accounts.signals import address_suppressed
from accounts.tenancy.context import required_organization_id

SOFT_BOUNCES = 5
SOFT_BOUNCE_WINDOW = timedelta(days=14)

#: Why a message was not even handed over, as its ``last_error`` says it.
WITHHELD = {
    SuppressionReason.HARD_BOUNCE: gettext_noop("Not sent: this address does not exist, an earlier mail came back."),
    SuppressionReason.SOFT_BOUNCES: gettext_noop("Not sent: several mails to this address came back."),
    SuppressionReason.COMPLAINT: gettext_noop("Not sent: the recipient has reported an earlier mail as spam."),
    SuppressionReason.UNSUBSCRIBED: gettext_noop("Not sent: the recipient has unsubscribed."),
    SuppressionReason.MANUAL: gettext_noop("Not sent: an admin has suppressed this address."),
}

# By hand: asked once for every message.
REASON = """
SELECT reason FROM accounts_suppression
WHERE organization_id = %s AND address_digest = %s AND archived_at IS NULL
"""


def reason_for(address: str) -> str:
    """Why nothing is sent to ``address``, or ""."""
    with connection.cursor() as cursor:
        cursor.execute(REASON, [required_organization_id(), digest(address)])
        row = cursor.fetchone()
    return row[0] if row else ""


def is_suppressed(address: str) -> bool:
    return bool(reason_for(address))


def suppressed_among(addresses: Iterable[str]) -> set[str]:
    """Those of many addresses that are suppressed, normalised."""
    by_digest = {digest(address): normal(address) for address in addresses}
    found = Suppression.objects.filter(archived_at=None, address_digest__in=by_digest)
    return {by_digest[each] for each in found.values_list("address_digest", flat=True)}


def why_withheld(message: Message) -> str:
    """The sentence that says why this message must not go out, or ""."""
    if message.lane == Lane.HOOKS or not message.recipient:
        return ""
    reason = reason_for(message.recipient)
    if not reason or (reason == SuppressionReason.UNSUBSCRIBED and not kind_of(message.kind).is_to_contacts):
        return ""
    return WITHHELD[SuppressionReason(reason)]


def was_withheld(message: Message) -> bool:
    """Whether a message ended because of the list, without anybody having been asked."""
    return message.last_error in WITHHELD.values()


@transaction.atomic
def suppress(*, address: str, reason: str, detail: str = "", actor: Any = None) -> Suppression:
    """Write to an address no more. Once is enough; a graver reason takes the place of "unsubscribed"."""
    told = {"reason": reason, "detail": detail[:500]}
    row, is_new = Suppression.objects.get_or_create(
        address_digest=digest(address), archived_at=None, defaults={"address": normal(address), **told}
    )
    if not is_new and row.reason == SuppressionReason.UNSUBSCRIBED != reason:
        Suppression.objects.filter(pk=row.pk).update(
            **told, since=Now(), version=F("version") + 1, updated_at=timezone.now()
        )
        row.refresh_from_db()
        is_new = True
    address_suppressed.send(
        Suppression, address=normal(address), reason=reason, suppression=row, is_new=is_new, actor=actor
    )
    return row


def note_soft_bounce(address: str) -> bool:
    """After a mail came back for the moment: suppress the address when that has become a habit. True when it has."""
    recent = MailEvent.objects.filter(
        address_digest=digest(address), kind=MailEventKind.SOFT_BOUNCED, at__gt=Now() - SOFT_BOUNCE_WINDOW
    )
    if len(recent.values_list("pk")[:SOFT_BOUNCES]) < SOFT_BOUNCES:
        return False
    suppress(address=address, reason=SuppressionReason.SOFT_BOUNCES)
    return True
