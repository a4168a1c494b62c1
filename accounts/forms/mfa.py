"""The second step of signing in: codes are accepted in the digits of either script, with or without spaces."""

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import western_digits

CODE_ATTRS = {"autocomplete": "one-time-code", "dir": "ltr", "autocapitalize": "off", "spellcheck": "false"}


class CodeField(forms.CharField):
    """A code from an app or a list, however its reader typed it."""

    def __init__(self, *, label, numeric=False):
        attrs = {**CODE_ATTRS, "autofocus": ""} | ({"inputmode": "numeric"} if numeric else {})
        super().__init__(label=label, widget=forms.TextInput(attrs=attrs))

    def to_python(self, value):
        return western_digits("".join(super().to_python(value).split()))


class AuthenticateForm(base_forms.AuthenticateForm):
    code = CodeField(label=_("Code from your app, or a recovery code"))


class ReauthenticateForm(base_forms.ReauthenticateForm):
    code = CodeField(label=_("Code from your app, or a recovery code"))


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    code = CodeField(label=_("Code that the app shows now"), numeric=True)


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Sign in with this key alone, without a password")
            self.fields["passwordless"].help_text = _("The device then asks for a fingerprint, a face or a PIN.")


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
