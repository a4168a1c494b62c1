"""Every component on one page, with made-up data: what tests photograph and page writers copy from."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import DateInput, MoneyField, MoneyForm, NumberField, ScoreScale, SegmentedRadio
from accounts.pages import Page
from reports.charts import Series, bars, line_chart, spark

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
ACTUAL = [36.1, 37.0, 38.2, 38.0, 40.1, 41.6, 42.0, 44.3, 45.0, 48.2]
TARGET = [37.0, 37.6, 38.4, 39.1, 39.9, 40.8, 41.5, 42.6, 43.8, 45.2]


class SampleForm(MoneyForm, forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label=_("Name"), help_text=_("As the client writes it."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    amount = MoneyField(label=_("Amount"), currency="USD")
    seats = NumberField(label=_("Quantity"), required=False)
    on = forms.DateField(label=_("Date"), widget=DateInput, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=[("core", _("Core")), ("scale", _("Scale"))])
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("call", _("Call")), ("meeting", _("Meeting")), ("visit", _("Visit"))],
        widget=SegmentedRadio,
    )
    score = forms.ChoiceField(
        label=_("How likely is it that you would recommend us?"),
        choices=[(n, str(n)) for n in range(11)],
        widget=ScoreScale(low_label=_("Not at all"), high_label=_("Very likely")),
        required=False,
    )
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea, required=False)
    follow_up = forms.BooleanField(label=_("Create a follow-up task"), required=False)


class Styleguide(Page):
    template_name = "styleguide.html"

    def check_entry(self):
        if self.member is None:
            raise PermissionDenied

    def get_context_data(self, **kwargs):
        return super().get_context_data(**samples(), **kwargs)


def samples():
    wrong = SampleForm(
        {"name": "Nor", "amount": "١٬٢٥٠٫٥٠٥", "kind": "call", "tier": "core", "score": 9}, auto_id="wrong_%s"
    )
    wrong.is_valid()
    return {
        "now": timezone.now(),
        "earlier": timezone.now() - timedelta(days=21, hours=3),
        "form": SampleForm(initial={"kind": "call"}),
        "filter_form": SampleForm(auto_id="filter_%s"),
        "wrong": wrong,
        "spark": spark(ACTUAL),
        "spark_down": spark([9, 8, 8.4, 7, 6, 6.2, 5], tone="c4"),
        "chart": line_chart(
            labels=MONTHS,
            series=[Series(_("Actual"), ACTUAL), Series(_("Target"), TARGET, dashed=True, tone="c5")],
            summary=_("Revenue grew in eight of ten months and passed the target in May."),
            format_value=lambda value: f"{value:g}K",
        ),
        "stages": bars(
            [(_("Identified"), 86, "$86K", "#"), (_("Qualified"), 64, "$64K"), (_("Proposed"), 142, "$142K")]
        ),
        "clients": sample_clients(),
        "task": sample_task(),
        "board": sample_board(),
        "tabs": [
            {"url": "#", "label": _("Overview"), "current": True},
            {"url": "#", "label": _("Contacts"), "count": 4},
            {"url": "#", "label": _("Opportunities"), "count": 12},
        ],
        "crumbs": [{"url": "#", "label": _("Clients")}, {"url": "", "label": "شركة النور للخدمات اللوجستية"}],
        "mail_links": [{"url": "#", "label": "http://127.0.0.1:8000/s/abc/"}],
    }


def sample_clients():
    rows = [
        ("شركة النور للخدمات اللوجستية", "Riyadh", 61200000, "SAR", "risk", 42),
        ("Fjord Analytics", "Oslo", 18450000, "USD", "watch", 58),
        ("Basma Retail Co.", "Jeddah", 94000050, "SAR", "healthy", 86),
        ("Gulf Medical Supply", "Kuwait", 278900500, "KWD", "unknown", None),
    ]
    names = ("name", "city", "mrr_minor", "currency", "band", "score")
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]


def sample_task():
    return SimpleNamespace(
        pk="0",
        title="Send the revised offer",
        due_on=timezone.localdate() - timedelta(days=2),
        status="open",
        priority="high",
        get_priority_display=_("High"),
        client=None,
        assignee="Layla Haddad",
        version=1,
    )


def sample_board():
    card = {"name": "Two more sites", "client": "Fjord Analytics", "amount_minor": 1850000, "currency": "USD"}
    titles = [
        ("identified", _("Identified")),
        ("qualified", _("Qualified")),
        ("proposed", _("Proposed")),
        ("won", _("Won")),
    ]
    return [
        {"key": key, "label": label, "rows": [card] * count}
        for (key, label), count in zip(titles, (2, 1, 3, 0), strict=True)
    ]
