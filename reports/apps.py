from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.shell import NavItem, register_nav


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        import_module("reports.rules")
        register_nav(
            NavItem("my-day", _("My day"), "sun", "day", 0, "reports.view_day"),
            NavItem("reports:retention", _("Retention"), "heart-handshake", "manage", 0, "reports.view_retention"),
            NavItem("reports:satisfaction", _("Satisfaction"), "gauge", "manage", 0, "reports.view_satisfaction"),
            NavItem("team-portfolio", _("Team portfolio"), "users-round", "manage", 0, "reports.view_portfolio"),
        )
