"""The least that an answer can cost: one prepared statement that returns JSON, behind a bare WSGI callable.

No sign-in, no tenant, no rules: the same rows and columns as our REST answers, written by PostgreSQL.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg

LIST = """SELECT id, version, name, name_other, tier, industry, country, lifecycle, currency, mrr_minor,
 main_manager_id AS main_manager, since, next_renewal_on, last_contact_at, last_nps, last_csat, critical_concerns,
 updated_at, archived_at FROM clients_client WHERE organization_id = %(organization)s AND archived_at IS NULL"""
PAGE = "SELECT json_build_object('results', coalesce(json_agg(page), '[]'), 'next', NULL)::text FROM ({}) page"
STATEMENTS = {
    "/list": PAGE.format(f"{LIST} ORDER BY search_text, id LIMIT 51"),
    "/search": PAGE.format(f"{LIST} AND search_text LIKE '%%' || %(q)s || '%%' ORDER BY search_text, id LIMIT 51"),
    "/detail": "SELECT row_to_json(c)::text FROM clients_client c WHERE organization_id = %(organization)s"
    " AND id = %(client)s",
    "/interactions": PAGE.format(
        "SELECT id, version, client_id AS client, kind, direction, hat, happened_at, minutes, summary, sentiment,"
        " logged_by_id AS logged_by, on_behalf_of_id AS on_behalf_of, created_at, updated_at, archived_at"
        " FROM interactions_interaction WHERE organization_id = %(organization)s AND client_id = %(client)s"
        " AND archived_at IS NULL ORDER BY happened_at DESC, id DESC LIMIT 51"
    ),
    "/create": """INSERT INTO clients_client (id, organization_id, version, created_at, updated_at, name, name_other,
 tier, tier_rank, segment, industry, country, language, time_zone, currency, website, notes, search_text, lifecycle,
 mrr_minor, critical_concerns) VALUES (uuidv7(), %(organization)s, 1, now(), now(), %(name)s::text, '', 'core', 2,
 '', '', '', '', '', 'USD', '', '', lower(%(name)s::text), 'onboarding', 0, 0)
 RETURNING row_to_json(clients_client)::text""",
}

_kept = threading.local()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(os.environ["FLOOR_DATABASE_URL"], autocommit=True, prepare_threshold=0)
    return _kept.connection  # type: ignore[no-any-return]


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    row = _connection().execute(STATEMENTS[environ["PATH_INFO"]], asked, prepare=True).fetchone()
    body = row[0].encode() if row else b"null"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
