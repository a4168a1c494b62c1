"""Calls to other people's servers: one attempt each, by the Standard Webhooks schedule, with a breaker per endpoint.

Unlike a mail server, an endpoint that is away is the receiver's matter: every attempt counts, and after about three
days the message is given up. HTTPS only, no redirects, no proxy of the environment, ten seconds, an answer of 64 kB.
Which addresses may be called at all is not asked here yet: whoever registers the first kind brings that guard.
"""

import hashlib
import re
import socket
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import create_default_context
from threading import Timer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_noop

from accounts.dispatch import rates, schedule, settle
from accounts.dispatch.breaker import Breaker
from accounts.dispatch.choices import Outcome
from accounts.dispatch.models import Message
from accounts.dispatch.outgoing import HttpCall
from accounts.dispatch.transport import LostSessionError, RefusedError

#: How the names of endpoints begin among the providers.
ENDPOINT = "endpoint:"
SECONDS = 10
LONGEST_ANSWER = 65_536
#: The codes with which a server asks for patience, and may say how much.
_PATIENCE = {429, 502, 503, 504}
GONE = 410
_PRINTABLE = re.compile(r"[!-\[\]-~]+")
NOT_CALLABLE = gettext_noop("The address is none that can be called: https, without a user name.")


class Answer(NamedTuple):
    status: int
    retry_after: int
    text: str


def deliver(message: Message, call: HttpCall, deadline: float) -> Outcome:
    """Call the endpoint and record what came of it. The rest of the batch goes on in any case."""
    if not _is_callable(call.url):
        settle.bury(message, deadline, error=NOT_CALLABLE)
        return Outcome.DEAD
    breaker = Breaker(endpoint(message, call))
    rest = breaker.rest()
    if rest:
        settle.put_back(message, deadline, wait=timedelta(seconds=rest))
        return Outcome.RETRY
    try:
        answer = post(call)
    except RefusedError as error:
        breaker.trip()
        return _again(message, deadline, str(error))
    except LostSessionError as error:
        breaker.lost()
        return _again(message, deadline, str(error), uncertain=1)
    return _settle(message, deadline, answer, breaker)


def _settle(message: Message, deadline: float, answer: Answer, breaker: Breaker) -> Outcome:
    breaker.succeeded()
    if 200 <= answer.status < 300:
        settle.record_sent(message, deadline)
        return Outcome.SENT
    error = f"{answer.status} {answer.text}".strip()[:500]
    if answer.status == GONE:
        settle.suppress(message, deadline, error=error)
        return Outcome.SUPPRESSED
    pause = answer.retry_after if answer.status in _PATIENCE else 0
    if pause:
        rates.slow_down(breaker.name, pause=pause)
    return _again(message, deadline, error, pause=pause)


def endpoint(message: Message, call: HttpCall) -> str:
    """The breaker's name: a digest, because that table is no organization's own, and addresses may be secret."""
    digest = hashlib.sha256(f"{message.organization_id}:{call.url}".encode()).hexdigest()
    return f"{ENDPOINT}{digest[:40]}"


def post(call: HttpCall) -> Answer:
    """One request; ``RefusedError`` when nobody was reached, ``LostSessionError`` when nobody answered in time."""
    connection = _connection(call.url)
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise RefusedError(f"{type(error).__name__}: {error}"[:500]) from error
    # A time limit of the socket begins anew with every byte; this one does not.
    limit = Timer(SECONDS, _hang_up, [connection.sock])
    limit.start()
    try:
        parts = urlsplit(call.url)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", path, call.body, {**call.headers, "Connection": "close"})
        response = connection.getresponse()
        text = b""
        with suppress(OSError, HTTPException):
            text = response.read(LONGEST_ANSWER)
    except (OSError, HTTPException) as error:
        raise LostSessionError(f"{type(error).__name__}: {error}"[:500], is_uncertain=True) from error
    finally:
        limit.cancel()
        connection.close()
    given = response.headers.get("Retry-After", "")
    retry_after = min(int(given), 86_400) if given.isascii() and given.isdigit() else 0
    return Answer(response.status, retry_after, " ".join(text[:500].decode("utf-8", "replace").split()))


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        return HTTPSConnection(parts.hostname, parts.port, timeout=SECONDS, context=create_default_context())
    return HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _is_callable(url: str) -> bool:
    if not _PRINTABLE.fullmatch(url):
        return False
    schemes = {"https", "http"} if settings.HOOKS_ALLOW_HTTP else {"https"}
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        return False


def _again(message: Message, deadline: float, error: str, *, pause: float = 0, uncertain: int = 0) -> Outcome:
    counts: dict[str, Any] = {"deferrals": F("deferrals") + 1, "uncertain": F("uncertain") + uncertain}
    wait = schedule.after_call(message.deferrals + 1)
    if wait is None:
        settle.bury(message, deadline, error=error, **counts)
        return Outcome.DEAD
    settle.retry(message, deadline, wait=max(wait, timedelta(seconds=pause)), error=error, **counts)
    return Outcome.RETRY
