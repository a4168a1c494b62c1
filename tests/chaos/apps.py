from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class ChaosConfig(AppConfig):
    """Installed in the processes of the fault tests only, so that they know its kind of message."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self):
        import_module("tests.chaos.kinds")
        schedule = import_module("accounts.dispatch.schedule")
        for name in ("TEMPORARY_SECONDS", "LOST_SESSION_SECONDS"):
            setattr(schedule, name, tuple(wait / settings.CHAOS_HURRY for wait in getattr(schedule, name)))
