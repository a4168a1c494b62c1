"""Mail providers by their API, through django-anymail: what their answers mean to the engine.

Only a provider's word about the recipient may ever end a message as undeliverable. A wrong key, an unpaid bill or a
wrong address of the API is the provider's matter: nobody is charged, the breaker opens. Any other refusal may be about
our sender as well as about this text, so it waits its three days and ends as given up, for an admin to look at.
"""

from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError, SSLError

from accounts.dispatch.transport import LostSessionError, PermanentError, RefusedError, TemporaryError

IDLE_SECONDS = 20
#: The pause after "too many" when the provider does not say how long.
PAUSE_SECONDS = 5
_OUR_ACCOUNT = {401, 402, 403, 404, 405, 407}
_BEFORE_TEXT = (NewConnectionError, ConnectTimeoutError, SSLError, ProxyError)


class ProviderTransport:
    """The process's HTTPS session with the provider of the settings."""

    def __init__(self) -> None:
        self.name = settings.EMAIL_BACKEND.split(".")[2]
        self._backend: Any = None
        self._used_at = 0.0

    def send(self, mail: EmailMessage) -> str:
        try:
            backend = self._session()
            # Those that know the header send a repeated mail once; the others ignore it.
            backend.session.headers["Idempotency-Key"] = mail.extra_headers.get("X-Entity-Ref-ID", "")
            if self.name == "postmark":
                mail.extra_headers["X-PM-KeepID"] = "true"  # or it gives the mail a Message-ID of its own
            backend.send_messages([mail])
        except AnymailRecipientsRefused as error:
            raise PermanentError(f"550 {_words(error)}"[:500], at_recipient=True) from error
        except ImproperlyConfigured as error:
            raise RefusedError(_words(error)) from error
        except AnymailAPIError as error:
            self.close()
            raise _meaning(error) from error
        self._used_at = monotonic()
        _demand_acceptance(mail.anymail_status)  # type: ignore[attr-defined]
        return _identifier(mail)

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(requests.RequestException):
                backend.close()

    def _session(self) -> Any:
        if self._backend is not None and monotonic() - self._used_at > IDLE_SECONDS:
            self.close()
        if self._backend is None:
            self._backend = get_connection()
            self._backend.open()
            self._used_at = monotonic()
        return self._backend


def _demand_acceptance(status: Any) -> None:
    """A refusal in words that anymail did not expect leaves its recipients "unknown", as an acceptance may."""
    is_accepted = status.esp_response.ok and status.status & {"sent", "queued", "unknown"}
    if not is_accepted:
        text = f"{status.esp_response.status_code} {' '.join(status.esp_response.text.split())}"
        raise TemporaryError(text[:500], at_provider=True)


def _meaning(error: AnymailAPIError) -> Exception:
    reason, status = _words(error), error.status_code
    if status is None:
        return _without_answer(error, reason)
    if status < 300:  # it took the mail and answered what nobody can read
        return LostSessionError(reason, is_uncertain=True)
    if status == 429:
        return TemporaryError(reason, at_provider=True, is_too_many=True, pause=_pause(error.response))
    if status in _OUR_ACCOUNT:
        return RefusedError(reason)
    return TemporaryError(reason, at_provider=True)


def _without_answer(error: AnymailAPIError, reason: str) -> Exception:
    cause = error.__cause__
    origin = getattr(cause.args[0] if cause and cause.args else None, "reason", None)
    # A ValueError of requests is an address of the API that is none.
    is_before_text = isinstance(cause, requests.ConnectTimeout | ValueError) or isinstance(origin, _BEFORE_TEXT)
    return RefusedError(reason) if is_before_text else LostSessionError(reason, is_uncertain=True)


def _pause(response: Any) -> float:
    """Seconds of ``Retry-After``; as a date it is not worth a second clock."""
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdigit() and int(given) else PAUSE_SECONDS


def _words(error: Exception) -> str:
    """What the provider answered, or why it did not, on one line. Never the request: it holds the key."""
    status = getattr(error, "status_code", None)
    text = getattr(getattr(error, "response", None), "text", "") or str(error.__cause__ or error)
    host = urlsplit(getattr(getattr(error, "response", None), "url", "") or "").hostname
    return " ".join(f"{status or ''} {text} {f'({host})' if host else ''}".split())[:500]


def _identifier(mail: Any) -> str:
    """The provider's id of the mail, which every API answers in its own way."""
    found = mail.anymail_status.message_id
    return str(found if isinstance(found, str) else next(iter(sorted(found or [""]))))
