"""The OpenAPI document and its page."""

import json

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client):
    return json.loads(client.get("/api/v1/schema/").content)


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_schema_is_open_and_names_the_way_in(schema):
    assert schema["openapi"].startswith("3.")
    assert schema["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_every_operation_tells_its_problems(schema):
    for path, method, operation in operations(schema):
        where = f"{method} {path}"
        needed = {"400", "401", "403", "429"}
        needed |= {"404"} if "{" in path else set()
        needed |= {"409", "413", "415"} if method in ("post", "put", "patch") else set()
        needed |= {"422"} if method == "post" else set()
        assert needed <= operation["responses"].keys(), where
        assert operation["responses"].keys() & {"200", "201", "204"}, where
        assert operation["security"] == [{"token": []}], where
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], where


def test_changes_ask_for_the_version_and_posts_offer_a_key(schema):
    for path, method, operation in operations(schema):
        headers = {each["name"]: each["required"] for each in operation.get("parameters", []) if each["in"] == "header"}
        expected = {"post": {"Idempotency-Key": False}, "patch": {"If-Match": True}, "delete": {"If-Match": True}}
        assert headers == expected.get(method, {}), f"{method} {path}"
        assert ("412" in operation["responses"]) == ("If-Match" in headers)


def test_bodies_are_closed(schema):
    for path, method, operation in operations(schema):
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            body = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
            assert body["additionalProperties"] is False, f"{method} {path}"


def test_lists_describe_their_rows_and_parameters(schema):
    teams = schema["paths"]["/api/v1/teams/"]["get"]

    names = {each["name"] for each in teams["parameters"]}
    assert names == {"q", "archived", "cursor", "page_size", "ordering"}
    page = schema["components"]["schemas"][
        teams["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    ]
    assert set(page["properties"]) == {"results", "next", "previous"}


def test_operations_have_their_own_names(schema):
    names = [operation["operationId"] for _, _, operation in operations(schema)]

    assert len(names) == len(set(names))


def test_the_page_loads_only_our_files_and_relaxes_only_styles(client):
    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy + ";"
    body = page.content.decode()
    assert "http://" not in body
    assert "https://" not in body
    assert body.count("<script src=") == body.count("<script") == 3
    script = client.get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode()
    assert "unsafe-inline" not in client.get("/api/v1/")["Content-Security-Policy"]


def test_the_door_lists_the_resources(client):
    answer = client.get("/api/v1/").json()

    assert answer["teams"] == "http://testserver/api/v1/teams/"
    assert {"schema", "docs", "members", "tokens", "audit", "managers"} <= answer.keys()


def test_inside_an_organization_the_document_points_there(api, schema):
    assert schema["servers"] == [{"url": "/"}]
    inside = json.loads(api.get(api.path("schema/")).content)
    assert inside["servers"] == [{"url": f"/o/{api.organization.slug}"}]
    assert inside["paths"] == schema["paths"]
