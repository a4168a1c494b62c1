"""Somebody who sends requests to routes, each undone afterwards, and watches what they write."""

import json
import re

from django.db import connection, transaction
from django.test import Client, TestCase
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
#: Tables that every visit may write: the session's own.
NOBODYS = {"django_session"}
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: What differs between two answers that say the same.
VARYING = re.compile(
    rb'nonce="[^"]*"|rfq_[\w.-]+|nonce-[\w+/=-]+|\b[A-Za-z0-9]{64}\b|\d\dT\d\d:\d\d:\d\d\.\d{6}Z|' + UUID.pattern
)


class Answer:
    """A response with its body read, its mail, and the tables written on the way."""

    def __init__(self, response, mails, tables):
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.headers = response.headers
        streamed = getattr(response, "streaming", False)
        self.body = b"".join(response.streaming_content) if streamed else response.content
        self.mails = mails
        self.tables = tables

    @property
    def plain(self):
        """Status, place and body without what differs from one request to the next."""
        return self.status, VARYING.sub(b"*", self.location.encode()), VARYING.sub(b"*", self.body)

    def everything(self):
        """All that the asking side gets to see."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        mails = "\n".join(f"{mail.to} {mail.subject} {mail.body} {mail.alternatives}" for mail in self.mails)
        return self.body + headers.encode() + mails.encode()


class Browser(Client):
    """Django's test client without its record of templates and contexts, which costs more than the request."""

    def request(self, **request):
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


class Visitor:
    """A member in a browser, an integration with a token, or (without either) a stranger."""

    def __init__(self, member=None, secret=""):
        self.member = member
        self.secret = secret
        self.client = Browser(raise_request_exception=False)
        if member is not None:
            self.client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")

    def ask(self, method, path, body=None, *, is_api=False, query=None, look=None, mailbox=()):
        """Send one request and take back all it did; ``look(answer)`` is called before that."""
        tables = set()
        headers = {"If-Match": "*"} if is_api else {}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        data, content_type = self._encoded(method, body, is_api)

        def watch(execute, sql, params, many, context):
            written = WRITES.match(sql)
            if written and written[2] not in NOBODYS:
                tables.add(written[2])
            return execute(sql, params, many, context)

        with transaction.atomic():
            sent = len(mailbox)
            with connection.execute_wrapper(watch), TestCase.captureOnCommitCallbacks(execute=True):
                response = self.client.generic(
                    method, path, data, content_type, headers=headers, query_params=query or None
                )
                answer = Answer(response, list(mailbox)[sent:], tables)
            if look is not None:
                look(answer)
            transaction.set_rollback(True)
        return answer

    def _encoded(self, method, body, is_api):
        if is_api:
            return b"" if body is None else json.dumps(body).encode(), "application/json"
        if method == "POST":
            return encode_multipart(BOUNDARY, body or {}), MULTIPART_CONTENT
        return b"", "application/octet-stream"
