"""One run: the data, the two servers, every call beside its floor, the table."""

import itertools
import json
import os
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.db import connection
from django.test import Client as Browser

from accounts.links import organization_path
from bench import seed, stage
from bench.floor import STATEMENTS
from bench.measure import Call, Cost, Server, cpu_of_tree, statements
from bench.table import print_table
from config.embedded.data_dir import DataDir

#: Requests of one call in a row. Rounds over all calls, so that a busy moment of the machine falls on all alike.
BATCH, ROUNDS = 8, 4
#: After so many seconds no further round is begun.
LONGEST = 40.0
#: Where My day stands among the calls.
DAY = 5


@dataclass
class Line:
    """One row of the table: ours, and the same rows from the floor where there is such a thing."""

    name: str
    ours: Call
    floor: Call | None = None
    cost: Cost = field(default_factory=Cost)
    floor_cost: Cost = field(default_factory=Cost)
    statements: int = 0


def run(data_dir: DataDir, *, is_full: bool) -> None:
    sizes = seed.FULL if is_full else seed.SMALL
    print(f"Building {len(sizes)} organizations …", flush=True)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as platform:
        platform.execute("SET ROLE rafiq_platform")
        stages = seed.build(sizes, platform)
        platform.execute("RESET ROLE")
        platform.execute("VACUUM ANALYZE")
    first, largest = stages[0], stages[-1]
    lines = calls(first)
    print(f"Measuring {len(lines)} pages and calls, up to {ROUNDS * BATCH} times each …", flush=True)
    for line in lines:
        line.statements = statements(line.ours)
    connection.close()
    # The floor reads as the role that sees everything: no row-level security to pay for.
    as_platform = f"{os.environ['DATABASE_OWNER_URL']}?options=-c%20role%3Drafiq_platform"
    postmaster = int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    with (
        stage.rafiq(data_dir) as (port, web),
        stage.floor(data_dir, as_platform) as (bare_port, bare),
    ):
        ours, floor = Server(port, web, postmaster), Server(bare_port, bare, postmaster)
        for line in lines:
            ours.warm(line.ours)
            if line.floor:
                floor.warm(line.floor)
        deadline = time.monotonic() + LONGEST
        for number in range(ROUNDS):
            if number and time.monotonic() > deadline:
                break
            for line in lines:
                ours.run(line.ours, BATCH, line.cost)
                if line.floor:
                    # It is so quick that the clock of the processes would hardly see fewer.
                    floor.run(line.floor, BATCH * 12, line.floor_cost)
        near, far = _near_and_far(ours, first)
        more = {"far page": far.cpu_ms / near.cpu_ms, "memory": ours.memory()}
        more["row security"] = row_security(first, (os.environ["DATABASE_URL"], as_platform), postmaster)
        if is_full:
            small, large, large_day = Cost(), Cost(), _page(largest, "my-day")
            for _ in range(ROUNDS):
                ours.run(lines[DAY].ours, BATCH, small)
                ours.run(large_day, BATCH, large)
            more["large day"] = large.percentile(95) / small.percentile(95)
    print_table(lines, more)


def calls(of: seed.Stage) -> list[Line]:
    numbers = itertools.count()
    organization, client, searched = str(of.organization.pk), str(of.client_id), seed.SEARCHED

    def rest(path: str) -> Call:
        return Call(f"/api/v1/{path}", headers={"Authorization": f"Bearer {of.token}"})

    def bare(path: str, **asked: str) -> Call:
        return Call(f"/{path}?{urlencode({'organization': organization, **asked})}")

    create = Call(
        "/api/v1/clients/",
        "POST",
        {"Authorization": f"Bearer {of.token}", "Content-Type": "application/json"},
        lambda: json.dumps({"name": f"New {next(numbers)}"}).encode(),
    )
    return [
        Line("REST list of 50", rest("clients/"), bare("list")),
        Line("REST detail", rest(f"clients/{client}/"), bare("detail", client=client)),
        Line("REST create", create, bare("create", name="New")),
        Line("REST search by fragment", rest(f"clients/?{urlencode({'q': searched})}"), bare("search", q=searched)),
        Line(
            "REST interactions of a client",
            rest(f"interactions/?client={client}"),
            bare("interactions", client=client),
        ),
        Line("My day", _page(of, "my-day")),
        Line("Client list", _page(of, "clients:client-list")),
        Line("Client page", _page(of, "client", of.client_id)),
        Line("Opportunity board", _page(of, "clients:opportunity-board")),
        Line("Team portfolio", _page(of, "team-portfolio")),
    ]


def _page(of: seed.Stage, name: str, *args: Any) -> Call:
    """A page as the organization's lead sees it, signed in by a session."""
    browser = Browser(SERVER_NAME="127.0.0.1")
    browser.force_login(of.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in browser.cookies.values())
    return Call(organization_path(of.organization.slug, name, *args), headers={"Cookie": cookie})


def row_security(of: seed.Stage, databases: tuple[str, str], postmaster: int) -> float:
    """The database's CPU for the floor's list as the web's role, over that as the role that sees everything."""
    costs = [0.0, 0.0]
    for _ in range(ROUNDS):
        for number, url in enumerate(databases):
            with psycopg.connect(url, prepare_threshold=0) as connection:
                connection.execute(f"SET LOCAL app.organization_id = '{of.organization.pk}'")
                for counted in (False, True):
                    before = cpu_of_tree(postmaster)
                    for _ in range(BATCH * 25):
                        connection.execute(STATEMENTS["/list"], {"organization": of.organization.pk}).fetchone()
                    costs[number] += counted * (cpu_of_tree(postmaster) - before)
    return costs[0] / costs[1]


def _near_and_far(server: Server, of: seed.Stage) -> tuple[Cost, Cost]:
    """The first page of the interactions, and the last that a walk through all of them comes to."""
    headers = {"Authorization": f"Bearer {of.token}"}
    first = Call("/api/v1/interactions/?page_size=200", headers=headers)
    last, following = first, first.path
    while following:
        last = Call(following, headers=headers)
        following = json.loads(server.answer(last))["next"]
        following = following and following[following.index("/api/") :]
    near, far = Cost(), Cost()
    server.warm(first)
    server.warm(last)
    for _ in range(2):
        server.run(first, BATCH, near)
        server.run(last, BATCH, far)
    return near, far
