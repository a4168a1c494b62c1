"""What the settings pages share: tabs of what one may open, and a refusal that says whom to ask."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.wording import join_list

#: url name, label, permission
TABS = (
    ("accounts:organization", gettext_lazy("Organization"), "accounts.view_settings"),
    ("accounts:holiday-list", gettext_lazy("Holidays"), "accounts.view_settings"),
    ("accounts:member-list", gettext_lazy("Members"), "accounts.view_membership"),
    ("accounts:invitation-list", gettext_lazy("Invitations"), "accounts.view_invitation"),
    ("accounts:token-list", gettext_lazy("API tokens"), "accounts.view_apitoken"),
    ("accounts:audit-list", gettext_lazy("Audit log"), "accounts.view_auditentry"),
    ("accounts:message-list", gettext_lazy("Outbox"), "accounts.view_message"),
    ("accounts:suppression-list", gettext_lazy("Suppressed addresses"), "accounts.view_suppression"),
)

_further_tabs = []


def register_settings_tab(url_name, label, permission):
    """A tab of an app above. Called from ``apps.ready()``."""
    _further_tabs.append((url_name, label, permission))


class Refusing:
    """Mixin: who lacks a right is told who has it."""

    def check_permission(self, obj=None):
        try:
            super().check_permission(obj)
        except PermissionDenied:
            raise PermissionDenied(self.refusal()) from None

    def refusal(self):
        if self.member is None:
            return ""
        admins = [str(admin) for admin in Membership.objects.admins().for_list()[:5]]
        return _("Your role, %(role)s, does not include this. An admin of %(organization)s may do it: %(names)s.") % {
            "role": self.member.get_role_display(),
            "organization": self.request.organization,
            "names": join_list(admins),
        }


class SettingsPage(Refusing):
    """Mixin: one tab of the settings. ``tab`` is its url name."""

    tab = ""

    def get_context_data(self, **kwargs):
        tabs = [
            {"url": reverse(name), "label": label, "current": name == self.tab}
            for name, label, permission in (*TABS, *_further_tabs)
            if self.member.can(permission)
        ]
        return super().get_context_data(tabs=tabs, **kwargs)
