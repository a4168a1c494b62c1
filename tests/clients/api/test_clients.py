"""Clients through the API: what an integration does with them."""

import uuid

import pytest

from accounts.choices import Role
from accounts.models import AuditEntry, ExternalId
from accounts.tenancy.context import tenant
from clients.models import Client
from tests.factories.clients import AssignmentFactory, ClientFactory, ContactFactory
from tests.factories.managers import AccountManagerFactory
from tests.rest import assert_rows_match_details, problem

pytestmark = pytest.mark.django_db

ANY = {"If-Match": "*"}


@pytest.fixture
def layla(organization, cast):
    with tenant(organization.pk):
        return AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")


@pytest.fixture
def client_row(organization, layla):
    with tenant(organization.pk):
        return ClientFactory(name="Nile Foods", main_manager=layla)


@pytest.fixture
def foreign(organization):
    """A client of somebody else in the same organization."""
    with tenant(organization.pk):
        return ClientFactory(name="Not hers", main_manager=AccountManagerFactory())


@pytest.fixture
def theirs(other_organization):
    with tenant(other_organization.pk):
        return ClientFactory(name="Other organization's")


def test_a_client_needs_only_a_name(rest):
    made = rest.call("POST", "clients/", {"name": "Nile Foods"})

    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["lifecycle"], row["tier"], row["currency"], row["mrr_minor"]) == ("onboarding", "core", "USD", 0)
    assert (row["tags"], row["main_manager"], row["at_risk"]) == ([], None, False)
    assert_rows_match_details(rest, "clients/")


def test_all_facts_of_a_client_can_be_sent(rest, layla):
    body = {
        "name": "شركة النيل",
        "name_other": "Nile Foods",
        "tier": "strategic",
        "segment": "Retail",
        "industry": "Food",
        "country": "EG",
        "language": "ar",
        "time_zone": "Africa/Cairo",
        "website": "https://nile.example/",
        "notes": "Met at a fair.",
        "since": "2024-02-29",
        "acquisition_cost_minor": 1_250_000,
        "currency": "EGP",
        "main_manager": str(layla.pk),
        "tags": ["Key", "مهم"],
    }

    made = rest.call("POST", "clients/", body).json()

    assert {name: made[name] for name in body} == body
    assert rest.rows("clients/?q=nile")[0]["id"] == made["id"]
    assert rest.rows(f"clients/?manager={layla.pk}&tier=strategic&country=EG")[0]["name"] == "شركة النيل"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "country": "Egypt"}, "country"),
        ({"name": "x", "currency": "???"}, "currency"),
        ({"name": "x", "tier": "gold"}, "tier"),
        ({"name": "x", "acquisition_cost_minor": -1}, "acquisition_cost_minor"),
        ({"name": "x", "acquisition_cost_minor": 1.5}, "acquisition_cost_minor"),
        ({"name": "x", "acquisition_cost_minor": 2**60}, "acquisition_cost_minor"),
        ({"name": "x", "since": "soon"}, "since"),
        ({"name": "x", "parent": "soon"}, "parent"),
        ({"name": "x", "parent": str(uuid.uuid4())}, "parent"),
        ({"name": "x", "main_manager": str(uuid.uuid4())}, "main_manager"),
        ({"name": "x", "tags": ["x" * 61]}, "tags.0"),
        ({"name": "x", "tags": "key"}, "tags"),
    ],
)
def test_what_cannot_be_is_refused_by_field(rest, organization, body, field):
    assert field in problem(rest.call("POST", "clients/", body), 400)["errors"]
    with tenant(organization.pk):
        assert not Client.objects.exists()


@pytest.mark.parametrize(
    "name", ["lifecycle", "mrr_minor", "last_nps", "last_contact_at", "critical_concerns", "search_text", "tier_rank"]
)
def test_what_follows_from_events_cannot_be_set(rest, client_row, name):
    for method, path in (("POST", "clients/"), ("PATCH", f"clients/{client_row.pk}/")):
        assert name in problem(rest.call(method, path, {"name": "x", name: 1}, headers=ANY), 400)["errors"]


def test_another_organizations_row_cannot_be_named(rest, theirs, client_row):
    made_up = str(uuid.uuid4())
    answers = [
        rest.call("PATCH", f"clients/{client_row.pk}/", {"parent": key}, headers=ANY).content.replace(key.encode(), b"")
        for key in (str(theirs.pk), made_up)
    ]
    filtered = [rest.call("GET", f"clients/?parent={key}") for key in (theirs.pk, made_up)]

    assert answers[0] == answers[1]
    assert filtered[0].status_code == filtered[1].status_code == 400


def test_a_manager_sees_and_changes_only_their_own(token_for, cast, client_row, foreign):
    hers = token_for(cast[Role.MANAGER])

    assert [row["name"] for row in hers.rows("clients/")] == ["Nile Foods"]
    assert hers.call("GET", f"clients/{client_row.pk}/").status_code == 200
    for method, path, body in (
        ("GET", f"clients/{foreign.pk}/", None),
        ("PATCH", f"clients/{foreign.pk}/", {"name": "x"}),
        ("DELETE", f"clients/{foreign.pk}/", None),
        ("POST", f"clients/{foreign.pk}/restore/", None),
        ("POST", f"clients/{foreign.pk}/churn/", {}),
        ("GET", f"clients/{foreign.pk}/team/", None),
    ):
        problem(hers.call(method, path, body, headers=ANY), 404)


def test_what_a_manager_adds_is_theirs_and_only_leads_give_clients_to_others(token_for, cast, layla, foreign):
    hers = token_for(cast[Role.MANAGER])

    made = hers.call("POST", "clients/", {"name": "New"}).json()
    assert made["main_manager"] == str(layla.pk)
    assert hers.call("GET", f"clients/{made['id']}/").status_code == 200
    named = hers.call("POST", "clients/", {"name": "Newer", "main_manager": str(layla.pk)})
    assert (named.status_code, named.json()["main_manager"]) == (201, str(layla.pk))
    problem(hers.call("POST", "clients/", {"name": "New", "main_manager": str(foreign.main_manager_id)}), 403)
    other = {"main_manager": str(foreign.main_manager_id)}
    problem(hers.call("PATCH", f"clients/{made['id']}/", other, headers=ANY), 403)
    assert hers.call("GET", f"clients/{made['id']}/").json()["version"] == 1


def test_changing_and_losing_a_race(rest, client_row):
    path = f"clients/{client_row.pk}/"

    first = rest.call("PATCH", path, {"segment": "Retail", "tags": ["Key"]}, headers={"If-Match": '"v1"'})
    second = rest.call("PATCH", path, {"segment": "Food"}, headers={"If-Match": '"v1"'})

    assert (first.json()["segment"], first.json()["tags"], first["ETag"]) == ("Retail", ["Key"], '"v2"')
    assert problem(second, 412)["current"]["segment"] == "Retail"


def test_reassigning_moves_the_client_and_its_history_stays(rest, client_row, foreign):
    path = f"clients/{client_row.pk}/"

    moved = rest.call("POST", f"{path}reassign/", {"manager": str(foreign.main_manager_id)})
    assert moved.json()["main_manager"] == str(foreign.main_manager_id)
    again = rest.call("POST", f"{path}reassign/", {"manager": str(foreign.main_manager_id)})
    problem(again, 409)
    nobody = rest.call("POST", f"{path}reassign/", {"manager": None})
    assert nobody.json()["main_manager"] is None
    assert rest.rows("clients/?unassigned=true")[0]["id"] == str(client_row.pk)
    problem(rest.call("POST", f"{path}reassign/", {}), 400)


def test_the_account_team(rest, client_row, organization):
    with tenant(organization.pk):
        helper = AccountManagerFactory(name="Helper")
    path = f"clients/{client_row.pk}/"

    answer = rest.call("POST", f"{path}assign/", {"manager": str(helper.pk), "role": "specialist", "share": 30})
    assert answer.status_code == 200, answer.content
    team = rest.rows(f"{path}team/")
    assert [(place["role"], place["share"]) for place in team] == [("main", 100), ("specialist", 30)]
    assert rest.call("POST", f"{path}unassign/", {"manager": str(helper.pk)}).status_code == 200
    assert len(rest.rows(f"{path}team/")) == 1
    problem(rest.call("POST", f"{path}unassign/", {"manager": str(helper.pk)}), 409)


def test_churn_is_recorded(rest, client_row, organization):
    answer = rest.call("POST", f"clients/{client_row.pk}/churn/", {"reason": "budget", "feedback": "No money."})

    assert answer.status_code == 200, answer.content
    with tenant(organization.pk):
        assert client_row.churn_events.get().reason == "budget"


def test_archiving_and_restoring(rest, client_row):
    path = f"clients/{client_row.pk}/"

    assert rest.call("DELETE", path, headers={"If-Match": '"v1"'}).status_code == 204
    assert rest.rows("clients/") == []
    problem(rest.call("POST", "contacts/", {"client": str(client_row.pk), "name": "x"}), 409)
    assert rest.call("POST", f"{path}restore/").json()["archived_at"] is None
    assert len(rest.rows("clients/")) == 1


class TestByExternalId:
    path = "clients/by-external-id/erp/AC-77/"

    def test_put_makes_a_row_then_changes_it(self, rest, organization):
        made = rest.call("PUT", self.path, {"name": "Nile", "segment": "Retail"})
        changed = rest.call("PUT", self.path, {"name": "Nile Foods"})

        assert (made.status_code, changed.status_code) == (201, 200)
        assert made.json()["id"] == changed.json()["id"]
        assert (changed.json()["name"], changed.json()["segment"]) == ("Nile Foods", "Retail")
        assert rest.call("GET", self.path).json() == changed.json()
        assert made["Location"].endswith(f"/clients/{made.json()['id']}/")
        with tenant(organization.pk):
            assert Client.objects.count() == ExternalId.objects.count() == 1

    def test_the_same_again_writes_nothing(self, rest, organization):
        rest.call("PUT", self.path, {"name": "Nile", "tags": ["Key"]})
        with tenant(organization.pk):
            before = AuditEntry.objects.count()

        again = rest.call("PUT", self.path, {"name": "Nile", "tags": ["Key"]})

        assert (again.status_code, again["ETag"]) == (200, '"v1"')
        with tenant(organization.pk):
            assert AuditEntry.objects.count() == before

    def test_a_bad_body_makes_nothing(self, rest, organization):
        problem(rest.call("PUT", self.path, {"segment": "x"}), 400)
        problem(rest.call("PUT", self.path, {"name": "x", "id": "y"}), 400)
        problem(rest.call("GET", self.path), 404)

    def test_names_differ_by_source_and_may_be_any_text(self, rest):
        paths = [self.path, "clients/by-external-id/crm/AC-77/", "clients/by-external-id/erp/%D8%B9%20%2077%3F/"]
        keys = {rest.call("PUT", path, {"name": "x"}).json()["id"] for path in paths}

        assert len(keys) == 3
        assert {rest.call("GET", path).json()["id"] for path in paths} == keys

    def test_somebody_elses_client_stays_as_it_is(self, rest, token_for, cast, foreign, organization, layla):
        with tenant(organization.pk):
            ExternalId.objects.create(source="erp", external_id="AC-77", model="clients.client", object_id=foreign.pk)

        problem(token_for(cast[Role.MANAGER]).call("PUT", self.path, {"name": "mine"}), 404)
        with tenant(organization.pk):
            assert Client.objects.get().name == "Not hers"

    def test_viewers_may_not(self, token_for, cast):
        problem(token_for(cast[Role.VIEWER]).call("PUT", self.path, {"name": "x"}), 403)

    def test_another_organization_has_its_own_names(self, rest, other_organization):
        with tenant(other_organization.pk):
            row = ClientFactory()
            ExternalId.objects.create(source="erp", external_id="AC-77", model="clients.client", object_id=row.pk)

        assert rest.call("PUT", self.path, {"name": "Ours"}).status_code == 201

    def test_contacts_have_them_too(self, rest, client_row):
        path = "contacts/by-external-id/erp/P1/"
        made = rest.call("PUT", path, {"client": str(client_row.pk), "name": "Mona"})
        changed = rest.call("PUT", path, {"email": "mona@nile.example"})

        assert (made.status_code, changed.status_code) == (201, 200)
        assert (changed.json()["name"], changed.json()["email"]) == ("Mona", "mona@nile.example")


class TestStatements:
    """As quality.md counts them: with the token's look-up, without BEGIN, COMMIT, SAVEPOINT and SET."""

    @pytest.fixture(params=[Role.ADMIN, Role.MANAGER, Role.LEAD])
    def caller(self, request, token_for, cast, layla):
        rest = token_for(cast[request.param])
        rest.call("GET", "teams/")
        return rest

    @pytest.mark.parametrize("count", [1, 3, 60])
    def test_list(self, caller, organization, layla, count):
        with tenant(organization.pk):
            for _ in range(count):
                ClientFactory(main_manager=layla)

        for query in ("", "?ordering=-mrr_minor", "?q=client"):
            _, statements = caller.statements("GET", f"clients/{query}")
            assert len(statements) <= 3, statements
        _, statements = caller.statements("GET", "clients/?ordering=-last_contact_at")
        assert len(statements) <= 4, statements

    def test_detail(self, caller, client_row):
        _, statements = caller.statements("GET", f"clients/{client_row.pk}/")

        assert len(statements) <= 6, statements

    def test_create(self, caller):
        response, statements = caller.statements("POST", "clients/", {"name": "New"})

        assert response.status_code == 201
        assert len(statements) <= 8, "\n".join(each[:230] for each in statements)


def test_a_list_of_fifty_is_light(rest, organization, layla):
    with tenant(organization.pk):
        for n in range(50):
            ClientFactory(name=f"A client with a usual name {n}", main_manager=layla, industry="Food", country="EG")

    assert len(rest.call("GET", "clients/").content) <= 40_000


def test_contacts_and_filters(rest, client_row, organization):
    with tenant(organization.pk):
        boss = ContactFactory(client=client_row, name="Mona", is_primary=True)
        ContactFactory(client=client_row, name="Ali", reports_to=boss)
        AssignmentFactory()

    assert [row["name"] for row in rest.rows(f"contacts/?client={client_row.pk}")] == ["Ali", "Mona"]
    assert_rows_match_details(rest, "contacts/")
    answer = rest.call("PATCH", f"contacts/{boss.pk}/", {"role": "champion"}, headers=ANY)
    assert answer.json()["role"] == "champion"
