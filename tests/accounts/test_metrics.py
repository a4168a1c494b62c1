from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.dispatch.choices import Lane, Outcome
from accounts.dispatch.figures import count
from accounts.dispatch.models import Provider, SendingState, WorkerHeartbeat
from accounts.dispatch.queue import enqueue
from accounts.tenancy.context import tenant
from tests.accounts.dispatch import kinds  # noqa: F401  (registers test.mail)

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(browser, settings):
    settings.METRICS_TOKEN = "secret"

    def ask():
        response = browser.get("/metrics", headers={"Authorization": "Bearer secret"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain; version=0.0.4")
        families = text_string_to_metric_families(response.content.decode())
        return {
            (sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples
        }

    return ask


def fill(organization, count):
    with tenant(organization.pk):
        for number in range(count):
            minute_ago = timezone.now() - timedelta(minutes=1)
            enqueue(kind="test.mail", send_key=f"{number}", recipient="ada@client.example", due_at=minute_ago)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic secret", "secret"])
def test_without_the_token_there_is_no_such_page(browser, settings, given):
    settings.METRICS_TOKEN = "secret"

    assert browser.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_without_a_token_in_the_settings_nobody_reads(browser, settings):
    settings.METRICS_TOKEN = ""

    assert browser.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_figures_are_those_of_all_organizations_together(read, organization, other_organization):
    fill(organization, 2)
    fill(other_organization, 2)

    found = read()

    assert found["rafiq_dispatch_messages", "bulk", "due"] == 4
    assert 50 < found["rafiq_dispatch_delay_seconds", "bulk"] < 120
    assert found["rafiq_dispatch_held",] == 0
    assert "ours" not in str(found)


def test_outcomes_only_grow(read):
    count(Lane.BULK, {Outcome.SENT: 3, Outcome.DEAD: 1})
    count(Lane.BULK, {Outcome.SENT: 2})
    count(Lane.BULK, {})

    found = read()

    assert found["rafiq_dispatch_outcomes_total", "bulk", "sent"] == 5
    assert found["rafiq_dispatch_outcomes_total", "bulk", "dead"] == 1


def test_providers_workers_and_a_restore_are_told(read):
    later = timezone.now() + timedelta(minutes=1)
    Provider.objects.create(name="mail.example:25", open_until=later, slow_until=later, tokens=2.5)
    Provider.objects.create(name="other.example:25")
    Provider.objects.create(name="endpoint:abc", open_until=later)
    WorkerHeartbeat.objects.create(worker="a:1", lane=Lane.URGENT)
    SendingState.objects.create(database="1:2:3", held_before=timezone.now())

    found = read()

    assert found["rafiq_dispatch_breaker_open", "mail.example:25"] == 1
    assert found["rafiq_dispatch_slowed", "mail.example:25"] == 1
    assert found["rafiq_dispatch_tokens", "mail.example:25"] == 2.5
    assert found["rafiq_dispatch_breaker_open", "other.example:25"] == 0
    assert found["rafiq_dispatch_endpoints_open",] == 1
    assert not any("endpoint:abc" in key for key in found)
    assert found["rafiq_dispatch_workers", "urgent"] == 1
    assert found["rafiq_dispatch_worker_silence_seconds", "urgent"] < 60
    assert found["rafiq_dispatch_held",] == 1


def test_reading_costs_the_same_for_one_message_and_for_three(read, organization):
    fill(organization, 1)
    with CaptureQueriesContext(connection) as for_one:
        read()
    fill(organization, 3)
    with CaptureQueriesContext(connection) as for_three:
        read()

    assert len(for_one) == len(for_three) < 12
