from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, VersionedModel
from managers.choices import AbsenceState
from managers.querysets import AbsenceQuerySet


class Absence(VersionedModel):
    """Days on which somebody else covers for a manager; both days count."""

    manager = TenantForeignKey(
        "managers.AccountManager", models.CASCADE, verbose_name=_("Account manager"), related_name="absences"
    )
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"))
    substitute = TenantForeignKey(
        "managers.AccountManager", models.CASCADE, verbose_name=_("Substitute"), related_name="covers"
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")

    objects = TenantManager.from_queryset(AbsenceQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [
            models.Index(fields=["organization", "manager", "from_on"], name="absence_by_manager"),
            models.Index(fields=["organization", "substitute", "until_on"], name="absence_by_substitute"),
        ]
        constraints = [
            DatabaseCheck(condition=Q(until_on__gte=F("from_on")), name="absence_in_order"),
            DatabaseCheck(condition=~Q(manager=F("substitute")), name="absence_someone_else_covers"),
        ]

    def __str__(self):
        return f"{self.manager} ({self.from_on} – {self.until_on})"

    def clean(self):
        if self.from_on and self.until_on and self.until_on < self.from_on:
            raise ValidationError({"until_on": _("The last day lies before the first. Correct one of them.")})
        if self.manager_id and self.manager_id == self.substitute_id:
            raise ValidationError({"substitute": _("Nobody covers for themselves. Choose another substitute.")})

    def state(self, on):
        if on < self.from_on:
            return AbsenceState.PLANNED
        return AbsenceState.ACTIVE if on <= self.until_on else AbsenceState.ENDED
