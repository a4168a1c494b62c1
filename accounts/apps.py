from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import clock, receivers, rules  # noqa: F401
        from accounts.dispatch import sql  # noqa: F401
        from accounts.shell import NavItem, register_nav
        from accounts.tenancy import checks  # noqa: F401

        register_nav(
            NavItem("accounts:member-list", _("Members"), "users", "manage", 80, "accounts.view_membership"),
            NavItem("accounts:audit-list", _("Audit log"), "scroll-text", "manage", 85, "accounts.view_auditentry"),
            NavItem("accounts:organization", _("Settings"), "settings", "manage", 90, "accounts.view_settings"),
        )
        pre_migrate.connect(look_at_the_server, dispatch_uid="accounts.look_at_the_server")
        post_migrate.connect(protect_tables, dispatch_uid="accounts.protect_tables")


def look_at_the_server(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Before the first app migrates: nothing is half done on a server that cannot take us."""
    from accounts.tenancy.server import require_server

    first = [config for config in apps.get_app_configs() if config.models_module is not None][0]
    if sender is first:
        require_server(using)


def protect_tables(sender: AppConfig, using: str, **kwargs: object) -> None:
    """After the last app has migrated, have the database protect what the models declare."""
    from accounts.tenancy.ddl import reconcile

    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last:
        reconcile(using)
