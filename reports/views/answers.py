"""The rows behind figures of satisfaction: every answer and rating, and the surveys that were delivered."""

from typing import Any

from django.http import HttpResponseBadRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.exports import stream_csv
from accounts.pages import ListPage, MemberPage
from interactions.choices import GROUP_NAMES
from interactions.models import Score, SurveyInvitation
from reports.filters import DeliveredFilter, ScoreRowsFilter


class ScoreList(ListPage):
    """Every answer and rating, newest first: the rows behind NPS, CSAT and CES."""

    permission = "reports.view_satisfaction"
    queryset = Score.objects.filter(client__archived_at=None).select_related(
        "client", "contact", "survey_response__invitation__survey"
    )
    filter_class = ScoreRowsFilter
    orderings = {"at": "at"}
    default_sort = "-at"
    template_name = "reports/scores.html"
    table_template_name = "reports/_score_table.html"


class ScoreExport(MemberPage, View):
    """The filtered answers as CSV, however many they are; names and comments as on the page."""

    permission = "reports.view_satisfaction"
    http_method_names = ["get"]

    def get(self, request: Any) -> HttpResponseBase:
        visible = ScoreList.queryset.visible_to(self.member)
        found = ScoreRowsFilter(request.GET, visible.latest_first(), request=request)
        if not found.is_valid():
            return HttpResponseBadRequest(_("These filters cannot be read. Clear them and export again."))
        header = [_("Day"), _("Client"), _("Contact"), _("Scale"), _("Answer"), _("Meaning"), _("Comment"),
                  _("Second answer"), _("Survey"), "id"]  # fmt: skip
        rows = (cells_of(score) for score in found.qs.iterator(chunk_size=500))
        return stream_csv(f"answers-{timezone.localdate()}.csv", header, rows)


def cells_of(score: Score) -> list[Any]:
    response = score.survey_response
    return [
        timezone.localtime(score.at).date().isoformat(),
        score.client.name,
        score.contact.name if score.contact else "",
        score.get_scale_display(),
        score.value,
        GROUP_NAMES[score.scale][score.group],
        response.comment if response else "",
        response.second_answer if response else "",
        response.invitation.survey.name if response else score.source_words,
        str(score.pk),
    ]


class DeliveredList(ListPage):
    """The surveys that reached somebody, answered or not: the rows behind a response rate."""

    permission = "reports.view_satisfaction"
    queryset = (
        SurveyInvitation.objects.delivered()
        .filter(client__archived_at=None)
        .select_related("survey", "client", "contact")
    )
    filter_class = DeliveredFilter
    orderings = {"sent_at": "created_at"}
    default_sort = "-sent_at"
    template_name = "reports/delivered.html"
    table_template_name = "reports/_delivered_table.html"
