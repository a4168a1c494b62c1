"""So many requests a minute, on a real Redis; without it nobody is refused."""

import uuid

import pytest

from accounts.api.throttling import PrincipalThrottle

pytestmark = pytest.mark.django_db


def test_the_limit_holds_and_says_when_to_come_back(rest, settings):
    settings.API_REQUESTS_PER_MINUTE = 5

    answers = [rest.call("GET", "teams/") for _ in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert 1 <= int(answers[-1]["Retry-After"]) <= 12
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_each_token_has_its_own_allowance(token_for, member, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    one, other = token_for(member), token_for(member)

    assert [rest.call("GET", "teams/").status_code for rest in (one, one, other)] == [200, 429, 200]


def test_the_allowance_comes_back_bit_by_bit():
    key = f"api-rate:{uuid.uuid4()}"
    throttle = PrincipalThrottle()

    waits = [throttle.ask(key, 60) for _ in range(61)]

    assert waits[:60] == [0] * 60
    assert 0 < waits[60] <= 1


def test_without_redis_requests_go_through_at_once(rest, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.API_REQUESTS_PER_MINUTE = 1
    monkeypatch.setattr(PrincipalThrottle, "down_until", 0.0)

    assert [rest.call("GET", "teams/").status_code for _ in range(3)] == [200, 200, 200]
    assert PrincipalThrottle.down_until > 0


def test_no_limit_is_a_setting_too(rest, settings):
    settings.API_REQUESTS_PER_MINUTE = 0

    assert rest.call("GET", "teams/").status_code == 200


def test_a_large_allowance_is_taken_in_parts(rest, settings, monkeypatch):
    """A process asks Redis once for ten requests; what it has paid for it may use, and no more."""
    settings.API_REQUESTS_PER_MINUTE = 60_000
    asked = []

    def ask(self, key, limit, count=1):
        asked.append(count)
        return 0.0 if len(asked) < 3 else 7.0

    monkeypatch.setattr(PrincipalThrottle, "ask", ask)
    monkeypatch.setattr(PrincipalThrottle, "in_hand", {})

    answers = [rest.call("GET", "teams/").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]
    assert asked == [10, 10, 10]


def test_a_part_counts_as_so_many_requests():
    key = f"api-rate:{uuid.uuid4()}"
    throttle = PrincipalThrottle()

    assert [throttle.ask(key, 60, 20) for _ in range(3)] == [0, 0, 0]
    assert 19 < throttle.ask(key, 60, 20) <= 20
