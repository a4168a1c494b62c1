"""Our customer, the tenant, and its settings."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.tenancy.ids import uuid7
from accounts.tenancy.kept import Kept, kept
from accounts.tenancy.models import TenantModel, VersionedModel


class Organization(models.Model):
    """The tenant. Global on purpose and narrow: address, name, nothing that another organization may not know."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(
        _("address"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z",
                _("Use lower-case Latin letters, digits and hyphens; begin and end with a letter or digit."),
            )
        ],
    )
    name = models.CharField(_("name"), max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organization")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def settings(self) -> "OrganizationSettings":
        """Its settings; readable only inside the organization itself, once per request."""
        found: OrganizationSettings | None = kept("settings", lambda: Kept(OrganizationSettings.objects.all())).first()
        if found is None:
            raise OrganizationSettings.DoesNotExist
        return found


def default_weekend() -> list[int]:
    return [4, 5]


class OrganizationSettings(VersionedModel):
    """How an organization counts days and money. One row each."""

    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    weekend_days = models.JSONField(_("weekend"), default=default_weekend)
    quiet_from = models.TimeField(_("quiet from"), default=datetime.time(20))
    quiet_until = models.TimeField(_("quiet until"), default=datetime.time(8))
    #: Returned mails and complaints before this moment were dealt with by an admin.
    reputation_since = models.DateTimeField(null=True, blank=True, editable=False)
    is_urgent_exempt = models.BooleanField(_("urgent mail may come in quiet hours"), default=False, db_default=False)
    brand_hue = models.PositiveSmallIntegerField(_("brand hue"), default=268, validators=[MaxValueValidator(360)])

    class Meta(VersionedModel.Meta):
        verbose_name = _("settings")
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_settings_row_per_organization")]

    def __str__(self) -> str:
        return self.organization.name


class Holiday(TenantModel):
    """A day on which the organization does not work."""

    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)

    class Meta(TenantModel.Meta):
        verbose_name = _("holiday")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "on"],
                name="one_holiday_per_day",
                violation_error_message=_("This day is already a holiday."),
            )
        ]

    def __str__(self) -> str:
        return self.name
