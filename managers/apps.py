from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManagersConfig(AppConfig):
    name = "managers"
    verbose_name = _("Account managers")

    def ready(self):
        from managers import rules  # noqa: F401
