from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck
from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from managers.querysets import AccountManagerQuerySet


class AccountManager(VersionedModel):
    """Somebody who looks after clients.

    A member of the organization, or nobody yet: managers come with an import before they are invited.
    ``reports_to`` is the current copy of the open ``ReportingLine``.
    """

    member = TenantForeignKey(
        "accounts.Membership",
        models.SET_NULL,
        verbose_name=_("Member"),
        null=True,
        blank=True,
        related_name="account_managers",
    )
    name = models.CharField(_("Name"), max_length=200)
    email = models.EmailField(_("E-mail"), blank=True, default="")
    title = models.CharField(_("Title"), max_length=120, blank=True, default="")
    level = models.CharField(_("Level"), max_length=60, blank=True, default="")
    team = TenantForeignKey(
        "managers.Team", models.PROTECT, verbose_name=_("Team"), null=True, blank=True, related_name="managers"
    )
    fte = models.PositiveSmallIntegerField(
        _("Share of a full-time position (%)"), default=100, validators=[MaxValueValidator(100)]
    )
    weekly_hours = models.PositiveSmallIntegerField(_("Weekly hours"), default=40, validators=[MaxValueValidator(168)])
    hourly_cost_minor = models.PositiveBigIntegerField(_("Hourly cost"), null=True, blank=True)
    skills = models.TextField(_("Skills"), blank=True, default="")
    languages = models.CharField(_("Languages"), max_length=200, blank=True, default="")
    qualifications = models.TextField(_("Qualifications"), blank=True, default="")
    city = models.CharField(_("City"), max_length=120, blank=True, default="")
    reports_to = TenantForeignKey(
        "self", models.SET_NULL, verbose_name=_("Reports to"), null=True, blank=True, related_name="reports"
    )
    left_on = models.DateField(_("Left on"), null=True, blank=True, editable=False)
    search_text = SearchTextField("name", "title", "email", "city")

    objects = TenantManager.from_queryset(AccountManagerQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("account manager")
        verbose_name_plural = _("account managers")
        indexes = [
            models.Index(fields=["organization", "member"], name="manager_by_member"),
            models.Index(fields=["organization", "team"], name="manager_by_team"),
            models.Index(fields=["organization", "reports_to"], name="manager_by_reports_to"),
            models.Index(fields=["organization", "search_text", "id"], name="manager_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member"],
                condition=Q(member__isnull=False),
                name="manager_member_once",
                violation_error_message=_("This member has an account manager's profile already."),
            ),
            DatabaseCheck(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")), name="manager_not_own_superior"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("managers:manager-detail", self.pk)

    @property
    def has_left(self):
        return self.left_on is not None
