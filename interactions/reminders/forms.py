"""What people say about reminders."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.countries import time_zone_choices
from accounts.form_fields import SegmentedRadio
from accounts.forms.rows import RowForm
from accounts.text import fold
from interactions.choices import ReminderChannel
from interactions.models import ReminderRule
from interactions.reminders.preferences import NOT_AT_ALL
from interactions.reminders.registry import kind_of, kinds


class LeadDaysField(forms.CharField):
    """Whole numbers separated by commas, in either script: "10, 3, 0", «١٠، ٣، ٠»."""

    def __init__(self, **kwargs):
        super().__init__(max_length=60, **kwargs)
        self.widget.attrs |= {"dir": "ltr", "inputmode": "numeric"}

    def prepare_value(self, value):
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def to_python(self, value):
        words = [word for word in re.split(r"[,،;\s]+", fold(super().to_python(value))) if word]
        if not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(gettext("Write whole numbers of working days with commas between, e.g. 10, 3, 0."))
        return [int(word) for word in words]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class RuleForm(RowForm):
    lead_days = LeadDaysField(label=_("Lead times in working days"))

    class Meta:
        model = ReminderRule
        fields = ["is_on", "lead_days", "channel", "is_urgent"]
        labels = {
            "is_on": _("Switched on"),
            "channel": _("How, unless a member chooses otherwise"),
            "is_urgent": _("The last one is urgent: a mail of its own instead of a line in the daily digest"),
        }
        widgets = {"channel": SegmentedRadio}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_after = kind_of(self.instance.kind).is_after
        self.fields["lead_days"].help_text = (
            _("After the day, e.g. 1, 10. 0 is the day itself.")
            if is_after
            else _("Before the day, e.g. 10, 3, 0. 0 is the day itself.")
        )
        self.fields["channel"].choices = ReminderChannel.choices


class ChoicesForm(forms.Form):
    """One member's times, and one answer for each kind that the organization has switched on."""

    is_digest_on = forms.BooleanField(label=_("One mail a day with everything that can wait"), required=False)
    digest_at = forms.TimeField(label=_("At"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=time_zone_choices)
    quiet_from = forms.TimeField(
        label=_("Quiet hours from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    is_quiet_on_weekends = forms.BooleanField(label=_("No mail on weekends and holidays"), required=False)

    def __init__(self, *args, rules, chosen, delivery, settings, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_digest_on", "digest_at", "time_zone", "quiet_from", "quiet_until", "is_quiet_on_weekends"):
            self.initial.setdefault(name, getattr(delivery, name))
        zone = _("The organization’s: %(zone)s") % {"zone": settings.time_zone}
        self.fields["time_zone"].choices = [("", zone), *time_zone_choices()[1:]]
        self.fields["quiet_until"].help_text = _("Left empty, the organization’s: %(start)s to %(end)s.") % {
            "start": f"{settings.quiet_from:%H:%M}",
            "end": f"{settings.quiet_until:%H:%M}",
        }
        self.kinds = [kind for kind in kinds() if rules[kind.name].is_on]
        for kind in self.kinds:
            usual = _("As the organization: %(channel)s") % {"channel": rules[kind.name].get_channel_display()}
            choices = [("", usual), *ReminderChannel.choices, (NOT_AT_ALL, pgettext_lazy("reminder", "Not at all"))]
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label, help_text=kind.hint, choices=choices, required=False
            )
            row = chosen.get(kind.name)
            self.initial.setdefault(kind.name, (row.channel if row.is_on else NOT_AT_ALL) if row else "")

    def clean(self):
        data = super().clean()
        answers = {kind.name: data.pop(kind.name, "") for kind in self.kinds}
        return data | {"answers": answers}

    def kind_fields(self):
        return [self[kind.name] for kind in self.kinds]
