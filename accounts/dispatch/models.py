"""The tables of dispatch: the messages of every organization, and those of the machinery, without any
organization's content."""

import uuid
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseUnique
from accounts.dispatch.choices import Lane, MailEventKind, MessageStatus, SuppressionReason
from accounts.querysets import AdminOnlyQuerySet, MessageQuerySet
from accounts.tenancy.context import tenant
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel, VersionedModel


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
    #: What the provider calls it; its later news (bounced, complained) name it so.
    provider_message_id = models.CharField(max_length=200, blank=True, db_default="")
    last_error = models.TextField(blank=True)
    #: The latest that went wrong, oldest first: [{"at", "error"}]. Short, and never searched.
    errors = models.JSONField(default=list, blank=True, db_default=Value([], output_field=models.JSONField()))

    objects: ClassVar[Any] = TenantManager.from_queryset(MessageQuerySet)()

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
            # Few of very many that wait: those that were tried before.
            models.Index(
                fields=["organization", "-created_at", "-id"],
                name="message_retrying",
                condition=models.Q(status="pending", attempts__gt=0),
            ),
            models.Index(
                fields=["lease_until", "organization"],
                name="message_lease",
                condition=models.Q(status__in=["leased", "sending"]),
            ),
            # The figures of the whole queue: few rows stand here, however many were sent.
            models.Index(
                fields=["status", "lane", "organization"],
                name="message_halted",
                condition=models.Q(status__in=["dead", "held"]),
            ),
            models.Index(
                fields=["provider_message_id", "organization"],
                name="message_provider_id",
                condition=~models.Q(provider_message_id=""),
            ),
            # The pages: what became of this person's mail, and what is in this state, the latest first.
            models.Index(fields=["organization", "recipient"], name="message_recipient"),
            models.Index(fields=["organization", "-created_at", "-id"], name="message_latest"),
            # Without those on their way: the claim must not walk here, and their many changes need not write here.
            models.Index(
                fields=["organization", "status", "-created_at"],
                name="message_ended",
                condition=models.Q(status__in=["sent", "dead", "suppressed", "cancelled", "held"]),
            ),
        ]

    def __str__(self) -> str:
        return self.recipient or f"{self.kind} {self.send_key}"

    def inside(self) -> AbstractContextManager[uuid.UUID]:
        """Open the organization that the message belongs to."""
        assert self.organization_id is not None
        return tenant(self.organization_id)


class Suppression(VersionedModel):
    """An address that this organization writes to no more. Lifted ones stay as history (``archived_at``).

    Looked up by the digest, which outlives the address when a person is erased.
    """

    address = models.CharField(_("address"), max_length=320, blank=True)
    address_digest = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=20, choices=SuppressionReason)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(AdminOnlyQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        indexes = [
            models.Index(fields=["organization", "-since", "-id"], name="suppression_latest"),
            models.Index(fields=["organization", "address", "id"], name="suppression_address"),
        ]
        constraints = [
            DatabaseUnique(
                fields=["organization", "address_digest"],
                condition=models.Q(archived_at__isnull=True),
                name="suppression_once",
            ),
        ]

    def __str__(self) -> str:
        return self.address or self.address_digest[:12]


class MailEvent(TenantModel):
    """What became of a mail after the server took it, as the provider (or the server's own answer) told; told once."""

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=MailEventKind)
    message = TenantForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    address_digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())
    detail = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(AdminOnlyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("mail event")
        verbose_name_plural = _("mail events")
        indexes = [
            models.Index(fields=["organization", "message", "kind"], name="mail_event_message"),
            models.Index(fields=["organization", "address_digest", "kind", "at"], name="mail_event_address"),
        ]
        constraints = [
            DatabaseUnique(fields=["organization", "provider", "event_id"], name="mail_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.provider}:{self.event_id}"


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


class SendingAllowance(TenantModel):
    """How many messages this organization may still send before others that wait go first: its token bucket.

    Kept by the platform's functions alone, and only while the provider has a rate.
    """

    tokens = models.FloatField()
    refilled_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("sending allowance")
        verbose_name_plural = _("sending allowances")
        constraints = [models.UniqueConstraint(fields=["organization"], name="sending_allowance_once")]

    def __str__(self) -> str:
        return f"{self.tokens:.1f}"


class Provider(models.Model):
    """A mail server as all workers know it: nobody tries before ``open_until``, nobody sends without a token.

    ``slow_until`` is set when it said that we send too much. An endpoint of webhooks has a row here too, under a
    digest for a name.
    """

    name = models.CharField(max_length=200, primary_key=True)
    open_until = models.DateTimeField(null=True)
    refusals = models.PositiveIntegerField(default=0)
    lost_sessions = models.PositiveIntegerField(default=0)
    tokens = models.FloatField(null=True)
    refilled_at = models.DateTimeField(null=True)
    slow_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail provider")
        verbose_name_plural = _("mail providers")

    def __str__(self) -> str:
        return self.name


class SendingState(models.Model):
    """One row: the database that the workers last worked on, and what a restore has made them hold."""

    database = models.CharField(max_length=100)
    held_before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of sending")
        verbose_name_plural = _("states of sending")

    def __str__(self) -> str:
        return self.database


class Tally(models.Model):
    """How often a lane came to an outcome since the beginning; only grows, so that rates can be taken from it."""

    name = models.CharField(max_length=40, primary_key=True)
    total = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return self.name
