"""The Celery app and the only clock. Imported by workers and beats alone: the web process never publishes."""

import os

import django
from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DB_ROLE", "worker")
django.setup()

from accounts.dispatch.choices import Lane  # noqa: E402
from accounts.dispatch.registry import generators  # noqa: E402

app = Celery("rafiq")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

UPKEEP = "upkeep"
#: A wake-up older than this is worthless: a newer one is already there.
EXPIRES = 30

_drains = {
    f"drain-{lane.queue}": {
        "task": "drain",
        "schedule": settings.DISPATCH_TICK_SECONDS,
        "args": [int(lane)],
        "options": {"queue": lane.queue, "expires": EXPIRES},
    }
    for lane in Lane
}
_generators = {
    f"generate-{generator.name}": {
        "task": "generate",
        "schedule": generator.every_seconds,
        "args": [generator.name],
        "options": {"queue": UPKEEP, "expires": max(EXPIRES, generator.every_seconds)},
    }
    for generator in generators()
}
app.conf.beat_schedule = {
    **_drains,
    **_generators,
    "reap": {
        "task": "reap",
        "schedule": settings.DISPATCH_REAP_SECONDS,
        "options": {"queue": UPKEEP, "expires": EXPIRES},
    },
}
