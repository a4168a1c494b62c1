"""SMTP with one session for many messages, spoken step by step so that every failure says whether mail went out.

``smtplib.sendmail`` cannot tell a session that broke before the text from one that broke after it; the first is
surely not sent, the second may be. Only the second may ever lead to a second copy.
"""

import re
import smtplib
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.core.mail.utils import DNS_NAME

from accounts.dispatch.transport import (
    LostSessionError,
    PermanentError,
    RefusedError,
    TemporaryError,
    answer,
)

MESSAGES_PER_SESSION = 100
IDLE_SECONDS = 20
_LEADING_DOT = re.compile(rb"(?m)^\.")
_SERVER_WANTS_ANOTHER_SENDER = {530, 534, 535, 538, 550, 553, 554}


class SmtpTransport:
    """The process's session with the mail server of the settings; opened when needed, reused while it is fresh."""

    def __init__(self) -> None:
        self.name = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        self._server: smtplib.SMTP | None = None
        self._sent = 0
        self._used_at = 0.0

    def send(self, mail: EmailMessage) -> str:
        sender, recipients, content = _envelope(mail)
        is_reused = self._is_fresh()
        try:
            self._deliver(self._session(), sender, recipients, content)
        except LostSessionError as error:
            # A server may close an idle session between two messages; that is no failure of this message.
            if error.is_uncertain or not is_reused:
                raise
            self._deliver(self._session(), sender, recipients, content)
        return ""

    def close(self) -> None:
        """End the session politely, or at least end it."""
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()

    def _drop(self, server: smtplib.SMTP) -> None:
        self._server = None
        server.close()

    def _is_fresh(self) -> bool:
        is_young = self._sent < MESSAGES_PER_SESSION and monotonic() - self._used_at < IDLE_SECONDS
        return self._server is not None and is_young

    def _session(self) -> smtplib.SMTP:
        if self._server is not None and self._is_fresh():
            return self._server
        self.close()
        try:
            self._server = _connect()
        except (OSError, smtplib.SMTPException) as error:
            is_too_many = getattr(error, "smtp_code", 0) == 421
            raise RefusedError(f"{type(error).__name__}: {error}"[:500], is_too_many=is_too_many) from error
        self._sent, self._used_at = 0, monotonic()
        return self._server

    def _deliver(self, server: smtplib.SMTP, sender: str, recipients: list[str], content: bytes) -> None:
        try:
            self._open_envelope(server, sender, recipients, len(content))
        except (OSError, smtplib.SMTPException) as error:
            self._drop(server)
            raise LostSessionError(f"{type(error).__name__}: {error}"[:500], is_uncertain=False) from error
        try:
            server.send(_LEADING_DOT.sub(b"..", content) + b".\r\n")
            code, text = server.getreply()
        except Exception as error:  # also a time limit of the task: from here on nobody knows
            self._drop(server)
            raise LostSessionError(f"{type(error).__name__}: {error}"[:500], is_uncertain=True) from error
        self._sent, self._used_at = self._sent + 1, monotonic()
        if not 200 <= code < 300:
            raise self._refusal(server, code, text)

    def _open_envelope(self, server: smtplib.SMTP, sender: str, recipients: list[str], size: int) -> None:
        options = [f"size={size}"] if server.has_extn("size") else []
        options += ["body=8bitmime"] if server.has_extn("8bitmime") else []
        code, text = server.mail(sender, options)
        if code in _SERVER_WANTS_ANOTHER_SENDER or code == 421:
            self._drop(server)
            raise RefusedError(f"{code} {text.decode('utf-8', 'replace')}"[:500], is_too_many=code == 421)
        if code != 250:
            raise self._refusal(server, code, text)
        answers = [server.rcpt(recipient) for recipient in recipients]
        if all(code not in (250, 251) for code, _text in answers):
            raise self._refusal(server, *answers[0], at_recipient=True)
        code, text = server.docmd("data")
        if code != 354:
            raise self._refusal(server, code, text)

    def _refusal(
        self, server: smtplib.SMTP, code: int, text: bytes, *, at_recipient: bool = False
    ) -> TemporaryError | PermanentError:
        """The error to raise, after the session is made ready for the next message."""
        try:
            if code == 421 or server.rset()[0] != 250:
                self._drop(server)
        except (OSError, smtplib.SMTPException):
            self._drop(server)
        return answer(code, text, at_recipient=at_recipient)


def _connect() -> smtplib.SMTP:
    timeout = settings.EMAIL_TIMEOUT or 10
    host, port, me = settings.EMAIL_HOST, settings.EMAIL_PORT, str(DNS_NAME)
    server: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        server = smtplib.SMTP_SSL(host, port, me, timeout=timeout, context=EmailBackend().ssl_context)
    else:
        server = smtplib.SMTP(host, port, me, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=EmailBackend().ssl_context)
            server.ehlo()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        server.close()
        raise
    return server


def _envelope(mail: EmailMessage) -> tuple[str, list[str], bytes]:
    encoding = mail.encoding or settings.DEFAULT_CHARSET
    recipients = [sanitize_address(address, encoding) for address in mail.recipients()]
    if not recipients:
        raise ValueError("The renderer wrote a mail without a recipient.")
    message: Any = mail.message()  # the stubs know the standard library's class, not Django's
    content: bytes = message.as_bytes(linesep="\r\n")
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return sanitize_address(mail.from_email, encoding), recipients, content
