"""No route shows, changes or even acknowledges another organization's rows (delivery.md S1, S2, S3, S7).

Each layer is asked alone: with the ORM's filters off, with row-level security off, and, to see that this test can see
at all, with both off.
"""

import logging
import uuid
from contextlib import contextmanager

import pytest
import time_machine
from django.core import mail
from django.db import connection, models, transaction
from django.db.models.lookups import Exact

from accounts.models import Organization, User
from accounts.tenancy.context import tenant
from accounts.tenancy.expressions import CurrentOrganization
from accounts.tenancy.kept import forget
from tests.conftest import as_owner
from tests.matrix.bodies import body_for, query_for
from tests.matrix.objects import OPEN, model_of, parameters_of
from tests.matrix.routes import INSIDE, METHODS, OUTSIDE, routes
from tests.matrix.stage import build, models_of_organizations
from tests.matrix.visitor import UUID, Visitor

MARK = "zaffre"
#: Text that has a meaning to the code; everything else may carry the marker.
MEANT = {
    "digest", "token_digest", "prefix", "time_zone", "kind", "model", "verb", "slug", "password", "key", "send_key",
    "url_path", "source", "external_id", "language", "method", "path", "body_sha256", "content_type", "founding",
}  # fmt: skip


def plant(stage):
    """A word of their own into every text of every row of theirs."""
    with tenant(stage.organization.pk, switch=True):
        for model in models_of_organizations():
            if not getattr(model, "APPEND_ONLY", False):
                _mark(model, model.objects.all())
    members = [member.user_id for member in stage.members.values()]
    _mark(User, User.objects.filter(pk__in=members))
    _mark(Organization, Organization.objects.filter(pk=stage.organization.pk))


def _mark(model, rows):
    texts = [field for field in model._meta.local_fields if _carries_text(field)]
    for number, row in enumerate(rows):
        marks = {field.name: _marked(field, f"{MARK}{model._meta.model_name}{number}") for field in texts}
        if marks:
            rows.filter(pk=row.pk).update(**marks)


def _carries_text(field):
    return (
        isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in MEANT
        and (field.max_length or 100) >= 40
    )


def _marked(field, word):
    if isinstance(field, models.EmailField):
        return f"{word}@example.com"
    return f"https://{word}.example" if isinstance(field, models.URLField) else word


class Matrix:
    """Ours looks at theirs through every route; ``faults`` is what should not be.

    Strict, the answers are compared with those about what never was. With ``all_methods`` routes are asked also for
    what they do nothing for: what they answer then is the view's own doing and does not differ from member to member.
    """

    def __init__(self, is_strict, *, all_methods=False):
        self.is_strict = is_strict
        self.all_methods = all_methods
        self.ours, self.theirs = build("ours"), build("theirs")
        plant(self.theirs)
        self.faults = []
        self.requests = 0
        self.ghosts = {}
        self.keys = self._keys()
        self.before = self._digest()

    def _keys(self):
        found = set()
        with tenant(self.theirs.organization.pk, switch=True):
            for model in models_of_organizations():
                keys = set(model.objects.values_list("pk", flat=True))
                assert keys, f"No {model._meta.label} on the stage. Add one in tests/matrix/stage.py."
                found |= keys
        return {str(key).encode() for key in found}

    def _digest(self):
        """One digest per table of all their rows, in one statement."""
        tables = [model._meta.db_table for model in models_of_organizations()]
        parts = [
            f"SELECT '{table}', count(*), md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t "
            "WHERE organization_id = %s"
            for table in tables
        ]
        with tenant(self.theirs.organization.pk, switch=True), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), [self.theirs.organization.pk] * len(tables))
            rows = {table: (count, digest) for table, count, digest in cursor.fetchall()}
            cursor.execute(
                "SELECT md5(string_agg(md5(t::text), '' ORDER BY id)) FROM accounts_user t WHERE id = ANY(%s)",
                [[member.user_id for member in self.theirs.members.values()]],
            )
            return rows | {"accounts_user": cursor.fetchone()}

    def their_key(self, model):
        return self.theirs.row(model).pk

    def ghost_key(self, model):
        """A key of the same age that nobody ever had."""
        return self.ghosts.setdefault(model, uuid.UUID(int=self.their_key(model).int ^ 0xFFFF))

    def their_parameters(self, route):
        model = model_of(route)
        return parameters_of(route, self.theirs.row(model) if model else None)

    def ghost_parameters(self, route):
        model = model_of(route)
        return parameters_of(route, model(pk=self.ghost_key(model)) if model else None)

    def our_parameters(self, route):
        model = model_of(route)
        return parameters_of(route, self.ours.row(model) if model else None)

    def visit(self, route, visitor, prefix):
        """Every method, empty and hostile; the answers about theirs are those about what never was."""
        for method in METHODS if self.all_methods else route.verbs:
            asked = self._ask(visitor, route, method, prefix + route.path(**self.their_parameters(route)))
            if not self.is_strict:
                continue
            self._expect_nothing(route, method, asked)
            if asked.status == 405:
                continue
            ghost = self._ask(visitor, route, method, prefix + route.path(**self.ghost_parameters(route)))
            self._expect_same(route, method, asked, ghost)
        self._visit_with_bodies(route, visitor, prefix)

    def _visit_with_bodies(self, route, visitor, prefix):
        """Their keys in filters and bodies: at their address, and at ours."""
        places = [self.their_parameters]
        if route.parameters:
            places.append(self.our_parameters)
        for place in places:
            path = prefix + route.path(**place(route))
            for verb in route.verbs:
                asked = self._ask(visitor, route, verb, path, self.their_key)
                if self.is_strict:
                    ghost_path = prefix + route.path(**self.ghost_parameters(route))
                    at = ghost_path if place == self.their_parameters else path
                    self._expect_same(route, verb, asked, self._ask(visitor, route, verb, at, self.ghost_key))

    def _ask(self, visitor, route, method, path, row_of=None):
        self.requests += 1
        body = body_for(route, method, row_of) if row_of else None
        query = query_for(route, row_of) if row_of and method == "GET" else None

        def look(answer):
            self._look(f"{method} {path} {query or ''} {body or ''}", answer)

        return visitor.ask(method, path, body, is_api=route.is_api, query=query, look=look, mailbox=mail.outbox)

    def _look(self, what, answer):
        seen = answer.everything()
        if MARK.encode() in seen:
            at = seen.index(MARK.encode())
            self.faults.append(f"LEAK {what}: {seen[max(0, at - 60) : at + 40]!r}")
        told = set(UUID.findall(seen)) & self.keys
        told -= set(UUID.findall(what.encode()))
        if told:
            self.faults.append(f"LEAK {what}: names their rows {sorted(told)}")
        if answer.status >= 500:
            if self.is_strict:
                self.faults.append(f"{answer.status} {what}")
        elif answer.tables and self._digest() != self.before:
            self.faults.append(f"WROTE {what}: {sorted(answer.tables)}")

    def _expect_nothing(self, route, method, asked):
        """OPTIONS tells what an address is for, whatever stands there; so it says nothing about a row."""
        if "pk" in route.parameters and method != "OPTIONS" and asked.status not in (404, 405):
            self.faults.append(f"STATUS {asked.status} {method} {route.label}")
        if method not in (*route.verbs, "HEAD", "OPTIONS") and asked.status not in (403, 404, 405):
            self.faults.append(f"STATUS {asked.status} {method} {route.label}: there is no such method")

    def _expect_same(self, route, method, asked, ghost):
        if asked.plain != ghost.plain:
            self.faults.append(
                f"DIFFERS {method} {route.label}: {asked.status} for theirs, {ghost.status} for what never was\n"
                f"  {_first_difference(asked.plain, ghost.plain)}"
            )


def _first_difference(one, other):
    for left, right in zip(one, other, strict=True):
        if left != right and isinstance(left, bytes):
            at = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), 0)
            return f"{left[max(0, at - 40) : at + 80]!r} / {right[max(0, at - 40) : at + 80]!r}"
    return ""


@pytest.fixture
def frozen(settings):
    """No limit on requests, and a clock that stands, so that two answers can be compared. Refusals are not logged."""
    settings.API_REQUESTS_PER_MINUTE = 0
    logging.disable(logging.CRITICAL)
    with time_machine.travel("2026-03-10T09:00:00Z", tick=False):
        yield
    logging.disable(logging.NOTSET)


@contextmanager
def orm_filters_off():
    """Every condition on the organization that Python adds becomes one that always holds."""
    compiled = Exact.as_sql

    def as_sql(self, compiler, connection):
        return ("TRUE", []) if isinstance(self.rhs, CurrentOrganization) else compiled(self, compiler, connection)

    Exact.as_sql = as_sql
    # What was compiled before has its conditions, and what is compiled now must not stay.
    forget()
    try:
        yield
    finally:
        Exact.as_sql = compiled
        forget()


@pytest.fixture
def without_row_security(django_db_setup, django_db_blocker):
    """As the tables' owner, in a transaction that takes it all back."""
    with django_db_blocker.unblock(), as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            for model in models_of_organizations():
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
        yield
        transaction.set_rollback(True)


def walk(matrix, visitors):
    for route in routes(INSIDE):
        if route.name in OPEN:
            continue
        for visitor, prefix in visitors:
            if route.is_api or prefix:
                matrix.visit(route, visitor, prefix)
    return matrix


def as_admin(matrix):
    """In a browser at pages and API, and as an integration."""
    return [
        (Visitor(matrix.ours.members["admin"]), "/o/ours"),
        (Visitor(secret=matrix.ours.secrets["all"]), ""),
    ]


def assert_clean(matrix):
    assert not matrix.faults, f"{len(matrix.faults)} of {matrix.requests} requests:\n" + "\n".join(matrix.faults[:40])


def test_theirs_is_what_never_was(frozen, db):
    matrix = Matrix(is_strict=True, all_methods=True)
    assert_clean(walk(matrix, as_admin(matrix)))


def test_theirs_is_what_never_was_for_a_manager(frozen, db):
    matrix = Matrix(is_strict=True)
    assert_clean(walk(matrix, [(Visitor(matrix.ours.members["manager"]), "/o/ours")]))


def test_row_level_security_alone_holds(frozen, db):
    matrix = Matrix(is_strict=False)
    with orm_filters_off():
        walk(matrix, as_admin(matrix))
    assert_clean(matrix)


def test_the_orm_alone_holds(frozen, without_row_security):
    matrix = Matrix(is_strict=False)
    assert_clean(walk(matrix, as_admin(matrix)))


def test_with_neither_layer_the_matrix_cries_out(frozen, without_row_security):
    matrix = Matrix(is_strict=False)
    visitor = Visitor(matrix.ours.members["admin"])
    names = ("clients:client-list", "client", "clients:client-archive", "api-clients-detail")
    with orm_filters_off():
        for route in routes(INSIDE):
            if route.name in names:
                matrix.visit(route, visitor, "/o/ours")
    found = {fault.split()[0] for fault in matrix.faults}
    assert {"LEAK", "WROTE"} <= found


def test_their_address_is_nobodys(frozen, db):
    """``/o/theirs/…`` answers our admin as ``/o/nowhere/…`` does, and a stranger with the way to the sign-in page."""
    matrix = Matrix(is_strict=True)
    admin, stranger = Visitor(matrix.ours.members["admin"]), Visitor()
    for route in routes(INSIDE):
        if route.name in OPEN:
            continue
        path = route.path(**matrix.their_parameters(route))
        for visitor, statuses in ((admin, (404,)), (stranger, (302, 401))):
            known = visitor.ask("GET", f"/o/theirs{path}", is_api=route.is_api)
            unknown = visitor.ask("GET", f"/o/nowhere{path}", is_api=route.is_api)
            assert known.status in statuses, route.label
            assert _without_slug(known) == _without_slug(unknown), route.label
            assert MARK.encode() not in known.everything(), route.label


def _without_slug(answer):
    status, location, body = answer.plain
    return status, location.replace(b"nowhere", b"theirs"), body.replace(b"nowhere", b"theirs")


#: Everything outside organizations begins with one of these; anything else there is 404.
OUTER = ("accounts/", "s/", "api/v1/", "healthz", "readyz", "metrics")


def test_outside_organizations_only_what_is_promised():
    for route in routes(OUTSIDE):
        assert route.pattern == "" or route.pattern.startswith(OUTER), route.pattern


def test_api_is_the_same_inside_and_outside():
    inside = {route.pattern for route in routes(INSIDE) if route.is_api}
    assert inside == {route.pattern for route in routes(OUTSIDE) if route.is_api}


def test_every_route_has_a_name():
    unnamed = [route.pattern for route in routes(INSIDE) if not route.name]
    assert not unnamed, f"Give these routes a name, so that they can be visited: {unnamed}"
