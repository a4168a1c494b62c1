"""How a written mail leaves the house, and the four ways in which that can fail."""

import os
from smtplib import SMTPConnectError, SMTPResponseException
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string


class RefusedError(Exception):
    """The server did not take us in, before any message: nobody's attempt, wait until it is back.

    ``is_too_many``: because we send too much or too fast.
    """

    def __init__(self, reason: str, *, is_too_many: bool = False) -> None:
        super().__init__(reason)
        self.is_too_many = is_too_many


class LostSessionError(Exception):
    """The session ended without an answer. ``is_uncertain``: after the text was sent, so it may have arrived."""

    def __init__(self, reason: str, *, is_uncertain: bool) -> None:
        super().__init__(reason)
        self.is_uncertain = is_uncertain


class Refusal(Exception):
    """The server's answer was negative; ``at_recipient``: it was the answer to the recipient's address."""

    def __init__(self, reason: str, *, at_recipient: bool = False) -> None:
        super().__init__(reason)
        self.at_recipient = at_recipient


class TemporaryError(Refusal):
    """The server answered 4xx, "later": greylisting, a full mailbox, a limit.

    ``is_too_many``: it is a limit, and the whole provider is meant; ``pause``: for so many seconds nobody may ask.
    ``at_provider``: said by a provider's API before the recipient's server was asked, so not about the address.
    """

    def __init__(
        self,
        reason: str,
        *,
        at_recipient: bool = False,
        at_provider: bool = False,
        is_too_many: bool = False,
        pause: float = 0,
    ) -> None:
        super().__init__(reason, at_recipient=at_recipient)
        self.at_provider = at_provider
        self.is_too_many = is_too_many
        self.pause = pause


class PermanentError(Refusal):
    """The server answered 5xx to this recipient or this text: trying again would only harm our name."""


class Transport(Protocol):
    """Hands over one mail, or raises one of the four errors above; anything else is a bug of ours.

    Answers what the provider calls the mail, or nothing.
    """

    name: str

    def send(self, mail: EmailMessage) -> str: ...

    def close(self) -> None: ...


class BackendTransport:
    """Any other Django mail backend: the local mailbox, the tests' memory."""

    def __init__(self) -> None:
        self.name = settings.EMAIL_BACKEND

    def send(self, mail: EmailMessage) -> str:
        try:
            get_connection().send_messages([mail])
        except (ConnectionRefusedError, SMTPConnectError) as error:
            raise RefusedError(str(error)) from error
        except SMTPResponseException as error:
            raise answer(error.smtp_code, error.smtp_error) from error
        return ""

    def close(self) -> None:
        """Backends open and close by themselves."""


def answer(code: int, text: bytes | str, *, at_recipient: bool = False) -> TemporaryError | PermanentError:
    """The error that a server's negative answer means."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = f"{code} {words}".strip()[:500]
    if 400 <= code < 500:
        return TemporaryError(reason, at_recipient=at_recipient, is_too_many=code == 421)
    return PermanentError(reason, at_recipient=at_recipient)


#: The beginning of EMAIL_BACKEND → what speaks to it. By path, so that a process loads only what it uses.
TRANSPORTS = {
    "django.core.mail.backends.smtp.": "accounts.dispatch.smtp.SmtpTransport",
    "anymail.": "accounts.dispatch.providers.ProviderTransport",
    "": "accounts.dispatch.transport.BackendTransport",
}


class Pool:
    """The transport of this process. Forked children never share a session with their parent."""

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._key: tuple[object, ...] = ()

    def get(self) -> Transport:
        server = (settings.EMAIL_HOST, settings.EMAIL_PORT, repr(settings.ANYMAIL))
        key = (os.getpid(), settings.EMAIL_BACKEND, *server)
        if self._transport is None or key != self._key:
            path = next(path for start, path in TRANSPORTS.items() if settings.EMAIL_BACKEND.startswith(start))
            self._transport, self._key = import_string(path)(), key
        assert self._transport is not None
        return self._transport


_pool = Pool()


def transport() -> Transport:
    """How this process sends: its session with the mail server or the provider of the settings."""
    return _pool.get()
