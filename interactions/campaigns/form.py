"""What people say about a campaign. The audience is one column; on the page it is one field for each criterion."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_name
from accounts.form_fields import NumberField
from accounts.forms.rows import RowForm
from clients.models import Client, Product, Tag
from interactions.campaigns.audience import CHOICES, LABELS
from interactions.campaigns.triggers import triggers
from interactions.models import Campaign
from interactions.models.campaign import MAX_REMINDERS
from managers.models import AccountManager, Team

REMINDERS = ("reminder_1", "reminder_2")
ROWS = {
    "products": Product.objects.current(),
    "managers": AccountManager.objects.active(),
    "teams": Team.objects.in_use(),
    "tags": Tag.objects.all(),
}


class CampaignForm(RowForm):
    trigger = forms.ChoiceField(label=_("When"), required=False)
    trigger_days = NumberField(label=_("Days"), required=False, min_value=0, max_value=730)
    trigger_hours = NumberField(label=_("Hours"), required=False, min_value=0, max_value=23)
    trigger_value = forms.ChoiceField(label=_("Kind"), required=False)
    sample_percent = NumberField(label=_("Sample (%)"), initial=100, min_value=1, max_value=100)
    rest_days = NumberField(
        label=_("Rest period (days)"),
        initial=90,
        min_value=0,
        max_value=730,
        help_text=_("Whoever was asked more recently, by whatever survey, is left out."),
    )
    expires_after_days = NumberField(label=_("The link holds for (days)"), initial=30, min_value=1, max_value=365)
    reminder_1 = NumberField(label=_("First reminder after (days)"), required=False, min_value=1, max_value=364)
    reminder_2 = NumberField(label=_("Second reminder after (days)"), required=False, min_value=1, max_value=364)

    class Meta:
        model = Campaign
        fields = [
            "name",
            "survey",
            "trigger",
            "trigger_days",
            "trigger_hours",
            "trigger_value",
            "starts_at",
            "sample_percent",
            "one_per_client",
            "rest_days",
            "expires_after_days",
            "reminds_on_working_days",
        ]
        help_texts = {"starts_at": _("Left empty, it begins as soon as you start it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.is_draft:
            for name in set(self.fields) - {"name", "version"}:
                del self.fields[name]
            return
        self.fields["survey"].queryset = self.fields["survey"].queryset.filter(is_active=True).order_by("name", "pk")
        self.fields["survey"].empty_label = _("Choose a survey")
        self._offer_triggers()
        self._offer_audience()
        for name, day in zip(REMINDERS, self.instance.reminders, strict=False):
            self.initial[name] = day

    def _offer_triggers(self):
        self.fields["trigger"].choices = [(trigger.name, trigger.label) for trigger in triggers()]
        values = {value: label for trigger in triggers() for value, label in trigger.values}
        self.fields["trigger_value"].choices = [("", _("Not chosen")), *values.items()]

    def _offer_audience(self):
        for name, label in LABELS.items():
            field = self._criterion(name)
            field.label, field.required = label, False
            field.initial = self.instance.criteria(name)
            self.fields[name] = field

    def _criterion(self, name):
        if name in CHOICES:
            return forms.MultipleChoiceField(choices=CHOICES[name].choices)
        if name in ROWS:
            rows = ROWS[name].visible_to(self.member).order_by("search_text", "pk")
            return forms.MultipleChoiceField(choices=[(str(row.pk), str(row)) for row in rows])
        column = {"countries": "country", "segments": "segment"}[name]
        clients = Client.objects.current().visible_to(self.member).exclude(**{column: ""})
        found = clients.order_by(column).values_list(column, flat=True).distinct()[:200]
        chosen = set(self.instance.criteria(name))
        labels = {value: country_name(value) if name == "countries" else value for value in {*found, *chosen}}
        return forms.MultipleChoiceField(choices=sorted(labels.items(), key=lambda pair: pair[1]))

    @property
    def criteria(self):
        """The audience’s fields for a row of menus, each with its choices, whether they are chosen, and how many."""
        rows = []
        for name in LABELS:
            if name in self.fields:
                bound = self[name]
                chosen = {str(value) for value in bound.value() or []}
                choices = [(value, label, str(value) in chosen) for value, label in bound.field.choices]
                rows.append({"field": bound, "choices": choices, "chosen": len(chosen)})
        return rows

    @property
    def trigger_hints(self):
        return [(trigger.label, trigger.help_text) for trigger in triggers()]

    def clean(self):
        data = super().clean()
        if "trigger" not in self.fields:
            return data
        data["audience"] = {name: data.pop(name) for name in LABELS if data.get(name)}
        for name in LABELS:
            data.pop(name, None)
        days = [data.pop(name, None) for name in REMINDERS]
        data["reminders"] = [day for day in days if day is not None][:MAX_REMINDERS]
        for name in ("trigger", "trigger_value"):
            data[name] = data.get(name) or ""
        return data

    def draft(self):
        """The campaign as it is being written, to count its audience; mistakes elsewhere do not matter for that."""
        fields = {"audience", "trigger", "sample_percent", "one_per_client", "rest_days"}
        campaign = Campaign(created_by=self.instance.created_by or self.member)
        if not self.instance._state.adding:
            campaign.pk = self.instance.pk
        for name in fields & set(self.cleaned_data):
            setattr(campaign, name, self.cleaned_data[name])
        return campaign
