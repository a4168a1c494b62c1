import pytest
import rules

from accounts.choices import Role
from clients.choices import AssignmentRole
from tests.factories.clients import (
    AssignmentFactory,
    ClientFactory,
    ContactFactory,
    ContractFactory,
    ContractLineFactory,
    OpportunityFactory,
)
from tests.factories.managers import AbsenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]

EVERYBODY = set(Role)
ABOVE = {Role.ADMIN, Role.LEAD}
DECIDERS = {Role.ADMIN, Role.LEAD, Role.MANAGER}
WRITERS = EVERYBODY - {Role.VIEWER}


def verbs(noun, *names):
    return [f"{name}_{noun}" for name in names]


NOUNS = ["client", "assignment", "contact", "contract", "contractline", "opportunity", "product", "tag"]
ROLES = {
    **dict.fromkeys([f"view_{noun}" for noun in [*NOUNS, "churnevent", "measure"]], EVERYBODY),
    "export_client": EVERYBODY,
    **dict.fromkeys(verbs("client", "assign", "unassign", "reassign"), ABOVE),
    **dict.fromkeys(
        verbs("client", "add", "change", "archive", "restore", "delete", "tag", "untag", "record_churn"), DECIDERS
    ),
    **dict.fromkeys(verbs("assignment", "add", "change", "delete"), ABOVE),
    **dict.fromkeys(verbs("contact", "add", "change", "archive", "restore", "delete"), WRITERS),
    **dict.fromkeys(verbs("contract", "add", "change", "archive", "restore", "delete", "end"), DECIDERS),
    **dict.fromkeys(verbs("contractline", "add", "change", "archive", "restore", "delete", "end"), DECIDERS),
    **dict.fromkeys(
        verbs("opportunity", "add", "change", "move", "win", "lose", "reopen", "archive", "restore", "delete"), DECIDERS
    ),
    **dict.fromkeys(["add_churnevent", "add_measure", "add_tag"], DECIDERS),
    **dict.fromkeys(verbs("product", "add", "change", "archive", "restore", "delete"), ABOVE),
    **dict.fromkeys(verbs("tag", "change", "delete"), ABOVE),
}


def test_every_rule_of_the_app_is_classified_here():
    assert {f"clients.{name}" for name in ROLES} == {
        name for name in rules.permissions.permissions if name.startswith("clients.")
    }


@pytest.mark.parametrize("role", Role)
def test_rule_without_an_object_asks_the_role(cast, role):
    allowed = {name for name in ROLES if cast[role].can(f"clients.{name}")}

    assert allowed == {name for name, roles in ROLES.items() if role in roles}


@pytest.mark.parametrize("who", ["vice", "lead", "manager", "associate", "sibling", "other"])
def test_rule_about_a_client_asks_the_role_and_the_portfolio(line, who):
    client = ClientFactory(main_manager=line["manager"])
    member = line[who].member
    asked = [name for name in ROLES if not name.endswith(("_product", "_tag", "add_client"))]
    expected = {name for name in asked if member.role in ROLES[name]}
    if who in ("sibling", "other"):
        expected = {name for name in expected if name.startswith(("view_", "export_"))}

    assert {name for name in asked if member.can(f"clients.{name}", client)} == expected


@pytest.mark.parametrize("make", [ContactFactory, OpportunityFactory, ContractFactory])
def test_rule_about_a_row_asks_about_its_client(line, make):
    row = make(client__main_manager=line["manager"])
    name = f"clients.change_{row._meta.model_name}"

    assert line["manager"].member.can(name, row)
    assert not line["other"].member.can(name, row)


def test_rule_about_a_contract_line_asks_about_its_client(line):
    row = ContractLineFactory(contract__client__main_manager=line["manager"])

    assert line["manager"].member.can("clients.end_contractline", row)
    assert not line["associate"].member.can("clients.end_contractline", row)
    assert not line["other"].member.can("clients.end_contractline", row)


def test_specialist_on_the_account_team_may_what_a_manager_may(line):
    client = ClientFactory(main_manager=line["other"])
    AssignmentFactory(client=client, manager=line["manager"], role=AssignmentRole.SPECIALIST)

    assert line["manager"].member.can("clients.change_client", client)


def test_substitute_may_what_the_absent_manager_may(line):
    client = ClientFactory(main_manager=line["other"])
    AbsenceFactory(manager=line["other"], substitute=line["manager"])

    assert line["manager"].member.can("clients.win_opportunity", OpportunityFactory(client=client))


def test_leads_assign_what_nobody_has(line):
    client = ClientFactory()

    assert line["sibling"].member.can("clients.reassign_client", client)
    assert not line["manager"].member.can("clients.change_client", client)


def test_main_manager_is_known_without_a_statement(line, django_assert_num_queries):
    client, member = ClientFactory(main_manager=line["manager"]), line["manager"].member
    assert member.can("clients.change_client", client)

    with django_assert_num_queries(0):
        assert member.can("clients.change_client", client)
        assert member.can("clients.win_opportunity", OpportunityFactory.build(client=client))
