from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.constraints import DatabaseCheck
from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from clients.choices import TIER_RANKS, Lifecycle, Tier
from clients.fields import CurrencyField, validate_country, validate_time_zone
from clients.querysets import ClientQuerySet


class TierRankField(models.PositiveSmallIntegerField):
    """The tier as a number, so that lists sort by importance; filled whenever the row is written."""

    def pre_save(self, client, add):
        client.tier_rank = TIER_RANKS[client.tier]
        return client.tier_rank


class Client(VersionedModel):
    """A company that the organization looks after.

    The rollups at the end are kept by ``clients.services.rollups`` and never edited: lists and pages read them
    instead of adding up a million rows. ``mrr_minor`` counts the lines in the client's own currency.
    """

    name = models.CharField(_("Name"), max_length=200)
    name_other = models.CharField(_("Name in the other script"), max_length=200, blank=True, default="")
    parent = TenantForeignKey(
        "self", models.SET_NULL, verbose_name=_("Parent client"), null=True, blank=True, related_name="children"
    )
    tier = models.CharField(_("Tier"), max_length=12, choices=Tier, default=Tier.CORE)
    tier_rank = TierRankField(default=TIER_RANKS[Tier.CORE], editable=False)
    segment = models.CharField(_("Segment"), max_length=80, blank=True, default="")
    industry = models.CharField(_("Industry"), max_length=80, blank=True, default="")
    country = models.CharField(_("Country"), max_length=2, blank=True, default="", validators=[validate_country])
    language = models.CharField(_("Language"), max_length=2, choices=Language, blank=True, default="")
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, default="", validators=[validate_time_zone])
    website = models.URLField(_("Website"), blank=True, default="")
    notes = models.TextField(_("Notes"), blank=True, default="")
    since = models.DateField(_("Client since"), null=True, blank=True)
    acquisition_cost_minor = models.PositiveBigIntegerField(_("Acquisition cost"), null=True, blank=True)
    currency = CurrencyField(_("Currency"), blank=True, default="")
    search_text = SearchTextField("name", "name_other")

    lifecycle = models.CharField(
        _("Lifecycle"), max_length=12, choices=Lifecycle, default=Lifecycle.ONBOARDING, editable=False
    )
    mrr_minor = models.PositiveBigIntegerField(_("MRR"), default=0, editable=False)
    main_manager = TenantForeignKey(
        "managers.AccountManager",
        models.SET_NULL,
        verbose_name=_("Main manager"),
        null=True,
        blank=True,
        editable=False,
        related_name="main_clients",
    )
    next_renewal_on = models.DateField(_("Next renewal"), null=True, blank=True, editable=False)
    notice_on = models.DateField(_("Notice deadline"), null=True, blank=True, editable=False)
    last_contact_at = models.DateTimeField(_("Last contact"), null=True, blank=True, editable=False)
    last_nps = models.SmallIntegerField(null=True, blank=True, editable=False)
    last_nps_on = models.DateField(null=True, blank=True, editable=False)
    last_csat = models.SmallIntegerField(null=True, blank=True, editable=False, validators=[MaxValueValidator(5)])
    last_csat_on = models.DateField(null=True, blank=True, editable=False)
    critical_concerns = models.PositiveIntegerField(default=0, editable=False)

    objects = TenantManager.from_queryset(ClientQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            models.Index(fields=["organization", "search_text", "id"], name="client_by_name"),
            models.Index(fields=["organization", "mrr_minor", "id"], name="client_by_mrr"),
            models.Index(fields=["organization", "last_contact_at", "id"], name="client_by_contact"),
            models.Index(fields=["organization", "next_renewal_on", "id"], name="client_by_renewal"),
            models.Index(fields=["organization", "created_at", "id"], name="client_by_creation"),
            models.Index(fields=["organization", "tier_rank", "id"], name="client_by_tier"),
            models.Index(fields=["organization", "main_manager"], name="client_by_main_manager"),
            models.Index(fields=["organization", "parent"], name="client_by_parent"),
        ]
        constraints = [
            DatabaseCheck(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="client_not_own_parent")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("client", self.pk)
