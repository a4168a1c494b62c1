"""What the environment decides, and the sentences when it decides wrongly."""

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import formats, translation

from config import environment
from config.cache import ForgivingRedisCache

PROJECT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "RAFIQ_ENV": "production",
    "SECRET_KEY": "k" * 60,
    "PUBLIC_URL": "https://rafiq.example",
    "ALLOWED_HOSTS": "rafiq.example",
    "DEFAULT_FROM_EMAIL": "rafiq@rafiq.example",
    "DATABASE_URL": "postgres://rafiq_web@localhost/rafiq",
    "REDIS_URL": "redis://localhost",
    "EMAIL_URL": "smtp://localhost:25",
}


def _python(code, **environ):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"RAFIQ_ENV"}))
def test_production_without_a_setting_names_it(missing):
    environ = {name: value for name, value in PRODUCTION.items() if name != missing}
    done = _python("import config.settings.production", **environ)
    assert done.returncode
    assert missing in done.stderr.splitlines()[-1]


def test_production_sends_cookies_over_https_only():
    code = (
        "from config.settings import production as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.EMAIL_TIMEOUT)"
    )
    assert _python(code, **PRODUCTION).stdout.split() == ["False", "True", "True", "True", "10"]


def test_an_unknown_place_is_told_in_one_sentence():
    done = _python("import config.settings", RAFIQ_ENV="staging")
    assert done.stderr.strip() == ("RAFIQ_ENV is 'staging'; it must be one of local, development, test, production.")


def test_migrations_run_as_the_owner_and_everything_else_as_the_web(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DB_ROLE", raising=False)
    environment.prepare("shell")
    assert "DB_ROLE" not in os.environ
    monkeypatch.setenv("DB_ROLE", "")
    monkeypatch.delenv("DB_ROLE")
    environment.prepare("migrate")
    assert os.environ.pop("DB_ROLE") == "owner"
    assert settings.DATABASES["default"]["USER"] == "rafiq_web"
    assert settings.DATABASE_ROLES["owner"]["USER"] == "rafiq_owner"


def test_dotenv_fills_only_what_the_environment_left_open(monkeypatch, tmp_path):
    file = tmp_path / ".env"
    file.write_text('# words\nEMAIL_URL="smtp://mail:25"\nexport PORT=8123\nSIGNUP_OPEN=\nRAFIQ_ENV=production\n')
    for name in ("EMAIL_URL", "PORT", "SIGNUP_OPEN"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("RAFIQ_ENV", "local")

    environment.read_dotenv(file)

    assert (os.environ["EMAIL_URL"], os.environ["PORT"]) == ("smtp://mail:25", "8123")
    assert "SIGNUP_OPEN" not in os.environ
    assert os.environ["RAFIQ_ENV"] == "local"


def _variables_read():
    """Every name that the settings and the servers' configuration ask the environment for."""
    asked = re.compile(r"""(?:env\.\w+|environ\.get|environ\.setdefault)\(["']([A-Z][A-Z0-9_]+)["']""")
    files = [*PROJECT.glob("config/settings/*.py"), PROJECT / "config/gunicorn.py", PROJECT / "config/supervisor.py"]
    found = {name for file in files for name in asked.findall(file.read_text())}
    set_by_what_starts_it = {"DB_ROLE", "RAFIQ_PROCESS"}
    return sorted((found | {"DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_OPS_URL"}) - set_by_what_starts_it)


@pytest.mark.parametrize("name", _variables_read())
def test_the_example_names_every_variable_that_the_product_reads(name):
    assert f"#{name}=" in PROJECT.joinpath(".env.example").read_text()


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [("en", "23 November 2026", "1,234,567.50"), ("ar", "23 نوفمبر 2026", "1,234,567.50")],
)
def test_dates_and_numbers_are_written_as_business_writes_them(language, day, number):
    with translation.override(language):
        assert formats.date_format(datetime.date(2026, 11, 23)) == day
        assert formats.number_format("1234567.50", decimal_pos=2, use_l10n=True, force_grouping=True) == number


def test_the_cache_works_over_the_redis_socket():
    cache = caches["default"]
    cache.set("word", "rafiq", 10)
    assert cache.get("word") == "rafiq"
    cache.delete("word")


def test_without_redis_the_cache_forgets_and_nothing_fails(caplog):
    cache = ForgivingRedisCache("unix:///nowhere/redis.sock", {})
    cache.set("word", "rafiq")
    assert cache.get("word", "nothing") == "nothing"
    assert cache.add("word", 1) is True
    assert cache.incr("count") == 1
    assert cache.get_many(["word"]) == {}
    assert cache.has_key("word") is False
    assert cache.get_or_set("word", "made") == "made"
    assert "The cache is away" in caplog.text
