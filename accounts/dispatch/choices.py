"""The words of dispatch: lanes and the states of a message."""

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


class MessageStatus(models.TextChoices):
    """``leased`` and ``sending`` differ: a crash in the first is known not sent, in the second it is uncertain."""

    PENDING = "pending", _("Waiting")
    LEASED = "leased", _("Claimed")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    SUPPRESSED = "suppressed", _("Refused by the recipient's server")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held after a restore")
