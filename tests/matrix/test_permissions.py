"""Every route × method × role against the reviewed file ``permissions.csv`` (delivery.md S5 and S8)."""

import csv
import logging
import os
from pathlib import Path

import pytest

from tests.matrix.bodies import body_for
from tests.matrix.objects import OPEN, model_of, parameters_of
from tests.matrix.routes import INSIDE, routes
from tests.matrix.stage import build
from tests.matrix.visitor import Visitor

pytestmark = pytest.mark.django_db

REVIEWED = Path(__file__).with_name("permissions.csv")
REWRITE = "REWRITE_PERMISSION_MATRIX"
MEMBERS = ("admin", "lead", "manager", "associate", "viewer", "other_lead", "other_manager", "other_associate")
TOKENS = ("read", "write", "admin")
COLUMNS = [*MEMBERS, "anonymous", *(f"token_{scope}" for scope in TOKENS)]
CLASSES = {
    "ok": (200, 201, 204),
    "invalid": (400, 422, 428),
    "refused": (409, 410, 412),
    "forbidden": (403,),
    "not-found": (404,),
    "no-method": (405,),
    "sign-in": (401,),
}


def class_of(answer):
    if answer.status in (301, 302, 303):
        return "sign-in" if answer.location.startswith("/accounts/login/") else "redirect"
    return next((name for name, statuses in CLASSES.items() if answer.status in statuses), f"ERROR {answer.status}")


def lines(stage):
    """``(route, method) → {column: class}`` as the product answers now."""
    visitors = {name: Visitor(stage.members[name]) for name in MEMBERS} | {"anonymous": Visitor()}
    tokens = {f"token_{scope}": Visitor(secret=stage.secrets[scope]) for scope in TOKENS}
    found = {}
    for route in routes(INSIDE):
        if route.name in OPEN:
            continue
        model = model_of(route)
        path = route.path(**parameters_of(route, stage.row(model) if model else None))
        for verb in route.verbs:
            body = body_for(route, verb, lambda asked: stage.row(asked).pk)
            line = {
                name: class_of(visitor.ask(verb, f"/o/{stage.slug}{path}", body, is_api=route.is_api))
                for name, visitor in visitors.items()
            }
            for name, visitor in tokens.items():
                line[name] = class_of(visitor.ask(verb, path, body, is_api=True)) if route.is_api else ""
            found[route.label, verb] = line
    return found


def read():
    with REVIEWED.open(newline="", encoding="utf-8") as file:
        return {(row.pop("route"), row.pop("method")): row for row in csv.DictReader(file)}


def write(found):
    with REVIEWED.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["route", "method", *COLUMNS])
        writer.writerows([*key, *(line[column] for column in COLUMNS)] for key, line in sorted(found.items()))


@pytest.fixture
def found(db, settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    logging.disable(logging.CRITICAL)
    try:
        return lines(build("ours"))
    finally:
        logging.disable(logging.NOTSET)


def test_every_route_answers_every_role_as_reviewed(found):
    if os.environ.get(REWRITE):
        write(found)
    reviewed = read()
    new = [" ".join(key) for key in found if key not in reviewed]
    gone = [" ".join(key) for key in reviewed if key not in found]
    differing = [
        f"{' '.join(key)}: {column} was {reviewed[key][column]}, is {line[column]}"
        for key, line in found.items()
        if key in reviewed
        for column in COLUMNS
        if reviewed[key][column] != line[column]
    ]
    how = "Run `python -m tests.matrix`, read the difference of tests/matrix/permissions.csv, and commit it."
    assert not new, f"Nobody said who may use these routes: {new}. {how}"
    assert not gone, f"These routes are gone: {gone}. {how}"
    assert not differing, "\n".join([*differing, how])
    assert not [key for key, line in found.items() for answer in line.values() if answer.startswith("ERROR")]


#: Answers that give nothing and change nothing.
REFUSING = {"forbidden", "not-found", "sign-in", "no-method", ""}


def test_strangers_get_nothing():
    for (route, method), line in read().items():
        assert line["anonymous"] == "sign-in", f"{route} {method}"


def test_viewers_only_read():
    """Besides, they may mark their notifications as read, say what reminds them, keep a calendar, and leave."""
    own = {"accounts:member-leave", "interactions:notification-read-all", "interactions:reminder-choices"}
    own |= {"interactions:calendar-feed-renew", "interactions:calendar-feed-revoke"}
    own |= {"api-reminder-choices-list", "api-delivery-choices-list"}
    for (route, method), line in read().items():
        if method != "GET" and route not in own:
            assert line["viewer"] in REFUSING, f"{route} {method}: {line['viewer']}"


def test_associates_neither_decide_nor_assign():
    """Not win or lose, not reassign, not contracts; tasks are theirs to hand on, and concerns to give up."""
    words = ("-win", "-lose", "reassign", "contract", "churn", "client-team-add", "assign", "product", "opportunit")
    allowed = {"interactions:concern-lose", "api-concerns-lose", "api-tasks-reassign"}
    for (route, method), line in read().items():
        if method != "GET" and any(word in route for word in words) and route not in allowed:
            assert line["associate"] in REFUSING, f"{route} {method}: {line['associate']}"


#: Rows that hang on a client, by the last word of a route's model.
HANG_ON_CLIENT = {
    "client", "contact", "contract", "contractline", "opportunity", "assignment", "interaction", "task", "concern",
}  # fmt: skip


def test_somebody_elses_client_is_not_found():
    """Whoever does not look after the client gets 404 for it and all that hangs on it, never 403."""
    reviewed = read()
    for route in routes(INSIDE):
        if route.parameters and model_of(route)._meta.model_name in HANG_ON_CLIENT:
            for verb in route.verbs:
                line = reviewed[route.label, verb]
                others = {line[name] for name in ("other_lead", "other_manager", "other_associate")}
                expected = {"not-found"} if "pk" in route.parameters else {"not-found", "forbidden"}
                assert others <= expected, f"{route.label} {verb}: {others}"


def test_scopes_only_narrow():
    """A token that reads writes nothing; members, tokens, the outbox and the audit log want the scope ``admin``."""
    for (route, method), line in read().items():
        if not line["token_read"]:
            continue
        if method != "GET":
            assert line["token_read"] in ("forbidden", "not-found", "no-method"), f"{route} {method}"
        if route.startswith(("api-tokens", "api-audit", "api-messages", "api-suppressions")) or (
            route.startswith(("api-members", "api-reminder-rules")) and method != "GET"
        ):
            assert {line["token_read"], line["token_write"]} == {"forbidden"}, f"{route} {method}"
        elif method != "GET":
            assert line["token_admin"] == "forbidden", f"{route} {method}"
