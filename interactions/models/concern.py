from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel, VersionedModel
from clients.fields import CurrencyField
from interactions.choices import OPEN_CONCERN_STATES, ConcernKind, ConcernState, Severity
from interactions.querysets import ConcernQuerySet


class Concern(VersionedModel):
    """A client's problem, from opening to resolved or lost."""

    client = TenantForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="concerns", verbose_name=_("client")
    )
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=ConcernKind, default=ConcernKind.SUPPORT)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.NORMAL)
    mrr_at_stake_minor = models.BigIntegerField(
        _("MRR at stake"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = CurrencyField(_("currency"), blank=True, default="")
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    state = models.CharField(
        pgettext_lazy("concern", "state"), max_length=10, choices=ConcernState, default=ConcernState.OPEN
    )
    resolved_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    detail = models.TextField(_("details"), blank=True, max_length=20_000)
    search_text = SearchTextField("title", "detail", max_length=4000)

    objects = TenantManager.from_queryset(ConcernQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = pgettext_lazy("model", "concern")
        verbose_name_plural = _("concerns")
        indexes = [
            models.Index(fields=["organization", "client", "state", "severity"], name="concern_client"),
            models.Index(fields=["organization", "state", "-opened_at", "-id"], name="concern_state"),
        ]
        constraints = [
            DatabaseCheck(
                condition=Q(state__in=OPEN_CONCERN_STATES, resolved_at__isnull=True)
                | (~Q(state__in=OPEN_CONCERN_STATES) & Q(resolved_at__isnull=False)),
                name="concern_closed_has_moment",
            ),
            DatabaseCheck(
                condition=Q(mrr_at_stake_minor__isnull=True) | Q(mrr_at_stake_minor__gte=0),
                name="concern_stake_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CONCERN_STATES

    @property
    def is_critical(self) -> bool:
        return self.is_open and self.severity == Severity.CRITICAL


class ConcernPeriod(TenantModel):
    """How long a concern stood in one state: kept from the start, because it cannot be found out later."""

    concern = TenantForeignKey(Concern, on_delete=models.CASCADE, related_name="periods")
    state = models.CharField(max_length=10, choices=ConcernState)
    from_at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("concern period")
        verbose_name_plural = _("concern periods")
        indexes = [models.Index(fields=["organization", "concern", "from_at"], name="concern_period")]
        constraints = [
            DatabaseUnique(
                fields=["organization", "concern"], condition=Q(until_at__isnull=True), name="concern_one_state"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
