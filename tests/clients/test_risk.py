from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from clients.choices import Lifecycle
from clients.models import Client
from clients.risk import is_at_risk, risk_reasons, silent_days
from tests.factories.clients import ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TALKED = {"last_contact_at": NOW - timedelta(days=1)}


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (TALKED, []),
        ({**TALKED, "last_nps": 7, "last_csat": 3}, []),
        ({**TALKED, "last_nps": 6}, ["Last NPS answer was 6"]),
        ({**TALKED, "last_nps": 0}, ["Last NPS answer was 0"]),
        ({**TALKED, "last_csat": 2}, ["Last CSAT answer was 2"]),
        ({**TALKED, "critical_concerns": 1}, ["1 open critical concern"]),
        ({**TALKED, "critical_concerns": 2}, ["2 open critical concerns"]),
        ({"last_contact_at": NOW - timedelta(days=60)}, []),
        ({"last_contact_at": NOW - timedelta(days=60, seconds=1)}, ["No two-way contact for 60 days"]),
        ({"since": (NOW - timedelta(days=60)).date()}, []),
        ({"since": (NOW - timedelta(days=61)).date()}, ["No two-way contact for 61 days"]),
        ({"created_at": NOW - timedelta(days=59)}, []),
        ({"created_at": NOW - timedelta(days=70)}, ["No two-way contact for 70 days"]),
        (
            {"critical_concerns": 1, "last_nps": 3, "last_csat": 1, "last_contact_at": NOW - timedelta(days=90)},
            [
                "1 open critical concern",
                "Last NPS answer was 3",
                "Last CSAT answer was 1",
                "No two-way contact for 90 days",
            ],
        ),
        ({"lifecycle": Lifecycle.CHURNED, "critical_concerns": 1, "last_nps": 0}, []),
    ],
)
def test_the_condition_and_the_reasons_say_the_same(facts, reasons):
    client = ClientFactory()
    Client.objects.update(**{"created_at": NOW, **facts})
    client.refresh_from_db()

    with override("en"):
        assert [str(reason) for reason in risk_reasons(client, NOW)] == reasons
    assert is_at_risk(client, NOW) is bool(reasons)
    assert Client.objects.at_risk(NOW).exists() is bool(reasons)


def test_silence_is_never_negative():
    client = ClientFactory.build(last_contact_at=NOW + timedelta(hours=1))

    assert silent_days(client, NOW) == 0
