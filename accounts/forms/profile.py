from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language, Theme
from accounts.form_fields import SegmentedRadio


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the browser asks")), *Language.choices],
        required=False,
        widget=SegmentedRadio,
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=SegmentedRadio)
