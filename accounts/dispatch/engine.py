"""The loop of a worker: claim a batch, send it one by one, give back what is left."""

import os
import socket
from collections import Counter
from contextlib import suppress
from time import monotonic

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now

from accounts.dispatch import figures, rates, restore
from accounts.dispatch.breaker import Breaker
from accounts.dispatch.choices import MAIL_LANES, Lane, Outcome
from accounts.dispatch.claim import claim, give_back
from accounts.dispatch.models import WorkerHeartbeat
from accounts.dispatch.send import send_one
from accounts.dispatch.transport import transport


def drain(lane: Lane) -> Counter[Outcome]:
    """Send what is due in a lane, for a few seconds at most; the next tick goes on. Calling it twice is harmless."""
    outcomes: Counter[Outcome] = Counter()
    stop = monotonic() + settings.DISPATCH_BUDGET
    restore.watch()
    _beat(lane)
    sender = transport()
    breaker = Breaker(sender.name)
    is_mail = lane in MAIL_LANES  # webhooks have breakers of their own, one for each endpoint
    tokens = rates.bucket(sender.name) if is_mail else None
    while monotonic() < stop and not outcomes[Outcome.DOWN] and not (is_mail and breaker.is_open()):
        batch = claim(lane, settings.DISPATCH_BATCH, tokens)
        if not batch:
            break
        is_finished = False
        try:
            for claimed in batch:
                outcome = send_one(claimed, sender, breaker)
                outcomes[outcome] += 1
                if outcome == Outcome.DOWN or monotonic() > stop:
                    break
            else:
                is_finished = True
        finally:
            if not is_finished:
                # When the database is what failed, the leases end by themselves.
                with suppress(DatabaseError):
                    give_back(batch[0].token, tokens)
    figures.count(lane, outcomes)
    return outcomes


def _beat(lane: Lane) -> None:
    """Say that this process still asks for work: a stuck consumer looks alive to a process check."""
    WorkerHeartbeat.objects.bulk_create(
        [WorkerHeartbeat(worker=f"{socket.gethostname()}:{os.getpid()}", lane=lane, seen_at=Now())],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=["lane", "seen_at"],
    )
