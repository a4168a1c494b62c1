"""Allauth's forms in our words. The names of their fields are allauth's and stay."""

from allauth.account import forms as allauth_forms
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _


class Worded:
    """Mixin: our labels and hints instead of allauth's, and no placeholders that repeat the label."""

    labels = {}
    hints = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, LABELS.get(name, field.label))
            field.help_text = self.hints.get(name, HINTS.get(name, ""))


LABELS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "remember": _("Keep me signed in on this device"),
}
HINTS = {"password1": _("At least 10 characters; not a common password, and not only digits.")}


class LoginForm(Worded, allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        if not self.is_bound and not self.initial.get("login"):
            self.fields["login"].widget.attrs["autofocus"] = ""


class SignupForm(Worded, allauth_forms.SignupForm):
    """Founds an organization when the address is confirmed; by invitation, the address is fixed and proven."""

    labels = {"password1": _("Password"), "password2": _("Password, once more")}
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organization = forms.CharField(
        label=_("Organization"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    field_order = ["name", "organization", "email", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        invited_email = context.request.session.get("account_verified_email")
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["organization"].help_text = _("Its name as your clients know it. You can change it later.")
        if invited_email:
            del self.fields["organization"]
            self.fields["email"].initial = invited_email
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("The invitation is for this address.")


class AddEmailForm(Worded, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(Worded, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Worded, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(Worded, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Worded, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Worded, allauth_forms.ReauthenticateForm):
    pass
