"""A member's private calendar address: made, renewed, revoked, read."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.services import changes
from accounts.services.audit import record
from accounts.tenancy.ids import uuid7
from interactions import tokens
from interactions.models import CalendarFeed

# Calendar programs read often; when they last did is told to the minute that matters.
READ_PRECISION = timedelta(minutes=10)


@transaction.atomic
def renew_calendar_feed(*, actor: Membership) -> CalendarFeed:
    """Make the actor's address, the first or another one; the one before dies at once."""
    # Two presses wait for each other: a member has one address.
    Membership.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    revoke_calendar_feed(actor=actor)
    key = uuid7()
    digest = tokens.digest_for(key, purpose=tokens.CALENDAR)
    return changes.add(actor=actor, verb="created", obj=CalendarFeed(id=key, member=actor, token_digest=digest))


@transaction.atomic
def revoke_calendar_feed(*, actor: Membership) -> bool:
    """Nobody reads under the actor's address any more; False when there was none."""
    feed = CalendarFeed.objects.live().visible_to(actor).select_for_update(of=("self",)).first()
    if feed is None:
        return False
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    record(actor=actor, verb="revoked", obj=feed)
    return True


def note_calendar_read(feed: CalendarFeed) -> None:
    """Remember when the address was last read; a read that another one is noting leaves it alone."""
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > READ_PRECISION:
        free = CalendarFeed.objects.filter(pk=feed.pk).select_for_update(skip_locked=True)
        CalendarFeed.objects.filter(pk__in=free.values("pk")).update(last_read_at=now)
