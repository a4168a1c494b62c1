from importlib import import_module

from django.apps import AppConfig


class ChaosConfig(AppConfig):
    """Installed in the workers of the fault tests only, so that they know its kind of message."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self):
        import_module("tests.chaos.kinds")
