"""My day: what needs doing first, and how the portfolio stands."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.money import format_compact_money, format_money
from accounts.pages import Page
from accounts.sight import sight_of
from accounts.tenancy.kept import Kept
from clients.choices import OPEN_STAGES, OpportunityStage
from interactions.models import Task
from reports.charts import Series, bars, line_chart, spark
from reports.queries.figures import RENEWAL_WINDOW, Figures, mrr_trend, pipeline, portfolio_figures
from reports.queries.worklist import worklist

COMING_DAYS = 7


class MyDay(Page):
    permission = "reports.view_day"
    template_name = "reports/my_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member, today = self.member, timezone.localdate()
        figures = portfolio_figures(member, currency=self.request.organization.settings.currency)
        trend = mrr_trend(member, currency=figures.currency, today=today)
        context = {
            "today": today,
            "greeting": greeting(timezone.localtime().hour, member.name),
            "can_log": member.can("interactions.add_interaction"),
            "kpis": figures_as_cards(figures, trend),
            "figures": figures,
            "renewal_window": RENEWAL_WINDOW,
            "work": worklist(member, median=figures.median_minor),
            "trend": revenue_chart(trend, figures.currency) if any(value for _day, value in trend) else None,
            "stages": stage_bars(pipeline(member, currency=figures.currency), figures.currency),
            "coming": coming_tasks(member, today),
        }
        if member.can("clients.add_client"):
            context |= {"add_client_url": reverse("clients:client-add"), "add_client_label": _("Add a client")}
        return super().get_context_data(**context, **kwargs)


def greeting(hour: int, name: str) -> str:
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")) % {"name": name}


def figures_as_cards(figures: Figures, trend: list[tuple[Any, int]]) -> dict[str, dict[str, Any]]:
    """The four figures at the top; each opens the rows that it counts."""
    clients = reverse("clients:client-list")
    others = ", ".join(format_money(minor, currency) for currency, minor in figures.others)
    return {
        "mrr": {
            "label": _("Portfolio MRR"),
            "value": format_compact_money(figures.mrr_minor, figures.currency),
            "url": f"{clients}?running=true&sort=-mrr_minor",
            "note": _("and %(others)s") % {"others": others} if others else _("per month, running contracts"),
            "spark": spark([value for _day, value in trend]),
        },
        "clients": {
            "label": _("Clients"),
            "value": str(figures.clients),
            "url": f"{clients}?running=true",
            "note": ngettext("%(n)d without a manager", "%(n)d without a manager", figures.unassigned)
            % {"n": figures.unassigned}
            if figures.unassigned
            else _("in your care"),
        },
        "risk": {
            "label": _("At risk"),
            "value": str(figures.at_risk),
            "url": f"{clients}?at_risk=true",
            "note": _("%(share)s of your clients") % {"share": share(figures.at_risk, figures.clients)},
            "tone": "bad" if figures.at_risk else "",
        },
        "renewals": {
            "label": _("Renewals in %(days)d days") % {"days": RENEWAL_WINDOW},
            "value": str(figures.renewing),
            "url": f"{clients}?running=true&renewal_within={RENEWAL_WINDOW}&sort=next_renewal_on",
            "note": _("%(amount)s MRR") % {"amount": format_compact_money(figures.renewing_minor, figures.currency)},
        },
    }


def share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "0%"


def coming_tasks(member: Any, today: Any) -> list[Task]:
    """The member's own open tasks of the next days; those due already are in the worklist."""
    until = today + datetime.timedelta(days=COMING_DAYS)

    def tasks() -> Any:
        return (
            Task.objects.visible_to(member)
            .filter(assignee=member, status="open", archived_at=None, due_on__gt=today, due_on__lte=until)
            .select_related("client", "assignee__user")
            .order_by("due_on", "id")[:8]
        )

    return Kept.rows(("coming tasks", sight_of(member)), tasks, today=today, until=until)


def revenue_chart(trend: list[tuple[Any, int]], currency: str) -> Any:
    """The MRR line with a sentence for those who cannot see it."""
    first, last = trend[0], trend[-1]
    summary = _("MRR went from %(first)s in %(start)s to %(last)s now.") % {
        "first": format_money(first[1], currency),
        "start": date_format(first[0], "YEAR_MONTH_FORMAT"),
        "last": format_money(last[1], currency),
    }
    return line_chart(
        labels=[date_format(day, "M") for day, _value in trend],
        series=[Series(_("MRR"), [value for _day, value in trend])],
        format_value=lambda minor: format_compact_money(int(minor), currency),
        summary=summary,
    )


def stage_bars(rows: list[tuple[str, int, int]], currency: str) -> Any:
    """Open opportunities per stage, in the order of stages."""
    by_stage = {stage: (count, amount) for stage, count, amount in rows}
    if not by_stage:
        return []
    board = reverse("clients:opportunity-board")
    return bars(
        [
            (
                f"{OpportunityStage(stage).label} ({by_stage.get(stage, (0, 0))[0]})",
                by_stage.get(stage, (0, 0))[1],
                format_compact_money(by_stage.get(stage, (0, 0))[1], currency),
                f"{board}#s-{stage}",
            )
            for stage in OPEN_STAGES
        ]
    )
