"""Members, invitations and tokens."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role, Scope
from accounts.form_fields import DateInput

ROLE_HINT = _(
    "Admins run the organization. Team leads see the clients of everybody below them. Account managers see their own "
    "clients. Associates help a manager. Viewers read."
)


class MemberForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, help_text=ROLE_HINT)
    title = forms.CharField(
        label=_("Title"), max_length=100, required=False, help_text=_("As on the business card. It gives no rights.")
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MANAGER, help_text=ROLE_HINT)


class TokenForm(forms.Form):
    """A key for another program: it acts as its member, and its scopes only narrow that."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program uses it: “Nightly import”, “Website form”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=DateInput, help_text=_("Empty: until somebody revokes it.")
    )

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        if not member.is_admin:
            self.fields["scopes"].choices = [choice for choice in Scope.choices if choice[0] != Scope.ADMIN]

    def clean_expires_on(self):
        """The end of that day where the organization is."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(gettext("This day has passed. Choose a later one, or none."))
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))
