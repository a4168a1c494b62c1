"""Figures of satisfaction through the API: the same as on the page, as documented, and withheld alike."""

import json

import pytest

from accounts.choices import Role
from accounts.tenancy.context import tenant
from reports.periods import first_day
from tests.accounts.api.test_contract import check, names_only_known
from tests.factories.clients import ClientFactory, ContractLineFactory
from tests.factories.managers import AccountManagerFactory
from tests.reports.test_satisfaction import answers
from tests.rest import problem
from tests.statements import assert_at_most

pytestmark = pytest.mark.django_db

PATHS = ["satisfaction/", "satisfaction-trend/", "satisfaction-breakdown/"]


@pytest.fixture
def schema(client):
    return json.loads(client.get("/api/v1/schema/").content)


@pytest.fixture
def answered(organization, cast):
    with tenant(organization.pk):
        layla = AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")
        nile = ClientFactory(main_manager=layla, tier="strategic")
        ContractLineFactory(contract__client=nile)
        answers(nile, 10, 10, 9, 8, 3)
        answers(nile, 5, 4, scale="csat")
        other = ClientFactory(main_manager=AccountManagerFactory(name="Zaid"), tier="core")
        answers(other, 0, 0, 0, 0, 0, days_ago=40)
        return nile


@pytest.mark.parametrize("path", PATHS)
def test_they_are_as_documented(rest, answered, schema, path):
    response = rest.call("GET", f"/api/v1/{path}")

    check(schema, response, f"/api/v1/{path}")
    names_only_known(schema, response, f"/api/v1/{path}")


def test_there_is_one_row_for_each_scale(rest, answered):
    rows = {row["scale"]: row for row in rest.rows("satisfaction/")}

    assert (rows["nps"]["n"], rows["nps"]["value"], rows["nps"]["poor"]) == (10, -30, 6)
    assert rows["nps"]["low"] < -30 < rows["nps"]["high"]
    assert (rows["nps"]["delivered"], rows["nps"]["answered"]) == (10, 10)
    csat = rows["csat"]
    assert (csat["n"], csat["value"], csat["good"], csat["withheld"]) == (2, None, None, "few")
    assert rows["ces"]["n"] == 0


def test_figures_narrow_as_on_the_page(rest, page, answered):
    since = first_day("month")
    (row, *_others) = rest.rows(f"satisfaction/?since={since}")
    shown = page.get(f"{page.url('reports:satisfaction')}?period=month").context["figure"]

    assert (row["n"], row["value"]) == (shown.n, round(shown.value, 2)) == (5, 40)


@pytest.mark.parametrize("by", ["tier", "product", "manager", "survey", "campaign"])
def test_breakdowns_agree_with_the_page(rest, page, answered, by):
    rows = rest.rows(f"satisfaction-breakdown/?scale=nps&by={by}")
    cells = page.get(f"{page.url('reports:satisfaction')}?period=all&by={by}").context["cells"]

    assert [row["n"] for row in rows] == [cell["n"] for cell in cells]
    assert [row["value"] is not None for row in rows] == [cell["is_shown"] for cell in cells]


def test_the_trend_has_every_month(rest, answered):
    rows = rest.rows("satisfaction-trend/?scale=nps")

    assert sum(row["n"] for row in rows) == 10
    assert all(earlier["until"] == later["first"] for earlier, later in zip(rows, rows[1:], strict=False))


def test_a_manager_sees_the_figures_of_their_own_clients(token_for, cast, answered):
    rows = token_for(cast[Role.MANAGER]).rows("satisfaction-breakdown/?by=manager")

    assert [row["name"] for row in rows] == ["Layla"]


@pytest.mark.parametrize(
    "query", ["satisfaction-breakdown/?by=colour", "satisfaction-trend/?scale=10", "satisfaction/?since=x"]
)
def test_nonsense_is_refused(rest, answered, query):
    problem(rest.call("GET", f"/api/v1/{query}"), 400)


@pytest.mark.parametrize("path", PATHS)
def test_more_rows_take_no_more_statements(rest, organization, answered, path):
    _first, few = rest.statements("GET", path)
    with tenant(organization.pk):
        for _ in range(2):
            answers(ClientFactory(main_manager=AccountManagerFactory()), 9, 9, 9, 9, 9)
    _second, more = rest.statements("GET", path)

    assert_at_most(8, more)
    assert len(few) == len(more)


def test_answers_are_found_by_their_words(rest, organization, answered):
    with tenant(organization.pk):
        answers(answered, 2, comment="الفاتورة متأخرة")

    (row,) = rest.rows("survey-responses/?q=فاتوره&group=poor&commented=true")
    assert (row["value"], row["comment"], row["scale"]) == (2, "الفاتورة متأخرة", "nps")
