"""The words of dispatch: lanes and the states of a message."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.IntegerChoices):
    """What waits for what: a lane has its own worker process, so a campaign never delays a reminder."""

    URGENT = 0, _("Urgent")
    BULK = 1, _("Bulk")
    HOOKS = 2, _("Webhooks")

    @property
    def queue(self) -> str:
        return self.name.lower()


#: Those that share the mail server and its rate.
MAIL_LANES = (Lane.URGENT, Lane.BULK)


class MessageStatus(models.TextChoices):
    """``leased`` and ``sending`` differ: a crash in the first is known not sent, in the second it is uncertain."""

    PENDING = "pending", _("Waiting")
    LEASED = "leased", _("Claimed")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    SUPPRESSED = "suppressed", _("Not deliverable")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held after a restore")


class Outcome(StrEnum):
    """What one attempt came to. ``DOWN``: the mail server is away, or has had enough; the batch ends."""

    SENT = "sent"
    CANCELLED = "cancelled"
    RETRY = "retry"
    SUPPRESSED = "suppressed"
    DEAD = "dead"
    LOST_LEASE = "lost lease"
    DOWN = "down"


class SuppressionReason(models.TextChoices):
    """Why nobody writes to an address any more."""

    HARD_BOUNCE = "hard_bounce", _("Address does not exist")
    SOFT_BOUNCES = "soft_bounces", _("Undeliverable several times")
    COMPLAINT = "complaint", _("Reported as spam")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    MANUAL = "manual", _("Added by hand")


class MailEventKind(models.TextChoices):
    """What providers tell, in our words."""

    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Returned: the address does not exist")
    SOFT_BOUNCED = "soft_bounced", _("Returned: not deliverable for now")
    DEFERRED = "deferred", _("Delayed by the recipient’s server")
    COMPLAINED = "complained", _("Reported as spam")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    OPENED = "opened", _("Opened")
    OTHER = "other", _("Other")
