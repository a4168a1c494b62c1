from django.apps import AppConfig


class ChaosConfig(AppConfig):
    """Installed in the workers of the fault tests only, so that they know its kind of message."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self):
        from tests.chaos import kinds  # noqa: F401
