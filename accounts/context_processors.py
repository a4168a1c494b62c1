"""What base.html needs to draw the frame of a page."""

from typing import Any

from django.conf import settings
from django.db.models.functions import Lower
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from accounts.models import Membership
from accounts.shell import navigation, unread_count
from accounts.tenancy.context import acting_user

THEME_COOKIE = "rafiq_theme"


def shell(request: Any) -> dict[str, Any]:
    """Language, direction and theme for everybody; navigation, bell and organizations for members."""
    user = getattr(request, "user", None)
    theme = getattr(user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    context: dict[str, Any] = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in ("light", "dark") else "system",
        "environment": settings.RAFIQ_ENV,
        "member": getattr(request, "member", None),
        "organization": getattr(request, "organization", None),
    }
    if context["member"] is not None:
        context |= {
            "nav": SimpleLazyObject(lambda: navigation(request.member, request.path)),
            "unread_count": SimpleLazyObject(lambda: unread_count(request.member)),
            "other_organizations": SimpleLazyObject(lambda: other_organizations(request)),
        }
    return context | {"shell": context}


def other_organizations(request: Any) -> list[dict[str, str]]:
    """The user's further organizations, by name, as ``{"name", "url"}``."""
    with acting_user(request.user.pk):
        rows = (
            Membership.own.filter(user_id=request.user.pk, is_active=True)
            .exclude(organization_id=request.organization.pk)
            .order_by(Lower("organization__name"))
            .values_list("organization__name", "organization__slug")
        )
        return [{"name": name, "url": f"/o/{slug}/"} for name, slug in rows]
