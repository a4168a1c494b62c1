"""Messages whose worker died or was paused past its lease come back here."""

import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.dispatch import figures, restore, settle
from accounts.dispatch.choices import Lane, Outcome
from accounts.dispatch.hooks import ENDPOINT
from accounts.dispatch.models import Message, Provider, WorkerHeartbeat
from accounts.tenancy.context import tenant
from accounts.tenancy.ids import uuid7

logger = logging.getLogger(__name__)

WORKER_LOST = gettext_noop("The worker stopped while sending; nobody knows whether the message arrived.")
BATCH = 1000
REAP = """
SELECT id, organization_id, is_doomed
FROM dispatch.reap(%s, %s, %s, make_interval(secs => %s), make_interval(secs => %s), %s)
"""
FORGET_AFTER = timedelta(days=1)


def reap() -> int:
    """Return expired leases to the queue and bury what has lost too many workers. Answers how many it found."""
    restore.watch()  # before the heartbeats of then are forgotten
    token = uuid7()
    times = [settings.DISPATCH_LEASE, settings.DISPATCH_BACKOFF_SECONDS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REAP, [BATCH, settings.DISPATCH_MAX_ATTEMPTS, token, *times, WORKER_LOST])
        found = cursor.fetchall()
    for message_id, organization_id, is_doomed in found:
        if is_doomed:
            with tenant(organization_id):
                message = Message.objects.get(pk=message_id)
            settle.bury(message, monotonic(), error=WORKER_LOST)
            figures.count(Lane(message.lane), {Outcome.DEAD: 1})
    if found:
        logger.warning("%d messages came back from lost workers.", len(found))
    WorkerHeartbeat.objects.filter(seen_at__lt=Now() - FORGET_AFTER).delete()
    Provider.objects.filter(name__startswith=ENDPOINT, open_until__lt=Now() - FORGET_AFTER).delete()
    return len(found)
