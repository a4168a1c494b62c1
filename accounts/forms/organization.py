"""Founding an organization and its settings."""

from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import list_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.brand import is_readable, look
from accounts.choices import Language, Weekday
from accounts.form_fields import DateInput, SegmentedRadio
from accounts.wording import locale

#: Every 30 degrees, and our own blue.
HUES = (268, 240, 210, 180, 150, 120, 90, 60, 30, 0, 330, 300)
#: Bookkeeping units and test codes that no invoice is written in.
NO_MONEY = {"XXX", "XTS", "XAG", "XAU", "XPD", "XPT", "XDR", "XBA", "XBB", "XBC", "XBD", "XSU", "XUA"}


def _time_zones():
    """Places people know; the rest of the database is kept for old clocks."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


def _currencies():
    names = Locale.parse(locale()).currencies
    codes = sorted(code for code in list_currencies() if code.isupper() and code not in NO_MONEY)
    return [(code, f"{code} · {names[code]}") for code in codes if code in names]


def _months():
    return sorted(get_month_names("wide", context="stand-alone", locale=locale()).items())


class FoundingForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the organization"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("Part of every link: /o/address/. Leave it empty and we make one from the name. It cannot change."),
    )

    def clean_slug(self):
        return self.cleaned_data["slug"].strip().lower()


class HueRadio(forms.RadioSelect):
    """Each hue as the button people would see, in both themes."""

    template_name = "accounts/widgets/hue.html"

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        return option | {"light": look(int(value)), "dark": look(int(value), dark=True)}


class OrganizationForm(forms.Form):
    """The settings row and the organization's name."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(
        label=_("Language of mails to people who chose none"), choices=Language.choices, widget=SegmentedRadio
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_time_zones)
    currency = forms.ChoiceField(label=_("Currency"), choices=lazy(_currencies, list))
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=lazy(_months, list), coerce=int
    )
    weekend_days = forms.TypedMultipleChoiceField(
        label=_("Weekend"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Cadence, deadlines and reminders count the other days."),
    )
    quiet_from = forms.TimeField(label=_("Quiet hours from"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label=_("until"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Mail waits until then, in the recipient’s time zone. The same hour twice means no quiet hours."),
    )
    is_urgent_exempt = forms.BooleanField(
        label=_("Urgent reminders may come in quiet hours"),
        required=False,
        help_text=_("Otherwise they wait for the morning like everything else."),
    )
    brand_hue = forms.TypedChoiceField(label=_("Colour"), coerce=int, widget=HueRadio)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.initial.get("brand_hue")
        hues = HUES if own is None or own in HUES else (own, *HUES)
        self.fields["brand_hue"].choices = [(hue, str(hue)) for hue in hues]

    def clean_weekend_days(self):
        days = sorted(self.cleaned_data["weekend_days"])
        if len(days) == 7:
            raise ValidationError(gettext("Leave at least one working day."))
        return days

    def clean_brand_hue(self):
        hue = self.cleaned_data["brand_hue"]
        if not is_readable(hue):
            raise ValidationError(gettext("Text could not be read on this colour. Choose another one."))
        return hue


class HolidayForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=DateInput)
    name = forms.CharField(label=_("Name"), max_length=100)
    every_year = forms.BooleanField(
        label=_("On the same date in the next four years too"),
        required=False,
        help_text=_("For days that keep their date. Those of the lunar calendar are entered year by year."),
    )
