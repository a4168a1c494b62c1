"""Retention and satisfaction: who left and why, who came back, how those feel who stayed."""

from typing import Any

from django.urls import reverse

from accounts.pages import ListPage, Page
from clients.filters import CHURN_ORDERINGS, ChurnEventFilter
from clients.models import ChurnEvent
from interactions.choices import Scale
from reports.charts import bars
from reports.periods import LABELS, YEAR, first_day
from reports.queries import retention

OFFERED = ("quarter", YEAR, "all")


class RetentionPage(Page):
    permission = "reports.view_retention"
    template_name = "reports/retention.html"

    @property
    def period(self) -> str:
        asked = self.request.GET.get("period", YEAR)
        return asked if asked in OFFERED else YEAR

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = first_day(self.period)
        churn = retention.churn(self.member, first=first)
        events = reverse("reports:churn-events")
        scores, days = reverse("reports:scores"), f"since={first}&" if first else ""
        context = {
            "periods": self.periods(),
            "churn": churn,
            "satisfaction": retention.satisfaction(self.member, first=first),
            "reasons": bars([(reason, times, str(times), None) for reason, times in churn.reasons]),
            "scales": [
                (Scale(each.scale).label, answer_bars(each, f"{scores}?{days}"))
                for each in retention.distributions(self.member, first=first)
            ],
            "csat_url": f"{scores}?{days}scale=csat",
            "nps_url": f"{scores}?{days}scale=nps",
            "events_url": f"{events}?{days}",
            "losses_url": f"{events}?is_reactivation=false&{days}",
            "returns_url": f"{events}?is_reactivation=true&{days}",
        }
        return super().get_context_data(**context, **kwargs)

    def periods(self) -> list[dict[str, Any]]:
        return [{"url": f"?period={key}", "label": LABELS[key], "current": key == self.period} for key in OFFERED]


def answer_bars(each: retention.Distribution, address: str) -> Any:
    """A bar for each answer of a scale; it opens those who gave it."""
    return bars(
        [(str(value), times, str(times), f"{address}scale={each.scale}&value={value}") for value, times in each.counts]
    )


class ChurnEventList(ListPage):
    """The rows behind the figures."""

    permission = "reports.view_retention"
    queryset = ChurnEvent.objects.select_related("client")
    filter_class = ChurnEventFilter
    orderings = CHURN_ORDERINGS
    default_sort = "-on"
    template_name = "reports/churn_events.html"
    table_template_name = "reports/_churn_table.html"
