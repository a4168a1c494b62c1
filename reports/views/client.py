"""The client's page: who they are, how they stand, everything that happened, and what can be done next."""

import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit_words import sentences
from accounts.countries import country_name
from accounts.money import format_money
from accounts.pages import DetailPage
from accounts.wording import in_days, since
from clients import risk
from interactions.choices import SCALE_RANGES, Hat, InteractionKind
from interactions.queries.timeline import timeline
from reports.queries import client_page as rows

TABS = ("timeline", "contacts", "contracts", "opportunities", "tasks", "team", "history")
#: What the timeline can be narrowed to, and the sources behind each.
KINDS = {
    "interactions": ("interaction",),
    "satisfaction": ("survey_answer", "score"),
    "concerns": ("concern_opened", "concern_closed"),
    "results": ("opportunity_closed", "task_done", "churn"),
}


class ClientPage(DetailPage):
    permission = "reports.view_client"
    template_name = "reports/client.html"
    context_object_name = "client"

    def get_queryset(self) -> Any:
        return rows.client_for_page(self.member)

    @property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "timeline")
        if asked not in TABS:
            raise Http404
        return asked

    def get_template_names(self) -> list[str]:
        fragment = self.is_fragment and self.request.headers.get("HX-Target") == "timeline-more"
        return ["reports/_client_timeline_page.html" if fragment else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        client, now = self.object, timezone.now()
        context = {
            "tab": self.tab,
            "tabs": self.tabs(client),
            "today": timezone.localdate(now),
            "currency": client.currency or self.request.organization.settings.currency,
            "risk_reasons": risk.risk_reasons(client, now),
            "silent_days": risk.silent_days(client, now),
            "may": {verb: self.member.can(name, client) for verb, name in VERBS.items()},
            **getattr(self, f"{self.tab}_context")(client),
        }
        context["kpi"] = header_figures(client, context["currency"], now)
        context["country_name"] = country_name(client.country)
        context["acquisition_cost"] = format_money(client.acquisition_cost_minor, context["currency"])
        if not self.is_fragment:
            context |= {"tags": rows.tags_of(client), "concerns": rows.open_concerns_of(client)}
        return super().get_context_data(**context, **kwargs)

    def tabs(self, client: Any) -> list[dict[str, Any]]:
        labels = {
            "timeline": _("Timeline"),
            "contacts": _("Contacts"),
            "contracts": _("Contracts"),
            "opportunities": _("Opportunities"),
            "tasks": _("Tasks"),
            "team": _("Account team"),
            "history": _("History"),
        }
        url = reverse("client", args=[client.pk])
        return [
            {"url": url if key == "timeline" else f"{url}?tab={key}", "label": label, "current": key == self.tab}
            for key, label in labels.items()
        ]

    def timeline_context(self, client: Any) -> dict[str, Any]:
        narrowed = self.request.GET.get("show", "")
        try:
            page = timeline(client, cursor=self.request.GET.get("cursor"), kinds=KINDS.get(narrowed), page_size=20)
        except ValueError:
            raise Http404 from None
        return {
            "timeline": page,
            "show": narrowed if narrowed in KINDS else "",
            "shows": [("", _("Everything")), ("interactions", _("Interactions")), ("satisfaction", _("Satisfaction")),
                      ("concerns", _("Concerns")), ("results", _("Results"))],
            "quick": {"kinds": InteractionKind.choices[:4], "hats": Hat.choices},
            "tasks": rows.open_tasks_of(client, self.member),
            "invitations": rows.invitations_of(client),
        }  # fmt: skip

    def contacts_context(self, client: Any) -> dict[str, Any]:
        return {"contacts": rows.contacts_of(client)}

    def contracts_context(self, client: Any) -> dict[str, Any]:
        return {"contracts": rows.contracts_of(client)}

    def opportunities_context(self, client: Any) -> dict[str, Any]:
        return {"opportunities": rows.opportunities_of(client)}

    def tasks_context(self, client: Any) -> dict[str, Any]:
        tasks = rows.open_tasks_of(client, self.member)
        done = rows.done_tasks_of(client, self.member)
        return {"tasks": tasks, "done_tasks": done, "reminders": rows.reminders_of(tasks)}

    def team_context(self, client: Any) -> dict[str, Any]:
        team = rows.team_of(client)
        return {
            "team": [place for place in team if place.until_on is None],
            "former": [place for place in team if place.until_on is not None],
        }

    def history_context(self, client: Any) -> dict[str, Any]:
        return {"history": sentences(rows.history_of(client))}


def header_figures(client: Any, currency: str, now: datetime.datetime) -> dict[str, Any]:
    """The four cards under the name, each with the tab that holds its rows."""
    url = reverse("client", args=[client.pk])
    silent = risk.silent_days(client, now)
    satisfaction, note, tone = satisfaction_card(rows.newest_score_of(client))
    return {
        "mrr": format_money(client.mrr_minor, currency),
        "lifecycle": client.get_lifecycle_display(),
        "contracts_url": f"{url}?tab=contracts",
        "timeline_url": f"{url}?show=interactions",
        "contact": since(client.last_contact_at) if client.last_contact_at else _("never"),
        "contact_note": in_days(client.last_contact_at)
        if client.last_contact_at
        else ngettext("%(days)d day without contact", "%(days)d days without contact", silent) % {"days": silent},
        "renewal": in_days(client.next_renewal_on) if client.next_renewal_on else "–",
        "notice": _("Notice until %(day)s") % {"day": in_days(client.notice_on)} if client.notice_on else "",
        "satisfaction": satisfaction,
        "satisfaction_note": note,
        "satisfaction_tone": tone,
        "satisfaction_url": f"{url}?show=satisfaction",
    }


def satisfaction_card(score: Any) -> tuple[str, str, str]:
    """The newest answer, with its scale, its day and where it came from: (value, note, tone)."""
    if score is None:
        return "–", _("nobody asked yet"), ""
    top = SCALE_RANGES[score.scale][1]
    survey = score.survey_response.invitation.survey.name if score.survey_response else ""
    note = [score.get_scale_display(), in_days(score.at), survey or score.source_words]
    return f"{score.value}/{top}", " · ".join(filter(None, note)), "bad" if score.is_poor else ""


#: What the page offers, each by the rule that the action itself asks.
VERBS = {
    "change": "clients.change_client",
    "archive": "clients.archive_client",
    "reassign": "clients.reassign_client",
    "log": "interactions.add_interaction",
    "task": "interactions.add_task",
    "concern": "interactions.add_concern",
    "survey": "interactions.send_survey",
    "contact": "clients.add_contact",
    "contract": "clients.add_contract",
    "opportunity": "clients.add_opportunity",
    "churn": "clients.record_churn_client",
}
