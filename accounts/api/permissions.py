"""May this member do this, and does their token reach that far?

Alone in its file: the REST framework imports it while it is itself being imported.
"""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.choices import Scope

VERBS = {
    "list": "view",
    "retrieve": "view",
    "metadata": "view",
    "named": "view",
    "upsert": "view",
    "create": "add",
    "partial_update": "change",
    "destroy": "archive",
}

# Who may write may also read; the administration of an organization is a right of its own.
GRANTS = {
    Scope.READ: {Scope.READ, Scope.WRITE},
    Scope.WRITE: {Scope.WRITE},
    Scope.ADMIN: {Scope.ADMIN},
}


class MemberPermission(BasePermission):
    """Asks the rule named after the action: ``win`` asks "clients.win_opportunity".

    A view may name another rule for an action in ``permissions``. Without an object only lists and additions are
    asked about; everything else waits for the object, so that an invisible one is 404 before it can be 403.
    """

    def has_permission(self, request, view):
        if view.member is None:
            return False
        self.check_scope(request, view)
        if view.action is None or view.detail:
            return True
        return self.allowed(view, None)

    def has_object_permission(self, request, view, obj):
        return view.action is None or self.allowed(view, obj)

    def allowed(self, view, obj):
        if not view.member.can(self.rule(view), obj):
            raise PermissionDenied(refusal(view.member))
        return True

    def rule(self, view):
        declared = view.permissions.get(view.action)
        if declared is not None:
            return declared
        model = view.queryset.model._meta
        return f"{model.app_label}.{VERBS.get(view.action, view.action)}_{model.model_name}"

    def check_scope(self, request, view):
        if request.auth is None:
            return
        needed = view.read_scope if request.method in SAFE_METHODS else view.write_scope
        if not GRANTS[needed].intersection(request.auth.scopes):
            raise PermissionDenied(
                _("This token lacks the scope “%(scope)s”. Make one that has it, under Settings → Tokens.")
                % {"scope": needed.value}
            )


def refusal(member):
    """Why a visible row may not be touched, and whom to ask."""
    return _("The role “%(role)s” may not do this. Ask a team lead or an admin of the organization.") % {
        "role": member.get_role_display()
    }
