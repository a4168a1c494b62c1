"""Outgoing mail, from one address: EMAIL_URL names an SMTP server, or a provider with an API of its own."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.env import env

#: The providers that django-anymail speaks to, and what each calls the parts of ``anymail+NAME://USER:PASSWORD@``.
PROVIDERS = {
    "brevo": ("API_KEY",),
    "mailersend": ("API_TOKEN",),
    "mailgun": ("API_KEY",),
    "mailjet": ("API_KEY", "SECRET_KEY"),
    "mailtrap": ("API_TOKEN",),
    "mandrill": ("API_KEY",),
    "postmark": ("SERVER_TOKEN",),
    "resend": ("API_KEY",),
    "scaleway": ("SECRET_KEY",),
    "sparkpost": ("API_KEY",),
}
PREFIX = "anymail+"


def provider_settings(url: str) -> tuple[str, dict[str, Any]]:
    """The Django backend and the ANYMAIL settings of ``anymail+mailgun://KEY@?sender_domain=mg.example.com``."""
    parts = urlsplit(url)
    name = parts.scheme.removeprefix(PREFIX)
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"EMAIL_URL: no provider {name!r}. Known are {', '.join(PROVIDERS)}.")
    given = [unquote(part) for part in (parts.username, parts.password) if part]
    if len(given) != len(PROVIDERS[name]):
        wanted = ":".join(PROVIDERS[name])
        raise ImproperlyConfigured(f"EMAIL_URL: {PREFIX}{name}://{wanted}@ is how this provider is written.")
    found = dict(zip(PROVIDERS[name], given, strict=True))
    found |= {key.upper(): value for key, value in parse_qsl(parts.query)}
    return f"anymail.backends.{name}.EmailBackend", {f"{name.upper()}_{key}": value for key, value in found.items()}


EMAIL_TIMEOUT = 10
#: What a provider cannot do (a metadata field, an option) is left out of the mail: the mail itself matters.
ANYMAIL: dict[str, Any] = {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT, "IGNORE_UNSUPPORTED_FEATURES": True}
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL.startswith(PREFIX):
    EMAIL_BACKEND, _given = provider_settings(EMAIL_URL)
    ANYMAIL |= _given
elif EMAIL_URL:
    _mail = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]

# What came back, as providers and mail servers tell us: believed when it is signed. Empty: nobody is asked in.
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", "")
# "user:password" that the provider's own webhook sends along (Anymail's WEBHOOK_SECRET).
MAIL_EVENTS_CREDENTIALS = env.str("MAIL_EVENTS_CREDENTIALS", "")
if MAIL_EVENTS_CREDENTIALS:
    ANYMAIL["WEBHOOK_SECRET"] = MAIL_EVENTS_CREDENTIALS
