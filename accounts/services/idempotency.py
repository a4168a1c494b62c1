"""Stored answers to POSTs do not live forever."""

import datetime
from collections.abc import Iterator

from django.utils import timezone

from accounts.models import IdempotencyKey

KEPT = datetime.timedelta(hours=24)


def purge_idempotency_keys(*, kept: datetime.timedelta = KEPT, batch: int = 1000) -> Iterator[int]:
    """Delete the current organization's keys that are older than ``kept``; yields how many went in each batch."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - kept).order_by("created_at")
    while keys := list(old.values_list("pk", flat=True)[:batch]):
        yield IdempotencyKey.objects.filter(pk__in=keys).delete()[0]
