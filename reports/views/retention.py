"""Retention and satisfaction: who left and why, who came back, how those feel who stayed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import ListPage, Page
from clients.filters import CHURN_ORDERINGS, ChurnEventFilter
from clients.models import ChurnEvent
from interactions.choices import Scale
from reports.charts import bars
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
        context = {
            "periods": self.periods(),
            "churn": churn,
            "satisfaction": retention.satisfaction(self.member, first=first),
            "reasons": bars([(reason, times, str(times), None) for reason, times in churn.reasons]),
            "scales": [
                (Scale(each.scale).label, bars([(str(value), times, str(times), None) for value, times in each.counts]))
                for each in retention.distributions(self.member, first=first)
            ],
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


class ChurnEventList(ListPage):
    """The rows behind the figures."""

    permission = "reports.view_retention"
    queryset = ChurnEvent.objects.select_related("client")
    filter_class = ChurnEventFilter
    orderings = CHURN_ORDERINGS
    default_sort = "-on"
    template_name = "reports/churn_events.html"
    table_template_name = "reports/_churn_table.html"
