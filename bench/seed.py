"""The data of a run, made by PostgreSQL itself: one INSERT … SELECT per table and organization.

Columns that nobody varies get the model's own defaults, so the set follows the models.
"""

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

from accounts.choices import Role, Scope
from accounts.models import Membership, Organization, OrganizationSettings, User
from accounts.services import create_token
from accounts.tenancy.context import tenant
from clients.models import Assignment, Client, Contact, Contract, ContractLine, Opportunity, Product, Tag
from interactions.models import Interaction, Score, Task
from managers.models import AccountManager, Team

MANAGERS, TEAMS, PRODUCTS, TAGS = 20, 4, 10, 12
SEARCHED = "client 12"


@dataclass(frozen=True)
class Size:
    """How much one organization has."""

    clients: int
    contacts: int
    interactions: int
    opportunities: int


SMALL = [Size(1_000, 2_000, 10_000, 500)] * 2
FULL = [*[Size(5_000, 10_000, 50_000, 2_000)] * 4, Size(20_000, 40_000, 1_000_000, 8_000)]


@dataclass(frozen=True)
class Stage:
    """One organization with somebody signed in: a lead whose line is everybody, and an admin's token."""

    organization: Organization
    lead: Membership
    token: str
    client_id: uuid.UUID
    size: Size


def build(sizes: list[Size], platform: psycopg.Connection[Any]) -> list[Stage]:
    """``platform`` is a connection that sees every organization."""
    stages = []
    for number, size in enumerate(sizes, 1):
        organization = Organization.objects.create(slug=f"bench-{number}", name=f"Bench {number}")
        with tenant(organization.pk):
            OrganizationSettings.objects.create()
            admin = _member(Role.ADMIN, f"admin{number}@bench.example")
            lead = _member(Role.LEAD, f"lead{number}@bench.example")
            _token, secret = create_token(
                actor=admin, member=admin, name="bench", scopes=[Scope.READ.value, Scope.WRITE.value]
            )
        with platform.transaction():
            client_id = _fill(platform, organization.pk, lead.pk, size)
        stages.append(Stage(organization, lead, secret, client_id, size))
    return stages


def _member(role: Role, email: str) -> Membership:
    user = User.objects.create_user(email, name=email.partition("@")[0].capitalize())
    return Membership.objects.create(user=user, role=role)


def _fill(platform: psycopg.Connection[Any], organization: uuid.UUID, lead: uuid.UUID, size: Size) -> uuid.UUID:
    def ids(model: type) -> str:
        """Every key of the organization's rows so far, as an array to pick from."""
        table = model._meta.db_table
        return f"(SELECT array_agg(id ORDER BY id) ids FROM {table} WHERE organization_id = '{organization}')"

    def insert(model: type, count: int, source: str = "", **varying: str) -> None:
        columns, values, parameters = _columns(model, organization, varying)
        rows = f"generate_series(1, {count}) n" + (f", {source}" if source else "")
        statement = f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} FROM {rows}"
        platform.execute(statement, parameters)

    def named(word: str) -> dict[str, str]:
        return {"name": f"'{word} ' || n", "search_text": f"lower('{word} ') || n"}

    insert(Team, TEAMS, **named("Team"))
    insert(Product, PRODUCTS, currency="'USD'", code="'P' || n", **named("Product"))
    insert(Tag, TAGS, **named("Tag"))
    insert(AccountManager, 1, member_id=f"'{lead}'", **named("Lead"))
    insert(
        AccountManager,
        MANAGERS,
        f"{ids(AccountManager)} leads, {ids(Team)} teams",
        reports_to_id="leads.ids[1]",
        team_id=_pick("teams"),
        **named("Manager"),
    )
    insert(
        Client,
        size.clients,
        f"{ids(AccountManager)} managers",
        main_manager_id=_pick("managers"),
        tier="(ARRAY['strategic', 'core', 'scale'])[1 + n % 3]",
        tier_rank="1 + n % 3",
        lifecycle="(ARRAY['active', 'active', 'renewing', 'onboarding', 'churned'])[1 + n % 5]",
        industry="(ARRAY['Logistics', 'Retail', 'Health', 'Energy'])[1 + n % 4]",
        country="(ARRAY['SA', 'AE', 'NO', 'DE'])[1 + n % 4]",
        currency="'USD'",
        mrr_minor="50000 + n * 7919 % 900000",
        since="current_date - 400 - n % 900",
        last_contact_at="now() - (n % 90) * interval '1 day'",
        last_nps="n % 11",
        last_nps_on="current_date - n % 200",
        next_renewal_on="current_date + n % 365",
        notice_on="current_date + n % 335",
        **named("Client"),
    )
    clients = f"{ids(Client)} clients"
    insert(
        Assignment,
        1,
        f"(SELECT id, main_manager_id FROM clients_client WHERE organization_id = '{organization}') client",
        client_id="client.id",
        manager_id="client.main_manager_id",
        from_on="current_date - 300",
    )
    insert(
        Contact,
        size.contacts,
        clients,
        client_id=_pick("clients"),
        email="'contact' || n || '@client.example'",
        **named("Contact"),
    )
    insert(
        Contract,
        size.clients,
        clients,
        client_id=_pick("clients"),
        starts_on="current_date - n % 700",
        currency="'USD'",
        **named("Contract"),
    )
    insert(
        ContractLine,
        1,
        f"(SELECT id, client_id, starts_on FROM clients_contract WHERE organization_id = '{organization}') contract, "
        f"{ids(Product)} products",
        contract_id="contract.id",
        client_id="contract.client_id",
        product_id=_pick("products"),
        mrr_minor="90000",
        starts_on="contract.starts_on",
    )
    insert(
        Opportunity,
        size.opportunities,
        f"{clients}, {ids(AccountManager)} managers",
        client_id=_pick("clients"),
        owner_id=_pick("managers"),
        currency="'USD'",
        amount_minor="100000 + n * 1000",
        stage="(ARRAY['identified', 'qualified', 'proposed', 'won'])[1 + n % 4]",
        closed_at="CASE WHEN n % 4 = 3 THEN now() - n % 300 * interval '1 day' END",
        expected_close_on="current_date - 20 + n % 120",
        **named("Opportunity"),
    )
    summary = "'Talked about the rollout of site ' || n"
    insert(
        Interaction,
        size.interactions,
        clients,
        client_id=_pick("clients"),
        kind="(ARRAY['call', 'meeting', 'email', 'visit'])[1 + n % 4]",
        happened_at="now() - n * interval '11 minutes'",
        logged_by_id=f"'{lead}'",
        summary=summary,
        search_text=f"lower({summary})",
    )
    insert(
        Task,
        size.clients // 5,
        clients,
        client_id=_pick("clients"),
        assignee_id=f"CASE WHEN n <= 40 THEN '{lead}'::uuid END",
        title="'Task ' || n",
        search_text="'task ' || n",
        due_on="current_date - 3 + n % 12",
    )
    insert(
        Score,
        size.clients,
        clients,
        client_id=_pick("clients"),
        scale="'nps'",
        value="n % 11",
        at="now() - n % 300 * interval '1 day'",
    )
    found = platform.execute(
        "SELECT id FROM clients_client WHERE organization_id = %s ORDER BY search_text LIMIT 1", [organization]
    ).fetchone()
    assert found is not None
    return found[0]


def _pick(source: str) -> str:
    return f"{source}.ids[1 + n % cardinality({source}.ids)]"


def _columns(model: Any, organization: uuid.UUID, varying: dict[str, str]) -> tuple[str, str, list[Any]]:
    """Columns, their expressions and the parameters among them: what varies, and defaults for the rest."""
    blank = model(organization_id=organization)
    columns, values, parameters = [], [], []
    for field in model._meta.local_concrete_fields:
        columns.append(f'"{field.column}"')
        if field.attname in varying:
            # In a statement with parameters a remainder is spelled twice.
            values.append(varying.pop(field.attname).replace("%", "%%"))
        elif field.primary_key:
            values.append("uuidv7()")
        else:
            # Without a type a parameter of a SELECT would be text.
            values.append(f"%s::{field.rel_db_type(connection) or field.db_type(connection)}")
            parameters.append(field.get_db_prep_save(field.pre_save(blank, True), connection))
    assert not varying, f"{model.__name__} has no {', '.join(varying)}."
    return ", ".join(columns), ", ".join(values), parameters
