"""Links in reminder mails that act for their reader without signing in.

A link is ``/s/act/<token>/``. The token holds, in URL-safe base64, the organization (so that we know where to look),
the reminder, its member, the act, the last day it is good for, a mark of who the task is assigned to, and the moment
of the reminder; then HMAC-SHA256 of all that, cut to 16 bytes. The database keeps nothing.

It dies by itself: after ``GOOD_FOR``, when the member leaves, when the task goes to somebody else, when the reminder is
cancelled. An act is done once; a link whose reminder has been snoozed or closed meanwhile only says so.

The key is derived from ``SECRET_KEY``. Rotation: put the old key into ``SECRET_KEY_FALLBACKS`` for as long as links are
good; links are always made with the new one.
"""

import base64
import hashlib
import hmac
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from accounts.links import organization_url, public_url
from interactions.models import Reminder

GOOD_FOR = timedelta(days=30)

_PURPOSE = b"rafiq.act-link.v1"
# Organization, reminder, member, act, last day, mark of the assignee, moment of the reminder in seconds.
_BODY = struct.Struct(">16s16s16sBH4sI")
_MAC_BYTES = 16
_FIRST_DAY = date(1970, 1, 1)


class Act(TextChoices):
    """What a link in a mail may do. ``OPEN`` only leads to the page, behind the sign-in."""

    OPEN = "open", _("Open in Rafiq")
    DONE = "done", _("Mark as done")
    SNOOZE_DAY = "snooze_day", _("Snooze to the next working day")
    SNOOZE_WEEK = "snooze_week", _("Snooze for a week")


# Their places are part of links that are out: add at the end, never move.
_SIGNED_ACTS = (Act.DONE, Act.SNOOZE_DAY, Act.SNOOZE_WEEK)


@dataclass(frozen=True)
class ActLink:
    """What a token of ours says. ``is_about`` tells whether it is still true."""

    organization_id: uuid.UUID
    reminder_id: uuid.UUID
    member_id: uuid.UUID
    act: Act
    last_day: date
    assignee_mark: bytes
    due_seconds: int

    @property
    def is_expired(self) -> bool:
        return timezone.now().astimezone(UTC).date() > self.last_day

    def is_for(self, reminder: Reminder) -> bool:
        """Whether the reminder is still this member's, and its task with whom it was when the mail was written."""
        return reminder.member_id == self.member_id and _assignee_mark(reminder) == self.assignee_mark

    def is_of_this_time(self, reminder: Reminder) -> bool:
        """False once the reminder was snoozed: the link belonged to its earlier time."""
        return _seconds(reminder.due_at) == self.due_seconds


def act_url(reminder: Reminder, act: str) -> str:
    """The absolute address for a mail about ``reminder``; ``act`` is one of ``Act``."""
    if act == Act.OPEN:
        return reminder_url(reminder)
    return public_url("act", act_token(reminder, act))


def act_urls(reminder: Reminder) -> dict[str, str]:
    """``{act: address}`` of every act, for templates."""
    return {act.value: act_url(reminder, act) for act in Act}


def reminder_url(reminder: Reminder) -> str:
    """Where the work waits, inside the organization."""
    slug, task = reminder.organization.slug, reminder.task
    if task is not None and task.client_id:
        return organization_url(slug, "client", task.client_id)
    if task is None and reminder.url_path:
        return organization_url(slug, "my-day").rstrip("/") + reminder.url_path
    return organization_url(slug, "interactions:task-list")


def act_token(reminder: Reminder, act: str) -> str:
    """The token of one act. The same on the same day, so that a mail written again carries the same links."""
    last_day = timezone.now().astimezone(UTC).date() + GOOD_FOR
    body = _BODY.pack(
        reminder.organization_id.bytes,
        reminder.pk.bytes,
        reminder.member_id.bytes,
        _SIGNED_ACTS.index(Act(act)),
        (last_day - _FIRST_DAY).days,
        _assignee_mark(reminder),
        _seconds(reminder.due_at),
    )
    return base64.urlsafe_b64encode(body + _mac(next(_keys()), body)).rstrip(b"=").decode()


def parse(token: str) -> ActLink | None:
    """What a token says, if we made it; None for anything else. Asks no database."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if len(mac) != _MAC_BYTES or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        return None
    if not any(hmac.compare_digest(_mac(key, body), mac) for key in _keys()):
        return None
    organization, reminder, member, act, last_day, mark, due_seconds = _BODY.unpack(body)
    if act >= len(_SIGNED_ACTS):
        return None
    return ActLink(
        organization_id=uuid.UUID(bytes=organization),
        reminder_id=uuid.UUID(bytes=reminder),
        member_id=uuid.UUID(bytes=member),
        act=_SIGNED_ACTS[act],
        last_day=_FIRST_DAY + timedelta(days=last_day),
        assignee_mark=mark,
        due_seconds=due_seconds,
    )


def _keys() -> Iterator[bytes]:
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(force_bytes(secret_key), _PURPOSE, "sha256")


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:_MAC_BYTES]


def _assignee_mark(reminder: Reminder) -> bytes:
    assignee_id = reminder.task.assignee_id if reminder.task_id else None
    return hashlib.sha256(assignee_id.bytes if assignee_id else b"").digest()[:4]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
