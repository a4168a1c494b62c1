"""Where allauth meets the house: who may sign up, mail that goes out at once, and where one lands after signing in."""

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import DomainError
from accounts.links import public_url
from accounts.redirects import home_path, is_own_path
from accounts.services import accept_invitation, find_invitation, send_now
from accounts.tenancy.context import on_commit_outside, tenant

#: Session keys: the secret of the invitation link that was followed, and whether the last mail went out.
INVITATION = "invitation"
MAIL_FAILED = "mail_failed"

#: What the next page says anyway.
UNSAID = {"account/messages/logged_in.txt", "account/messages/email_confirmation_sent.txt"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This sign-in was switched off."),
        "cannot_remove_primary_email": _("This is your main address. Make another one the main address first."),
        "duplicate_email": _("You have this address already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or it has expired."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link was used already or has expired. Ask for a new one."),
        "max_email_addresses": _("You cannot have more than %d addresses."),
        "rate_limited": _("Too many attempts. Please wait a few minutes, then try again."),
        "too_many_login_attempts": _("Too many failed attempts. Please wait five minutes, then try again."),
        "unverified_primary_email": _("Confirm this address first; then it can become your main address."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """By an open invitation always, otherwise as the server is set up."""
        secret = request.session.get(INVITATION)
        invitation = find_invitation(secret) if secret else None
        if invitation is not None and invitation.is_open:
            return True
        forget_invitation(request)
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", "")
        user.founding = form.cleaned_data.get("organization", "")
        user.language = translation.get_language() if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) else ""
        return super().save_user(request, user, form, commit)

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> HttpResponse:
        if kwargs.get("signup"):
            self._join_by_invitation(request, user)
        return super().post_login(request, user, **kwargs)

    def _join_by_invitation(self, request: Any, user: Any) -> None:
        secret = request.session.get(INVITATION)
        invitation = find_invitation(secret) if secret else None
        forget_invitation(request)
        if invitation is None:
            return
        try:
            with tenant(invitation.organization_id):
                accept_invitation(invitation=invitation, user=user)
        except DomainError as error:
            messages.error(request, " ".join(error.messages))

    def get_login_redirect_url(self, request: Any) -> str:
        return home_path(request.user)

    def get_signup_redirect_url(self, request: Any) -> str:
        return home_path(request.user) if request.user.is_authenticated else settings.LOGIN_URL

    def is_safe_url(self, url: str) -> bool:
        return is_own_path(url)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use a code from the app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [each | {"description": words[each["id"]]} for each in super().get_reauthentication_methods(user)]

    # The links in mails come from PUBLIC_URL, never from a request's Host header.

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return public_url("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return public_url("account_reset_password_from_key", *key.split("-", 1))

    def send_account_already_exists_mail(self, email: str) -> None:
        links = {"login_url": "account_login", "password_reset_url": "account_reset_password"}
        self.send_mail(
            "account/email/account_already_exists", email, {key: public_url(name) for key, name in links.items()}
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sent after commit, within seconds; when the mail server does not take it, the next page says so."""
        request = allauth_context.request
        user = context.get("user")
        with translation.override(getattr(user, "language", "") or translation.get_language()):
            message = self.render_mail(template_prefix, email, context | {"signup_url": public_url("account_signup")})
        on_commit_outside(partial(self._deliver, request, message))

    def send_notification_mail(self, template_prefix: str, user: Any, context: Any = None, email: Any = None) -> None:
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def _deliver(self, request: Any, message: EmailMessage) -> None:
        is_sent = send_now(message)
        if request is None:
            return
        if is_sent:
            request.session.pop(MAIL_FAILED, None)
            return
        request.session[MAIL_FAILED] = True
        for address in message.to:
            # The wait between two confirmation mails is for those that went out.
            ratelimit.clear(request, action="confirm_email", key=address.lower())

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kw: Any):
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kw)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Switch the second step off before you add an address."),
        "cannot_delete_authenticator": _("The second step cannot be switched off now."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
        "incorrect_code": _("This code is not right, or it has expired."),
        "unverified_email": _("Confirm your e-mail addresses first, so that nobody else can be locked out by you."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Passkey %(n)d") % {"n": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}


def remember_invitation(request: Any, secret: str, email: str) -> None:
    """Who follows the link has proven the address: signing up needs no second mail."""
    request.session[INVITATION] = secret
    AccountAdapter(request).stash_verified_email(request, email)


def forget_invitation(request: Any) -> None:
    request.session.pop(INVITATION, None)
    request.session.pop("account_verified_email", None)


def confirm_address(user: Any) -> None:
    """Count the user's address as proven: for people whom an operator or the demo creates."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
