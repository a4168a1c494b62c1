from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManagersConfig(AppConfig):
    name = "managers"
    verbose_name = _("Account managers")

    def ready(self) -> None:
        for module in ("rules",):
            import_module(f"managers.{module}")
