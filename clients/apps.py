from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        for module in ("rules", "receivers"):
            import_module(f"clients.{module}")
        for importer in import_module("clients.importers").IMPORTERS:
            register_importer(importer.entity, importer)
