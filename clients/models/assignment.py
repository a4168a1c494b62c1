from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from clients.choices import AssignmentRole
from clients.querysets import AssignmentQuerySet


class Assignment(TenantModel):
    """A manager's place on a client's account team, from when until when. Who may see a client follows from it."""

    client = TenantForeignKey("clients.Client", models.CASCADE, related_name="assignments")
    manager = TenantForeignKey(
        "managers.AccountManager", models.CASCADE, verbose_name=_("Account manager"), related_name="assignments"
    )
    role = models.CharField(_("Role"), max_length=12, choices=AssignmentRole, default=AssignmentRole.MAIN)
    share = models.PositiveSmallIntegerField(_("Share (%)"), default=100, validators=[MaxValueValidator(100)])
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"), null=True, blank=True)

    objects = TenantManager.from_queryset(AssignmentQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("account team member")
        verbose_name_plural = _("account team members")
        indexes = [
            models.Index(fields=["organization", "client", "from_on"], name="assignment_by_client"),
            models.Index(fields=["organization", "manager", "until_on", "client"], name="assignment_by_manager"),
        ]
        constraints = [
            DatabaseUnique(
                fields=["organization", "client"],
                condition=Q(role=AssignmentRole.MAIN, until_on__isnull=True),
                name="assignment_one_main",
            ),
            DatabaseUnique(
                fields=["organization", "client", "manager"],
                condition=Q(until_on__isnull=True),
                name="assignment_once_per_manager",
            ),
            DatabaseCheck(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="assignment_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.manager} ({self.get_role_display()})"

    @property
    def is_current(self):
        return self.until_on is None
