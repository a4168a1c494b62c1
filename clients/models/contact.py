from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from clients.choices import ContactRole, Influence, Stance
from clients.querysets import ContactQuerySet


class Contact(VersionedModel):
    """A person at a client."""

    client = TenantForeignKey("clients.Client", models.CASCADE, verbose_name=_("Client"), related_name="contacts")
    name = models.CharField(_("Name"), max_length=200)
    name_other = models.CharField(_("Name in the other script"), max_length=200, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = models.CharField(_("Phone"), max_length=40, blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, choices=Language, blank=True, default="")
    role = models.CharField(_("Role"), max_length=16, choices=ContactRole, default=ContactRole.OTHER)
    influence = models.CharField(_("Influence"), max_length=8, choices=Influence, default=Influence.MEDIUM)
    stance = models.CharField(_("Stance"), max_length=12, choices=Stance, default=Stance.UNKNOWN)
    reports_to = TenantForeignKey(
        "self", models.SET_NULL, verbose_name=_("Reports to"), null=True, blank=True, related_name="reports"
    )
    is_primary = models.BooleanField(_("Primary contact"), default=False)
    survey_consent = models.BooleanField(_("May be surveyed"), default=True)
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    last_surveyed_on = models.DateField(null=True, blank=True, editable=False)
    search_text = SearchTextField("name", "name_other", "email", "phone")

    objects = TenantManager.from_queryset(ContactQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["organization", "client", "search_text"], name="contact_by_client"),
            models.Index(fields=["organization", "search_text", "id"], name="contact_by_name"),
            models.Index(fields=["organization", "reports_to"], name="contact_by_reports_to"),
            models.Index(fields=["organization", "email"], name="contact_by_email"),
            models.Index(fields=["organization", "created_at", "id"], name="contact_by_creation"),
        ]
        constraints = [
            DatabaseUnique(
                fields=["organization", "client"],
                condition=Q(is_primary=True, archived_at__isnull=True),
                name="contact_one_primary",
            ),
            DatabaseCheck(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")), name="contact_not_own_superior"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("clients:contact-detail", self.pk)

    @property
    def has_left(self):
        return self.left_on is not None
