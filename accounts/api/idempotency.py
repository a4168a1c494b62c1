"""A POST that is sent twice, because an answer was lost, has one effect and one answer.

The key is locked first (a second INSERT would only wait), then looked up; effect and stored answer share the request's
transaction, so either both are there or neither. Refusals (4xx) are kept like successes, failures (5xx) never.
"""

import hashlib
from functools import cached_property

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.api.problems import Conflict, Unprocessable, waiting
from accounts.models import IdempotencyKey

HEADER = "Idempotency-Key"
MAX_KEY = 255
MAX_RESPONSE = 256 * 1024
KEPT_HEADERS = ("ETag", "Location")


class Replay(Exception):
    """The request was carried out before; ``response`` is what was answered then."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class KeyedRequest:
    """One POST with an Idempotency-Key, made by a member or a token."""

    def __init__(self, request, principal):
        self.request = request
        self.principal = principal
        self.key = request.headers[HEADER].strip()
        self.is_begun = False
        self.is_locked = self.is_well_formed and self.lock()

    @property
    def is_well_formed(self):
        return 0 < len(self.key) <= MAX_KEY and self.key.isascii() and self.key.isprintable()

    @cached_property
    def facts(self):
        """What makes it the same request. The column cuts long paths, so the whole one is hashed as well."""
        path = self.request.get_full_path()
        body = hashlib.sha256(path.encode() + b"\n" + self.request.body).hexdigest()
        return {"method": self.request.method, "path": self.request.path[:500], "body_sha256": body}

    def lock(self):
        """Taken outside the effect's savepoint: PostgreSQL gives a lock back when the savepoint it is in rolls back."""
        name = f"{self.request.organization.pk}:{self.principal}:{self.key}"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            return cursor.fetchone()[0]

    def begin(self):
        """Called when the caller is known to be allowed: refuse, replay, or let the request do its work."""
        if not self.is_well_formed:
            raise ValidationError(
                {HEADER: _("Use 1 to %(max)s visible ASCII characters, for example a UUID.") % {"max": MAX_KEY}}
            )
        if not self.is_locked:
            raise waiting(Conflict(_("The first request with this Idempotency-Key is still running. Ask again.")), 1)
        facts = self.facts  # reads the body, which a parser would consume
        stored = IdempotencyKey.objects.filter(principal=self.principal, key=self.key).first()
        if stored is not None:
            raise Replay(self.answer_again(stored, facts))
        self.is_begun = True

    def answer_again(self, stored, facts):
        if any(getattr(stored, name) != value for name, value in facts.items()):
            raise Unprocessable(_("Use a new Idempotency-Key for every new request, the same one only to repeat one."))
        if stored.response is None:
            raise Conflict(_("This was done before, and its answer was not kept. Read the object instead."))
        headers = {**stored.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(
            bytes(stored.response), status=stored.status, headers=headers, content_type=stored.content_type or None
        )

    def keep(self, response, *, is_secret=False):
        if not self.is_begun or response.status_code >= 500:
            return
        content = response.content
        row = IdempotencyKey(
            principal=self.principal,
            key=self.key,
            status=response.status_code,
            content_type=response.headers.get("Content-Type", ""),
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            response=None if is_secret or len(content) > MAX_RESPONSE else content,
            **self.facts,
        )
        IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)


class IdempotentPosts:
    """For viewsets: POSTs that carry an Idempotency-Key are carried out once."""

    keyed = None
    #: Actions whose answer must not lie in the database: a repeated request is refused instead of answered again.
    secret_actions: tuple = ()

    def dispatch(self, request, *args, **kwargs):
        member = getattr(request, "member", None)
        if request.method != "POST" or HEADER not in request.headers or member is None:
            return super().dispatch(request, *args, **kwargs)
        self.keyed = KeyedRequest(request, (getattr(request, "token", None) or member).pk)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        self.keyed.keep(response, is_secret=self.action in self.secret_actions and response.status_code < 300)
        return response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.keyed is not None:
            self.keyed.begin()

    def handle_exception(self, exc):
        if isinstance(exc, Replay):
            return exc.response
        return super().handle_exception(exc)
