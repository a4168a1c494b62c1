from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck
from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel, VersionedModel
from interactions.choices import HELD_TOGETHER, Direction, Hat, InteractionKind, Sentiment
from interactions.querysets import InteractionQuerySet


class Interaction(VersionedModel):
    """Something that happened with a client, and the hat that the account manager wore."""

    client = TenantForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="interactions", verbose_name=_("client")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=InteractionKind)
    direction = models.CharField(_("direction"), max_length=20, choices=Direction, default=Direction.BOTH)
    hat = models.CharField(_("hat"), max_length=20, choices=Hat, default=Hat.SERVICE)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    summary = models.TextField(_("summary"), max_length=20_000)
    sentiment = models.CharField(_("sentiment"), max_length=20, choices=Sentiment, blank=True)
    logged_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whose work this was, when a substitute did it during an absence.
    on_behalf_of = TenantForeignKey(
        "managers.AccountManager",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    search_text = SearchTextField("summary", max_length=4000)

    objects = TenantManager.from_queryset(InteractionQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [
            models.Index(fields=["organization", "client", "-happened_at", "-id"], name="interaction_client"),
            models.Index(fields=["organization", "-happened_at", "-id"], name="interaction_latest"),
            models.Index(fields=["organization", "logged_by", "-happened_at"], name="interaction_logged_by"),
            models.Index(fields=["organization", "on_behalf_of"], name="interaction_behalf"),
        ]

    def __str__(self) -> str:
        return self.summary.partition("\n")[0][:80] or self.get_kind_display()

    @property
    def is_two_way(self) -> bool:
        """Whether this counts as contact with the client; the same sentence as ``InteractionQuerySet.two_way``."""
        if self.kind == InteractionKind.NOTE:
            return False
        return self.direction == Direction.BOTH or self.kind in HELD_TOGETHER


class Participant(TenantModel):
    """Somebody who took part: a contact of the client, a member, or an account manager who is no member yet."""

    interaction = TenantForeignKey(Interaction, on_delete=models.CASCADE, related_name="participants")
    contact = TenantForeignKey(
        "clients.Contact", on_delete=models.CASCADE, null=True, blank=True, related_name="participations"
    )
    member = TenantForeignKey(
        "accounts.Membership", on_delete=models.CASCADE, null=True, blank=True, related_name="participations"
    )
    manager = TenantForeignKey(
        "managers.AccountManager", on_delete=models.CASCADE, null=True, blank=True, related_name="participations"
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        indexes = [
            models.Index(fields=["organization", "interaction"], name="participant_interaction"),
            models.Index(fields=["organization", "contact"], name="participant_contact"),
            models.Index(fields=["organization", "member"], name="participant_member"),
            models.Index(fields=["organization", "manager"], name="participant_manager"),
        ]
        constraints = [
            DatabaseCheck(
                condition=Q(contact__isnull=False, member__isnull=True, manager__isnull=True)
                | Q(contact__isnull=True, member__isnull=False, manager__isnull=True)
                | Q(contact__isnull=True, member__isnull=True, manager__isnull=False),
                name="participant_is_one_person",
            ),
            models.UniqueConstraint(fields=["organization", "interaction", "contact"], name="participant_contact_once"),
            models.UniqueConstraint(fields=["organization", "interaction", "member"], name="participant_member_once"),
            models.UniqueConstraint(fields=["organization", "interaction", "manager"], name="participant_manager_once"),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.member or self.manager)
