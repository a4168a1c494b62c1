from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer


class ManagersConfig(AppConfig):
    name = "managers"
    verbose_name = _("Account managers")

    def ready(self) -> None:
        for module in ("rules",):
            import_module(f"managers.{module}")
        for importer in import_module("managers.importers").IMPORTERS:
            register_importer(importer.entity, importer)
        shell = import_module("accounts.shell")
        item = shell.NavItem("managers:manager-list", _("Account managers"), "contact-round", "manage", 1)
        shell.register_nav(item)
