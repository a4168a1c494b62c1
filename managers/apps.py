from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer
from accounts.shell import NavItem, register_nav
from accounts.sight import register_sight


class ManagersConfig(AppConfig):
    name = "managers"
    verbose_name = _("Account managers")

    def ready(self) -> None:
        import_module("managers.rules")
        register_sight(import_module("managers.reporting").portfolio_ids)
        for importer in import_module("managers.importers").IMPORTERS:
            register_importer(importer.entity, importer)
        register_nav(NavItem("managers:manager-list", _("Account managers"), "contact-round", "manage", 1))
