import pytest
from django.db import connection

from accounts import health

pytestmark = pytest.mark.django_db


def test_healthz_asks_the_database_nothing(browser, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = browser.get("/healthz")

    assert response.json() == {"status": "ok"}


def test_readyz_names_every_part(browser):
    response = browser.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "role": "ok", "migrations": "ok", "redis": "ok"}
    assert "no-cache" in response["Cache-Control"]


def test_redis_may_be_away(browser, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert browser.get("/readyz").json()["redis"] == "unreachable"
    assert browser.get("/readyz").status_code == 200
    settings.REDIS_URL = ""
    assert browser.get("/readyz").json()["redis"] == "not configured"


def test_a_wrong_role_is_not_ready(browser, monkeypatch):
    monkeypatch.setattr(health, "role_problems", lambda: ["Role postgres is a superuser."])

    response = browser.get("/readyz")

    assert response.status_code == 503
    assert "postgres" not in response.content.decode()


def test_a_missing_column_is_not_ready(browser, monkeypatch):
    monkeypatch.setattr(health, "COLUMNS_SQL", "SELECT 'accounts_user', 'id'")

    response = browser.get("/readyz")

    assert response.status_code == 503
    assert "run migrate" in response.json()["migrations"]


def test_a_database_that_is_away_is_said_in_a_word(browser, monkeypatch):
    def away():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(health, "role_problems", away)

    response = browser.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"


@pytest.mark.parametrize("path", ["/admin/", "/settings/", "/clients/", "/x", "/accounts/nothing/"])
def test_anything_else_outside_is_not_found(browser, path):
    assert browser.get(path).status_code == 404
