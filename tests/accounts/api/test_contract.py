"""What the API answers is what its OpenAPI document says: every list, every detail, and the refusals."""

import json
import re
import uuid

import jsonschema
import pytest

from accounts.choices import Role
from accounts.models import Message, Suppression
from accounts.tenancy.context import tenant
from config.api import router
from tests.factories.clients import (
    ChurnEventFactory,
    ClientFactory,
    ClientTagFactory,
    ContactFactory,
    ContractLineFactory,
    MeasureFactory,
    OpportunityFactory,
)
from tests.factories.managers import AccountManagerFactory, TeamFactory
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db

RESOURCES = [prefix for prefix, _, _ in router.registry]
FILLED_HERE = {
    "audit",
    "members",
    "tokens",
    "messages",
    "suppressions",
    "managers",
    "teams",
    "clients",
    "contacts",
    "products",
    "contracts",
    "contract-lines",
    "opportunities",
    "churn-events",
    "measures",
}


@pytest.fixture
def filled(organization, cast):
    """At least one row of each resource, with and without values in what may be empty."""
    with tenant(organization.pk):
        boss = AccountManagerFactory(member=cast[Role.MANAGER], team=TeamFactory(), hourly_cost_minor=1)
        AccountManagerFactory(reports_to=boss)
        client = ClientFactory(main_manager=boss, parent=ClientFactory())
        ClientTagFactory(client=client)
        ContactFactory(client=client, reports_to=ContactFactory(client=client))
        line = ContractLineFactory(contract__client=client)
        OpportunityFactory(client=client, owner=boss, product=line.product, amount_minor=5)
        OpportunityFactory(client=client)
        Message.objects.create(kind="x", send_key="a", recipient="a@x.example")
        Message.objects.create(kind="x", send_key="b", status="dead", errors=[{"at": "2026-11-23", "error": "No"}])
        Suppression.objects.create(address="a@x.example", address_digest="1", reason="manual")
        ChurnEventFactory(client=client)
        MeasureFactory(client=client)


@pytest.fixture
def schema(client):
    return json.loads(client.get("/api/v1/schema/").content)


def check(schema, response, path, method="get"):
    """The status and the body are among those that the document has for this operation."""
    operation = schema["paths"][path][method]
    documented = operation["responses"].get(str(response.status_code))
    assert documented, f"{method} {path}: {response.status_code} is not documented"
    content = documented.get("content", {}).get(response["Content-Type"])
    assert content, f"{method} {path}: {response['Content-Type']}"
    whole = {**content["schema"], "components": schema["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(response.json())


def names_only_known(schema, response, path):
    """Nothing is in a row that the document leaves out."""
    reference = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    page = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    row = schema["components"]["schemas"][page["properties"]["results"]["items"]["$ref"].rsplit("/", 1)[1]]
    for found in response.json()["results"]:
        assert found.keys() == row["properties"].keys(), path


@pytest.mark.parametrize("resource", sorted(FILLED_HERE))
def test_lists_and_details_are_as_documented(rest, filled, schema, resource):
    path = f"/api/v1/{resource}/"
    listed = rest.call("GET", path)
    check(schema, listed, path)
    names_only_known(schema, listed, path)
    for row in listed.json()["results"][:5]:
        check(schema, rest.call("GET", f"{path}{row['id']}/"), f"{path}{{id}}/")
    assert_rows_match_details(rest, f"{resource}/")


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_operation_refuses_as_documented(rest, client, schema, resource):
    """Each operation on a row that is not there, with nonsense, without a token: never a fault of ours."""
    for path, operations in schema["paths"].items():
        if not path.startswith(f"/api/v1/{resource}/"):
            continue
        concrete = re.sub(r"\{(\w+)\}", lambda found: str(uuid.uuid4()) if found[1] == "id" else "x", path)
        for method in operations:
            headers = {"If-Match": '"v1"'}
            for answer in (
                client.generic(method.upper(), concrete),
                rest.call(method.upper(), f"{concrete}?no_such_parameter=1", {}, headers=headers),
                rest.call(method.upper(), concrete, {"no_such_field": 1}, headers=headers),
                rest.call(method.upper(), concrete, raw=b"[1, ", headers=headers),
            ):
                if answer.status_code >= 400:
                    check(schema, answer, path, method)


@pytest.mark.parametrize("resource", RESOURCES)
def test_hostile_lists_are_refused_or_answered_quickly(rest, resource):
    for query in (
        "page_size=1000000000",
        "page=1000000000",
        "offset=100000",
        "&".join(f"f{n}=1" for n in range(50)),
        "ordering=organization__slug",
        "ordering=" + ",".join(["-id"] * 500),
        "cursor=" + "A" * 5000,
        "q=" + "%25_" * 3000,
        "id__in=1&member__user__password__startswith=a",
    ):
        answer, statements = rest.statements("GET", f"{resource}/?{query}")
        assert answer.status_code in (200, 400), query
        assert len(statements) <= 20
        if answer.status_code == 400:
            problem(answer, 400)
