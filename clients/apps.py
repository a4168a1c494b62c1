from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer
from accounts.shell import NavItem, register_nav


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        for module in ("rules", "receivers", "clock"):
            import_module(f"clients.{module}")
        for importer in import_module("clients.importers").IMPORTERS:
            register_importer(importer.entity, importer)
        register_nav(
            NavItem("clients:client-list", _("Clients"), "building-2", "day", 1, "clients.view_client"),
            NavItem("clients:contact-list", _("Contacts"), "contact", "day", 2, "clients.view_contact"),
            NavItem("clients:opportunity-board", _("Opportunities"), "target", "work", 0, "clients.view_opportunity"),
            NavItem("clients:product-list", _("Products"), "package", "manage", 2, "clients.view_product"),
        )
