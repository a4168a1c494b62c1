from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        for module in ("rules", "receivers", "outbox"):
            import_module(f"interactions.{module}")
        shell, services = import_module("accounts.shell"), import_module("interactions.services")
        shell.register_unread(services.unread_count)
        for importer in import_module("interactions.importers").IMPORTERS:
            register_importer(importer.entity, importer)
