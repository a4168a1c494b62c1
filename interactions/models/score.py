from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseCheck, DatabaseUnique
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel
from interactions.choices import SCALE_RANGES, AnswerGroup, Scale, ScoreSource, answer_group
from interactions.querysets import ScoreQuerySet

_WITHIN_SCALE = reduce(or_, (Q(scale=scale, value__range=limits) for scale, limits in SCALE_RANGES.items()))


class Score(TenantModel):
    """One measured satisfaction: an answer, a ticket's rating, an imported figure. The base of all such figures."""

    client = TenantForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="scores", verbose_name=_("client")
    )
    contact = TenantForeignKey(
        "clients.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="scores"
    )
    scale = models.CharField(_("scale"), max_length=10, choices=Scale)
    value = models.SmallIntegerField(_("value"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    source = models.CharField(_("source"), max_length=40, blank=True)
    survey_response = TenantForeignKey(
        "interactions.SurveyResponse", on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    interaction = TenantForeignKey(
        "interactions.Interaction", on_delete=models.SET_NULL, null=True, blank=True, related_name="scores"
    )

    objects = TenantManager.from_queryset(ScoreQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [
            models.Index(fields=["organization", "client", "scale", "-at"], name="score_client"),
            models.Index(fields=["organization", "contact"], name="score_contact"),
            models.Index(fields=["organization", "interaction"], name="score_interaction"),
            models.Index(fields=["organization", "scale", "-at", "-id"], name="score_scale"),
            models.Index(fields=["organization", "at", "id"], name="score_latest"),
        ]
        constraints = [
            DatabaseUnique(fields=["organization", "survey_response"], name="score_once_per_answer"),
            DatabaseCheck(
                condition=_WITHIN_SCALE,
                name="score_within_scale",
            ),
        ]

    def clean(self) -> None:
        if self.scale not in SCALE_RANGES or self.value is None:
            return
        lowest, highest = SCALE_RANGES[self.scale]
        if not lowest <= self.value <= highest:
            raise ValidationError(
                {
                    "value": _("%(scale)s goes from %(lowest)d to %(highest)d; %(value)d lies outside.")
                    % {"scale": self.get_scale_display(), "lowest": lowest, "highest": highest, "value": self.value}
                }
            )

    def __str__(self) -> str:
        return f"{self.get_scale_display()} {self.value}"

    @property
    def source_words(self) -> str:
        """Where it came from, as its reader would say it; the name of an integration as it is."""
        return str(ScoreSource(self.source).label) if self.source in ScoreSource.values else self.source

    @property
    def group(self) -> str:
        """Good, in between or poor: an ``AnswerGroup``."""
        return answer_group(self.scale, self.value)

    @property
    def is_poor(self) -> bool:
        """Bad enough for somebody to call: NPS up to 6, CSAT up to 2, CES up to 3."""
        return self.group == AnswerGroup.POOR
