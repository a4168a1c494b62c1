"""Retention and satisfaction: who left and why, who came back, how those feel who stayed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import ListPage, Page
from clients.filters import CHURN_ORDERINGS, ChurnEventFilter
from clients.models import ChurnEvent
from interactions.choices import Scale
from interactions.models import Score
from reports.charts import bars
from reports.filters import ScoreRowsFilter
from reports.queries import retention


class RetentionPage(Page):
    permission = "reports.view_retention"
    template_name = "reports/retention.html"

    @property
    def period(self) -> str:
        asked = self.request.GET.get("period", "year")
        return asked if asked in retention.PERIODS else "year"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = retention.since(self.period)
        churn = retention.churn(self.member, first=first)
        events = reverse("reports:churn-events")
        days = f"since={first}" if first else ""
        scores, moment = reverse("reports:scores"), f"since={first}T00:00:00Z&" if first else ""
        context = {
            "periods": self.periods(),
            "churn": churn,
            "satisfaction": retention.satisfaction(self.member, first=first),
            "reasons": bars([(reason, times, str(times), None) for reason, times in churn.reasons]),
            "scales": [
                (Scale(each.scale).label, answer_bars(each, f"{scores}?{moment}"))
                for each in retention.distributions(self.member, first=first)
            ],
            "csat_url": f"{scores}?{moment}scale=csat",
            "nps_url": f"{scores}?{moment}scale=nps",
            "events_url": f"{events}?{days}",
            "losses_url": f"{events}?is_reactivation=false&{days}",
            "returns_url": f"{events}?is_reactivation=true&{days}",
        }
        return super().get_context_data(**context, **kwargs)

    def periods(self) -> list[dict[str, Any]]:
        labels = {"quarter": _("Last 3 months"), "year": _("Last 12 months"), "all": _("All time")}
        return [
            {"url": f"?period={key}", "label": label, "current": key == self.period} for key, label in labels.items()
        ]


def answer_bars(each: retention.Distribution, address: str) -> Any:
    """A bar for each answer of a scale; it opens those who gave it."""
    return bars(
        [(str(value), times, str(times), f"{address}scale={each.scale}&value={value}") for value, times in each.counts]
    )


class ScoreList(ListPage):
    """Every answer and rating, newest first: the rows behind NPS and CSAT."""

    permission = "reports.view_retention"
    queryset = Score.objects.filter(client__archived_at=None).select_related("client", "contact")
    filter_class = ScoreRowsFilter
    orderings = {"at": "at"}
    default_sort = "-at"
    template_name = "reports/scores.html"
    table_template_name = "reports/_score_table.html"


class ChurnEventList(ListPage):
    """The rows behind the figures."""

    permission = "reports.view_retention"
    queryset = ChurnEvent.objects.select_related("client")
    filter_class = ChurnEventFilter
    orderings = CHURN_ORDERINGS
    default_sort = "-on"
    template_name = "reports/churn_events.html"
    table_template_name = "reports/_churn_table.html"
