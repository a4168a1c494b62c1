from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SearchTextField
from accounts.links import row_path
from accounts.tenancy.models import TenantManager, VersionedModel
from managers.querysets import TeamQuerySet


class Team(VersionedModel):
    """Account managers who work together. Who answers to whom is the reporting line, not the team."""

    name = models.CharField(_("Name"), max_length=120)
    search_text = SearchTextField("name")

    objects = TenantManager.from_queryset(TeamQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        indexes = [models.Index(fields=["organization", "search_text", "id"], name="team_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(archived_at__isnull=True),
                name="team_name_once",
                violation_error_message=_("There is a team with this name already. Choose another name."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return row_path("managers:team-detail", self.pk)
