"""The team portfolio: everybody below a lead, and every number with its rows behind it."""

import csv
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.csv_safety import safe_cell
from accounts.money import to_decimal
from accounts.pages import MemberPage, Page
from clients import risk
from reports.queries.team import TeamRow, satisfaction_since, team_rows, whole

SORTS = {
    "line": None,
    "clients": lambda row: row.clients,
    "mrr": lambda row: row.mrr_minor,
    "risk": lambda row: row.at_risk,
    "nps": lambda row: row.satisfaction.nps if row.satisfaction.nps is not None else -101,
    "csat": lambda row: row.satisfaction.csat if row.satisfaction.csat is not None else -1,
    "contact": lambda row: row.last_contact_at.timestamp() if row.last_contact_at else 0,
}


class TeamRows(MemberPage):
    """The rows after the filters in the address: ``?team=`` and ``?sort=``."""

    permission = "reports.view_portfolio"

    def all_rows(self) -> list[TeamRow]:
        return team_rows(self.member, currency=self.request.organization.settings.currency)

    def chosen(self, rows: list[TeamRow]) -> list[TeamRow]:
        team, sort = self.request.GET.get("team", ""), self.request.GET.get("sort", "line")
        if team:
            rows = [row for row in rows if row.manager and str(row.manager.team_id) == team]
        key = SORTS.get(sort.removeprefix("-"))
        return sorted(rows, key=key, reverse=sort.startswith("-")) if key else rows


class TeamPortfolio(TeamRows, Page):
    template_name = "reports/team_portfolio.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everything = self.all_rows()
        rows = self.chosen(everything)
        chosen = self.request.GET.get("team", "")
        teams = {row.manager.team_id: row.manager.team for row in everything if row.manager and row.manager.team_id}
        context = {
            "rows": rows,
            "total": whole(rows),
            "teams": sorted(teams.values(), key=lambda team: team.name),
            "team": chosen,
            "silence": risk.SILENCE.days,
            "satisfaction_since": satisfaction_since(timezone.now()),
            "is_in_line": self.request.GET.get("sort", "line") == "line" and not chosen,
        }
        return super().get_context_data(**context, **kwargs)


class TeamPortfolioExport(TeamRows, View):
    """The same rows as CSV, with the same filters."""

    http_method_names = ["get"]

    def get(self, request: Any) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="team-portfolio-{timezone.localdate()}.csv"'
        response.write("\ufeff")
        writer = csv.writer(response)
        writer.writerow(
            [_("Account manager"), _("Team"), _("Clients"), _("At risk"), _("Silent"), _("Currency"), _("MRR"),
             _("Last contact"), "NPS", _("NPS answers"), "CSAT", _("CSAT answers")]
        )  # fmt: skip
        for row in self.chosen(self.all_rows()):
            for currency, minor in row.revenue or (("", 0),):
                writer.writerow([safe_cell(cell) for cell in _cells(row, currency, minor)])
        return response


def _cells(row: TeamRow, currency: str, minor: int) -> list[Any]:
    manager, scores = row.manager, row.satisfaction
    return [
        manager.name if manager else _("Nobody"),
        manager.team.name if manager and manager.team else "",
        row.clients,
        row.at_risk,
        row.silent,
        currency,
        to_decimal(minor, currency) if currency else "",
        timezone.localtime(row.last_contact_at).date().isoformat() if row.last_contact_at else "",
        scores.nps if scores.nps is not None else "",
        scores.nps_count,
        scores.csat if scores.csat is not None else "",
        scores.csat_count,
    ]
