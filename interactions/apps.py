from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        for module in ("rules", "receivers", "mail"):
            import_module(f"interactions.{module}")
