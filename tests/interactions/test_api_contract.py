"""What these resources answer is what the OpenAPI document says."""

import json

import pytest

from tests.accounts.api.test_contract import check, names_only_known
from tests.interactions.test_api import RESOURCES, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client):
    return json.loads(client.get("/api/v1/schema/").content)


def test_lists_and_details_are_as_documented(rest, organization, member, nile, mona, schema):
    fill(organization, member, nile, mona, 1)

    for resource in RESOURCES:
        path = f"/api/v1/{resource}/"
        listed = rest.call("GET", path)
        check(schema, listed, path)
        names_only_known(schema, listed, path)
        for row in listed.json()["results"]:
            check(schema, rest.call("GET", f"{path}{row['id']}/"), f"{path}{{id}}/")


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("interactions", {"kind": "call", "summary": "x"}),
        ("tasks", {"title": "x"}),
        ("concerns", {"title": "x"}),
        ("scores", {"scale": "nps", "value": 7}),
    ],
)
def test_new_rows_are_as_documented(rest, nile, schema, resource, body):
    path = f"/api/v1/{resource}/"

    check(schema, rest.call("POST", path, {"client": str(nile.pk), **body}), path, "post")
