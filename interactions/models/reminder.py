from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from interactions.choices import ReminderChannel
from interactions.models.task import Task
from interactions.querysets import (
    DeliveryChoiceQuerySet,
    ReminderChoiceQuerySet,
    ReminderQuerySet,
    ReminderRuleQuerySet,
)

# A reminder that a person set for a moment of their own; every other kind is registered and comes by itself.
SET_BY_HAND = "task"


class Reminder(VersionedModel):
    """A notice to one member about a task or another fact; the row is the queue.

    ``queued_at`` is when the clock took it, ``sent_at`` when it was told: at once in the product, for e-mail alone when
    the mail server accepted it. Snoozing moves ``due_at`` and starts over. Archived means cancelled or withdrawn.

    Those that came by themselves carry a ``key`` of business facts (which fact, its day, how many working days before),
    so that no number of clocks writes one twice. ``title`` is the subject's name; the sentence is the kind's, in the
    language of whoever reads it. ``mail_at`` is when its mail is due, empty when there is none or it has been queued.
    """

    task = TenantForeignKey(
        Task, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders", verbose_name=_("task")
    )
    member = TenantForeignKey(
        "accounts.Membership", on_delete=models.CASCADE, related_name="reminders", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=40, default=SET_BY_HAND, db_default=SET_BY_HAND, editable=False)
    client = TenantForeignKey(
        "clients.Client",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="reminders",
        verbose_name=_("client"),
    )
    subject_label = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    subject_id = models.UUIDField(null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True, default="", db_default="", editable=False)
    url_path = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    # The fact's own day, and the local day on which it is told.
    about_on = models.DateField(_("about"), null=True, blank=True, editable=False)
    remind_on = models.DateField(null=True, blank=True, editable=False)
    lead_days = models.SmallIntegerField(null=True, blank=True, editable=False)
    is_urgent = models.BooleanField(_("urgent"), default=False, db_default=False, editable=False)
    key = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    due_at = models.DateTimeField(_("remind at"))
    channel = models.CharField(_("channel"), max_length=10, choices=ReminderChannel, default=ReminderChannel.BOTH)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail_at = models.DateTimeField(null=True, blank=True, editable=False)
    digest_on = models.DateField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True, editable=False)
    # The time that was first set, once it was snoozed: a task that repeats is reminded of at that one again.
    planned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(ReminderQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [
            models.Index(fields=["organization", "task"], name="reminder_task"),
            models.Index(fields=["organization", "member", "-due_at", "-id"], name="reminder_member"),
            models.Index(fields=["organization", "client"], name="reminder_client"),
            models.Index(
                fields=["organization", "due_at"],
                name="reminder_due",
                condition=Q(queued_at__isnull=True, archived_at__isnull=True),
            ),
            models.Index(
                fields=["organization", "subject_id", "kind"],
                name="reminder_subject",
                condition=Q(subject_id__isnull=False),
            ),
            models.Index(
                fields=["organization", "mail_at", "id"], name="reminder_mail", condition=Q(mail_at__isnull=False)
            ),
            models.Index(fields=["organization", "member", "digest_on"], name="reminder_digest"),
            models.Index(
                fields=["organization", "kind", "due_at"],
                name="reminder_live",
                condition=Q(archived_at__isnull=True, seen_at__isnull=True, done_at__isnull=True),
            ),
        ]
        constraints = [
            DatabaseUnique(fields=["organization", "member", "key"], condition=~Q(key=""), name="reminder_once"),
        ]

    def __str__(self) -> str:
        return str(self.task) if self.task_id else self.title

    @property
    def wants_email(self) -> bool:
        return self.channel in (ReminderChannel.EMAIL, ReminderChannel.BOTH)

    @property
    def wants_bell(self) -> bool:
        return self.channel in (ReminderChannel.IN_APP, ReminderChannel.BOTH)

    @property
    def is_by_hand(self) -> bool:
        return self.kind == SET_BY_HAND

    @property
    def is_closed(self) -> bool:
        """Nothing more is to be said: done, dismissed or withdrawn."""
        return self.done_at is not None or self.seen_at is not None or self.is_archived

    @property
    def send_key(self) -> str:
        """Names the sending by business facts: a snoozed reminder is another sending, a retry is not."""
        return f"reminder:{self.pk}:{self.due_at.isoformat()}"


class ReminderRule(VersionedModel):
    """What the organization says about one kind. ``lead_days`` are working days before, or after for what is late.

    ``started_on`` is the day from which the kind is watched: what had happened before is not brought up.
    """

    kind = models.CharField(_("kind"), max_length=40, editable=False)
    is_on = models.BooleanField(_("on"), default=True, db_default=True)
    lead_days = models.JSONField(_("lead times"), default=list)
    channel = models.CharField(_("channel"), max_length=10, choices=ReminderChannel, default=ReminderChannel.BOTH)
    is_urgent = models.BooleanField(_("urgent"), default=False, db_default=False)
    started_on = models.DateField(editable=False)

    objects = TenantManager.from_queryset(ReminderRuleQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints = [DatabaseUnique(fields=["organization", "kind"], name="reminder_rule_once")]

    def __str__(self) -> str:
        return self.kind


class ReminderChoice(VersionedModel):
    """What one member wants of one kind; an empty channel is the organization's."""

    member = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, editable=False, related_name="+")
    kind = models.CharField(_("kind"), max_length=40, editable=False)
    is_on = models.BooleanField(_("on"), default=True, db_default=True)
    channel = models.CharField(
        _("channel"), max_length=10, choices=ReminderChannel, blank=True, default="", db_default=""
    )

    objects = TenantManager.from_queryset(ReminderChoiceQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("choice about reminders")
        verbose_name_plural = _("choices about reminders")
        constraints = [DatabaseUnique(fields=["organization", "member", "kind"], name="reminder_choice_once")]

    def __str__(self) -> str:
        return self.kind


class DeliveryChoice(VersionedModel):
    """When one member wants mail: the digest's hour, their zone and their quiet time; empty is the organization's."""

    member = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, editable=False, related_name="+")
    is_digest_on = models.BooleanField(_("daily digest"), default=True, db_default=True)
    digest_at = models.TimeField(_("digest at"), default=time(8), db_default=time(8))
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="", db_default="")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    is_quiet_on_weekends = models.BooleanField(_("quiet on days off"), default=True, db_default=True)

    objects = TenantManager.from_queryset(DeliveryChoiceQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("delivery times")
        verbose_name_plural = _("delivery times")
        constraints = [DatabaseUnique(fields=["organization", "member"], name="delivery_choice_once")]

    def __str__(self) -> str:
        return str(self.member)
