from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.imports.registry import register_importer
from accounts.shell import NavItem, register_nav, register_unread


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        for module in ("rules", "receivers", "reminders.kinds", "outbox", "campaign_outbox"):
            import_module(f"interactions.{module}")
        register_unread(import_module("interactions.services").unread_count)
        register_settings_tab = import_module("accounts.views.base").register_settings_tab
        register_settings_tab("interactions:reminder-rules", _("Reminders"), "interactions.view_reminderrule")
        register_nav(
            NavItem("interactions:task-list", _("Tasks"), "list-checks", "work", 1, "interactions.view_task"),
            NavItem("interactions:concern-list", _("Concerns"), "circle-alert", "work", 2, "interactions.view_concern"),
            NavItem("interactions:survey-list", _("Surveys"), "smile", "work", 3, "interactions.view_survey"),
            NavItem("interactions:campaign-list", _("Campaigns"), "megaphone", "work", 4, "interactions.view_campaign"),
        )
        for importer in import_module("interactions.importers").IMPORTERS:
            register_importer(importer.entity, importer)
