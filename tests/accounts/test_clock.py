import datetime

import pytest
from django.utils import timezone

from accounts.clock import forget_old_answers
from accounts.models import IdempotencyKey
from accounts.tenancy.ids import uuid7

pytestmark = pytest.mark.django_db


def test_answers_nobody_waits_for_are_forgotten(inside):
    for key, age in (("fresh", 1), ("old", 72)):
        IdempotencyKey.objects.create(
            principal=uuid7(),
            key=key,
            method="POST",
            path="/clients/",
            body_sha256="0" * 64,
            created_at=timezone.now() - datetime.timedelta(hours=age),
        )

    forget_old_answers()

    assert [row.key for row in IdempotencyKey.objects.all()] == ["fresh"]
