"""The tables of dispatch: the messages of every organization, and two without any organization's content."""

import uuid
from contextlib import AbstractContextManager

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.dispatch.choices import Lane, MessageStatus
from accounts.tenancy.context import tenant
from accounts.tenancy.models import TenantModel


class Message(TenantModel):
    """Something to be sent once, at a time. The row is the queue entry, its history and its receipt.

    ``send_key`` is made of business facts ("survey:<id>:<contact>"), never of a clock reading or a random number:
    enqueuing twice gives one row. ``attempts`` counts the times a worker stood before the network with it;
    ``deferrals`` are those that the other side answered with "later", ``uncertain`` those whose end nobody saw.
    """

    kind = models.CharField(max_length=60)
    send_key = models.CharField(max_length=255)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.BULK)
    status = models.CharField(max_length=12, choices=MessageStatus, default=MessageStatus.PENDING)
    recipient = models.CharField(max_length=320, blank=True)
    payload = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    deferrals = models.PositiveSmallIntegerField(default=0)
    uncertain = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["organization", "send_key"], name="message_send_key"),
        ]
        indexes = [
            # The claim walks organizations inside one lane, the reaper walks leases: these two do not start with
            # the organization, because only the platform's functions read through them.
            models.Index(
                fields=["lane", "organization", "next_attempt_at", "id"],
                name="message_due",
                condition=models.Q(status="pending"),
            ),
            models.Index(
                fields=["lease_until", "organization"],
                name="message_lease",
                condition=models.Q(status__in=["leased", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.send_key}"

    def inside(self) -> AbstractContextManager[uuid.UUID]:
        """Open the organization that the message belongs to."""
        assert self.organization_id is not None
        return tenant(self.organization_id)


class WorkerHeartbeat(models.Model):
    """When a worker process last asked its lane for work; tells a stuck consumer, which a process check does not."""

    worker = models.CharField(max_length=120, primary_key=True)
    lane = models.PositiveSmallIntegerField(choices=Lane)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("worker heartbeat")
        verbose_name_plural = _("worker heartbeats")

    def __str__(self) -> str:
        return self.worker


class Provider(models.Model):
    """The breaker of a mail server, shared by all workers: nobody tries before ``open_until``."""

    name = models.CharField(max_length=200, primary_key=True)
    open_until = models.DateTimeField(null=True)
    refusals = models.PositiveIntegerField(default=0)
    lost_sessions = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mail provider")
        verbose_name_plural = _("mail providers")

    def __str__(self) -> str:
        return self.name
