"""The RavenStack data set, imported twice. Every figure is worked out from the CSV files alone and compared.

The data set (River @ Rivalytics) is not part of the project: REAL_DATA_DIR names the folder above it.
"""

import csv
import datetime
import os
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.db.models import Count, F, Sum

from accounts.imports.engine import run_import
from accounts.imports.mapping import load
from accounts.imports.report import Report
from accounts.models import AuditEntry, ExternalId
from accounts.tenancy.context import tenant
from clients.models import (
    Assignment,
    ChurnEvent,
    Client,
    ClientTag,
    Contract,
    ContractLine,
    LifecyclePeriod,
    Measure,
    Product,
)
from interactions.models import Concern, ConcernPeriod, Interaction, Score
from managers.models import AccountManager, ReportingLine, Team

FOLDER = Path(os.environ.get("REAL_DATA_DIR", ""), "ravenstack")
MAPPING = Path(__file__).resolve().parents[2] / "docs" / "examples" / "ravenstack.toml"
SECONDS = 60
LAST_DAY = datetime.date(2024, 12, 31)
MODELS = (
    AccountManager, Assignment, AuditEntry, ChurnEvent, Client, ClientTag, Concern, ConcernPeriod, Contract,
    ContractLine, ExternalId, Interaction, LifecyclePeriod, Measure, Product, ReportingLine, Score, Team,
)  # fmt: skip

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        "REAL_DATA_DIR" not in os.environ,
        reason="REAL_DATA_DIR is not set: it names the folder that holds ravenstack/.",
    ),
]


def rows(name):
    with (FOLDER / f"ravenstack_{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def day(text):
    return datetime.datetime.strptime(text[:10], "%d-%m-%Y").replace(tzinfo=datetime.UTC).date()


def bring_in(organization):
    report = Report()
    run_import(organization=organization, mapping=load(MAPPING), directory=FOLDER, report=report)
    return report


def everything():
    """Every row of every table that the import writes, as it stands."""
    return {model: sorted(map(repr, model.objects.values_list())) for model in MODELS}


def test_ravenstack_twice_in_time_changes_nothing_and_its_figures_are_those_of_the_files(organization, api):
    # The processor's time, not the wall's: a busy machine must not fail a correct import.
    started = time.process_time()
    report = bring_in(organization)
    assert time.process_time() - started < SECONDS
    assert report.shown == []
    with tenant(organization.pk):
        before = everything()

    again = bring_in(organization)

    assert (again.written, again.refused) == (0, 0)
    shift = datetime.datetime.now(tz=datetime.UTC).date() - LAST_DAY
    with tenant(organization.pk):
        assert everything() == before
        check_clients(shift)
        check_revenue()
        check_churn()
        check_tickets()
        check_usage(shift)
        check_people()
    check_api(api)
    check_pages(api)
    check_retention_page(api)


def check_clients(shift):
    accounts = rows("accounts")
    assert len(accounts) == 500
    ids = dict(ExternalId.objects.filter(model="clients.client").values_list("external_id", "object_id"))
    stored = Client.objects.in_bulk()
    tiers = {"Basic": "scale", "Pro": "core", "Enterprise": "strategic"}
    assert len(stored) == len(ids) == 500
    for account in accounts:
        client = stored[ids[account["account_id"]]]
        assert (client.name, client.industry, client.tier, client.since) == (
            account["account_name"],
            account["industry"],
            tiers[account["plan_tier"]],
            day(account["signup_date"]) + shift,
        )
        assert client.country == {"UK": "GB"}.get(account["country"], account["country"])
        assert client.search_text


def check_revenue():
    subscriptions = rows("subscriptions")
    running = [int(row["mrr_amount"]) for row in subscriptions if not row["end_date"]]
    assert sum(running) == 10_159_608
    assert Contract.objects.count() == ContractLine.objects.count() == len(subscriptions) == 5000
    assert ContractLine.objects.filter(ends_on=None).aggregate(total=Sum("mrr_minor"))["total"] == sum(running) * 100
    assert Client.objects.aggregate(total=Sum("mrr_minor"))["total"] == sum(running) * 100
    assert (
        set(
            ContractLine.objects.values_list("contract__client_id", "client_id").exclude(
                contract__client_id=F("client_id")
            )
        )
        == set()
    )
    by_plan = Counter(row["plan_tier"] for row in subscriptions)
    products = Product.objects.annotate(lines=Count("contract_lines")).values_list("name", "lines")
    assert dict(products) == {f"RavenStack {plan}": count for plan, count in by_plan.items()}
    assert Client.objects.filter(lifecycle="churned").count() == len(
        {row["account_id"] for row in subscriptions}
        - {row["account_id"] for row in subscriptions if not row["end_date"]}
    )


def check_churn():
    events = rows("churn_events")
    left = {row["account_id"] for row in events}
    back = [row for row in events if row["is_reactivation"] == "TRUE"]
    assert (len(events), len(left), len(back)) == (600, 352, 61)
    assert ChurnEvent.objects.count() == len(events)
    assert ChurnEvent.objects.values("client").distinct().count() == len(left)
    assert ChurnEvent.objects.filter(is_reactivation=True).count() == len(back)
    reasons = ChurnEvent.objects.values_list("reason").annotate(count=Count("pk"))
    assert dict(reasons) == Counter(row["reason_code"] for row in events)
    refunds = sum(round(float(row["refund_amount_usd"]) * 100) for row in events)
    assert ChurnEvent.objects.aggregate(total=Sum("refund_minor"))["total"] == refunds


def check_tickets():
    tickets = rows("support_tickets")
    values = [int(float(row["satisfaction_score"])) for row in tickets if row["satisfaction_score"]]
    good = sum(value >= 4 for value in values)
    assert (good, len(values)) == (779, 1175)
    assert Interaction.objects.filter(kind="ticket").count() == len(tickets) == 2000
    scores = Score.objects.filter(scale="csat")
    assert (scores.filter(value__gte=4).count(), scores.count()) == (good, len(values))
    assert scores.filter(interaction__client=F("client")).count() == len(values)
    escalated = sum(row["escalation_flag"] == "TRUE" for row in tickets)
    assert Concern.objects.filter(state="resolved").count() == Concern.objects.count() == escalated
    touched = {row["account_id"] for row in tickets}
    assert Client.objects.exclude(last_contact_at=None).count() == len(touched)
    rated = {row["account_id"] for row in tickets if row["satisfaction_score"]}
    assert Client.objects.exclude(last_csat=None).count() == len(rated)


def check_usage(shift):
    """usage_id repeats, so rows are added up by hand: per client, plan and month of the moved day."""
    subscriptions = {row["subscription_id"]: row for row in rows("subscriptions")}
    ids = {
        key: name
        for name, key in ExternalId.objects.filter(model="clients.client").values_list("external_id", "object_id")
    }
    expected = defaultdict(int)
    for row in rows("feature_usage"):
        subscription = subscriptions[row["subscription_id"]]
        month = (day(row["usage_date"]) + shift).replace(day=1)
        for name, column in (("usage", "usage_count"), ("errors", "error_count")):
            expected[subscription["account_id"], subscription["plan_tier"], name, month] += int(row[column])
    stored = {
        (ids[client], product.removeprefix("RavenStack "), name, month): value
        for client, product, name, month, value in Measure.objects.values_list(
            "client_id", "product__name", "name", "month", "value"
        )
    }
    assert stored == dict(expected)


def check_people():
    assert AccountManager.objects.count() == 9
    assert AccountManager.objects.filter(reports_to=None).count() == 1
    shares = Client.objects.values_list("main_manager__title").annotate(count=Count("pk"))
    assert dict(shares) == {"Account Manager": 500}
    each = Client.objects.values("main_manager").annotate(count=Count("pk")).values_list("count", flat=True)
    assert sorted(each) == [83, 83, 83, 83, 84, 84]
    assert Assignment.objects.filter(until_on=None, role="main").count() == 500
    assert ReportingLine.objects.filter(until_on=None).count() == 9


def check_api(api):
    """The same figures, row by row, over the keyset pages of the API."""
    clients = all_rows(api, "clients/")
    assert len({row["id"] for row in clients}) == 500
    assert sum(row["mrr_minor"] for row in clients) == 1_015_960_800
    events = all_rows(api, "churn-events/")
    assert (len(events), len({row["client"] for row in events})) == (600, 352)
    assert sum(row["is_reactivation"] for row in events) == 61
    scores = all_rows(api, "scores/")
    assert (sum(row["value"] >= 4 for row in scores), len(scores)) == (779, 1175)


def all_rows(api, resource):
    """Every row of a resource, page by page."""
    found, path = [], api.path(f"{resource}?page_size=200")
    while path:
        answer = api.get(path, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        path = answer.json()["next"]
    return found


def check_pages(page):
    """The team portfolio, manager by manager: revenue, and satisfaction of the last 12 months, which it shows."""
    answer = page.get(page.url("team-portfolio"), headers={"accept-language": "en"})
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    text = re.sub(r"\s+", " ", text)
    assert "$10,159,608" in text
    for name, mrr, good, rated in expected_by_manager():
        row = re.search(rf"{name} Account Manager \d+ (\$[\d,]+) .*?(\d+)% n = (\d+) (?=\S)", text)
        assert row, name
        assert row.groups() == (f"${mrr:,}", str(round(100 * good / rated)), str(rated))


def check_retention_page(page):
    """Churn and satisfaction of all time, as the page says them."""
    answer = page.get(page.url("reports:retention") + "?period=all", headers={"accept-language": "en"})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\s+", " ", answer.content.decode()))
    assert "Clients with a churn event 352" in text
    assert "Losses 539 600 events in all" in text
    assert "Came back 61" in text
    assert f"{round(100 * 779 / 1175)}% CSAT · n = 1,175" in text


def expected_by_manager():
    """Clients take turns in the order of the file, managers in the order of their ids."""
    names = ["Grace Oduya", "Tomás Reyes", "Ines Moreau", "Yusuf Haddad", "Priya Nair", "Noah Bennett"]
    owner = {row["account_id"]: names[number % 6] for number, row in enumerate(rows("accounts"))}
    mrr, good, rated = Counter(), Counter(), Counter()
    for row in rows("subscriptions"):
        if not row["end_date"]:
            mrr[owner[row["account_id"]]] += int(row["mrr_amount"])
    for row in rows("support_tickets"):
        if row["satisfaction_score"] and (LAST_DAY - day(row["submitted_at"])).days < 365:
            rated[owner[row["account_id"]]] += 1
            good[owner[row["account_id"]]] += float(row["satisfaction_score"]) >= 4
    return [(name, mrr[name], good[name], rated[name]) for name in names]
