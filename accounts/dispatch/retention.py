"""What messages said, and to whom, is forgotten after a while. The rows stay: their send keys keep the promise.

Deleting them would make room for a second copy, should anything ever queue the same fact again.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message

BATCH = 5000
ENDED = (MessageStatus.SENT, MessageStatus.SUPPRESSED, MessageStatus.CANCELLED)


def forget_old_messages() -> int:
    """Empty what ended long ago, some thousand at a time. What was given up stays: it is somebody's work to do."""
    if not settings.DISPATCH_KEEP_DAYS:
        return 0
    old = Message.objects.filter(status__in=ENDED, created_at__lt=Now() - timedelta(days=settings.DISPATCH_KEEP_DAYS))
    full = old.filter(~Q(recipient="") | ~Q(payload={})).order_by("-created_at").values("pk")[:BATCH]
    return Message.objects.filter(pk__in=full).update(
        recipient="", payload={}, errors=[], last_error="", provider_message_id=""
    )
