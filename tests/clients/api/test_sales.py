"""Products, contracts with their lines, and opportunities through the API."""

import datetime

import pytest

from accounts.choices import Role
from accounts.tenancy.context import tenant
from tests.factories.clients import ClientFactory, ContractFactory, ContractLineFactory, OpportunityFactory
from tests.factories.managers import AccountManagerFactory
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db

ANY = {"If-Match": "*"}


@pytest.fixture
def client_row(organization, cast):
    with tenant(organization.pk):
        layla = AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")
        return ClientFactory(name="Nile Foods", main_manager=layla)


@pytest.fixture
def opportunity(client_row, organization):
    with tenant(organization.pk):
        return OpportunityFactory(client=client_row, owner=client_row.main_manager)


def test_products(rest):
    made = rest.call("POST", "products/", {"name": "Basic", "code": "B1", "list_price_minor": 9900})

    assert made.status_code == 201, made.content
    assert made.json()["currency"] == "USD"
    assert "already" in problem(rest.call("POST", "products/", {"name": "Basic"}), 400)["detail"]
    assert_rows_match_details(rest, "products/?q=b1")
    assert rest.call("DELETE", f"products/{made.json()['id']}/", headers=ANY).status_code == 204
    assert rest.rows("products/") == []


def test_a_contract_comes_with_its_lines_and_makes_revenue(rest, client_row):
    product = rest.call("POST", "products/", {"name": "Basic"}).json()["id"]
    lines = [{"product": product, "mrr_minor": 25_000}, {"product": product, "mrr_minor": 5_000, "quantity": 3}]

    made = rest.call("POST", "contracts/", {"client": str(client_row.pk), "starts_on": "2026-01-01", "lines": lines})

    assert made.status_code == 201, made.content
    contract = made.json()
    assert sorted(line["mrr_minor"] for line in contract["lines"]) == [5_000, 25_000]
    assert contract["name"]
    found = rest.call("GET", f"clients/{client_row.pk}/").json()
    assert (found["mrr_minor"], found["lifecycle"]) == (30_000, "active")
    assert_rows_match_details(rest, "contracts/")
    assert_rows_match_details(rest, "contract-lines/")
    assert len(rest.rows(f"contract-lines/?contract={contract['id']}")) == 2


def test_lines_are_added_changed_and_ended(rest, client_row, organization):
    with tenant(organization.pk):
        contract = ContractFactory(client=client_row, starts_on=datetime.date(2026, 1, 1))
        line = ContractLineFactory(contract=contract)
    body = {"contract": str(contract.pk), "product": str(line.product_id), "mrr_minor": 7_000}

    added = rest.call("POST", "contract-lines/", body)
    assert added.status_code == 201, added.content
    path = f"contract-lines/{added.json()['id']}/"
    changed = rest.call("PATCH", path, {"mrr_minor": 8_000}, headers={"If-Match": added["ETag"]})
    assert changed.json()["mrr_minor"] == 8_000
    assert rest.call("GET", f"clients/{client_row.pk}/").json()["mrr_minor"] == 18_000
    assert rest.call("POST", f"{path}end/", {"on": "2026-02-01"}).json()["ends_on"] == "2026-02-01"
    problem(rest.call("POST", f"{path}end/", {"on": "2025-02-01"}), 409)
    assert rest.call("DELETE", path, headers=ANY).status_code == 204
    assert rest.call("GET", f"clients/{client_row.pk}/").json()["mrr_minor"] == 10_000
    assert rest.call("POST", f"contracts/{contract.pk}/end/", {"on": "2026-03-01"}).json()["ends_on"] == "2026-03-01"


@pytest.mark.parametrize(
    ("line", "field"),
    [({}, "lines.0.product"), ({"mrr_minor": -1}, "lines.0.mrr_minor"), ({"price": 1}, "lines.0.price")],
)
def test_an_error_in_a_line_says_which(rest, client_row, organization, line, field):
    body = {"client": str(client_row.pk), "starts_on": "2026-01-01", "lines": [line]}

    assert field in problem(rest.call("POST", "contracts/", body), 400)["errors"]


def test_lines_are_not_changed_through_their_contract(rest, client_row, organization):
    with tenant(organization.pk):
        contract = ContractFactory(client=client_row)

    answer = rest.call("PATCH", f"contracts/{contract.pk}/", {"lines": []}, headers=ANY)
    assert "lines" in problem(answer, 400)["errors"]
    wrong = {"ends_on": "2001-01-01"}
    assert "ends_on" in problem(rest.call("PATCH", f"contracts/{contract.pk}/", wrong, headers=ANY), 400)["errors"]


def test_an_opportunity_goes_its_way(rest, client_row):
    body = {"client": str(client_row.pk), "name": "More seats", "amount_minor": 90_000, "stage": "qualified"}

    made = rest.call("POST", "opportunities/", body)

    assert made.status_code == 201, made.content
    assert (made.json()["stage"], made.json()["owner"]) == ("qualified", str(client_row.main_manager_id))
    path = f"opportunities/{made.json()['id']}/"
    assert rest.call("POST", f"{path}move/", {"stage": "proposed"}).json()["stage"] == "proposed"
    won = rest.call("POST", f"{path}win/")
    assert (won.json()["stage"], bool(won.json()["closed_at"])) == ("won", True)
    assert "already won" in problem(rest.call("POST", f"{path}win/"), 409)["detail"]
    problem(rest.call("PATCH", path, {"name": "x"}, headers=ANY), 409)
    assert rest.call("POST", f"{path}reopen/").json()["stage"] == "proposed"
    lost = rest.call("POST", f"{path}lose/", {"reason": "Too expensive"})
    assert (lost.json()["stage"], lost.json()["lost_reason"]) == ("lost", "Too expensive")
    assert [row["id"] for row in rest.rows("opportunities/?stage=lost&stage=won")] == [made.json()["id"]]
    assert_rows_match_details(rest, "opportunities/")


@pytest.mark.parametrize(
    ("verb", "body"),
    [("lose", {}), ("lose", {"reason": " "}), ("move", {}), ("move", {"stage": "sold"}), ("win", {"amount": 5})],
)
def test_a_verb_says_what_it_misses(rest, opportunity, verb, body):
    problem(rest.call("POST", f"opportunities/{opportunity.pk}/{verb}/", body), 400)


def test_moving_to_lost_needs_a_reason_as_well(rest, opportunity):
    path = f"opportunities/{opportunity.pk}/move/"

    assert "reason" in problem(rest.call("POST", path, {"stage": "lost"}), 409)["errors"]
    assert rest.call("POST", path, {"stage": "lost", "reason": "Price"}).json()["stage"] == "lost"


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_a_new_opportunity_is_open(rest, client_row, stage):
    body = {"client": str(client_row.pk), "name": "x", "stage": stage}

    assert "stage" in problem(rest.call("POST", "opportunities/", body), 400)["errors"]


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.VIEWER, 403), (Role.ASSOCIATE, 404)])
def test_winning_asks_the_rule(token_for, cast, opportunity, role, status):
    answer = token_for(cast[role]).call("POST", f"opportunities/{opportunity.pk}/win/")

    assert answer.status_code == status


def test_nothing_is_added_to_a_client_one_does_not_see(token_for, cast, opportunity, organization):
    with tenant(organization.pk):
        hidden = ClientFactory(main_manager=AccountManagerFactory())
    hers = token_for(cast[Role.MANAGER])

    for path, body in (
        ("opportunities/", {"name": "x"}),
        ("contacts/", {"name": "x"}),
        ("contracts/", {"starts_on": "2026-01-01"}),
    ):
        answer = hers.call("POST", path, {"client": str(hidden.pk), **body})
        assert "client" in problem(answer, 400)["errors"]


def test_a_contract_and_its_lines_stay_with_their_client(rest, client_row, organization):
    with tenant(organization.pk):
        line, other = ContractLineFactory(contract__client=client_row), ContractFactory()
    contract = f"contracts/{line.contract_id}/"

    same = rest.call("PATCH", contract, {"client": str(client_row.pk), "number": "7"}, headers=ANY)
    assert same.status_code == 200, same.content
    problem(rest.call("PATCH", contract, {"client": str(other.client_id)}, headers=ANY), 409)
    problem(rest.call("PATCH", f"contract-lines/{line.pk}/", {"contract": str(other.pk)}, headers=ANY), 409)
