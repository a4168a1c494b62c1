from django import forms
from django.utils.translation import gettext_lazy as _


class SuppressionForm(forms.Form):
    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    detail = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("Who asked for it, and when. Admins read it here.")
    )
