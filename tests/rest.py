"""What tests of any app's REST resources share."""

import json

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Opening and closing a transaction and saying which organization it is for.
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET")


class TokenClient(Client):
    """An integration: JSON both ways, a bearer token, no cookies."""

    def __init__(self, secret, token, **options):
        super().__init__(**options)
        self.secret = secret
        self.token = token

    def call(self, method, path, body=None, *, headers=None, content_type="application/json", raw=None):
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        url = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return self.generic(method, url, data, content_type=content_type, headers=headers)

    def rows(self, path):
        response = self.call("GET", path)
        assert response.status_code == 200, response.content
        return response.json()["results"]

    def statements(self, method, path, *args, **options):
        """The answer and the SQL it took, without the note of a token's first use."""
        self.call("GET", "audit/?page_size=1")
        with CaptureQueriesContext(connection) as queries:
            response = self.call(method, path, *args, **options)
        return response, [each["sql"] for each in queries if not each["sql"].startswith(FRAME)]


def problem(response, status):
    """The problem document of a refusal."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    document = json.loads(response.content)
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert document["type"].startswith("urn:rafiq:problem:")
    return document


def assert_rows_match_details(rest, path):
    """A list is written from rows, a detail by the serializer: they must say the same."""
    rows = rest.rows(path)
    assert rows
    for row in rows:
        detail = rest.call("GET", f"{path.partition('?')[0]}{row['id']}/").json()
        assert row == {name: detail[name] for name in row}
