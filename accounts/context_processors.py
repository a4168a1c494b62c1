"""What base.html needs to draw the frame of a page."""

import ipaddress
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from accounts.dispatch.outbox import alarm
from accounts.shell import navigation, unread_count

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
        "has_domain": not is_bare_address(request.get_host()),
        "member": getattr(request, "member", None),
        "organization": getattr(request, "organization", None),
    }
    if context["member"] is not None:
        context |= {
            "nav": SimpleLazyObject(lambda: navigation(request.member, request.path)),
            # A plain number once asked for: Arabic plurals reckon with it, which a lazy object cannot.
            "unread_count": cache(lambda: unread_count(request.member)),
            "other_organizations": SimpleLazyObject(lambda: other_organizations(request)),
        }
        if context["member"].is_admin:
            context["mail_alarm"] = cache(alarm)
    return context | {"shell": context}


def is_bare_address(host: str) -> bool:
    """``127.0.0.1:8000`` and ``[::1]:8000``: browsers refuse passkeys there, so they are not offered."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def other_organizations(request: Any) -> list[dict[str, str]]:
    """The user's further organizations, by name, as ``{"name", "url"}``."""
    others = (each.organization for each in request.memberships if each != request.member)
    by_name = sorted(others, key=lambda organization: organization.name.lower())
    return [{"name": organization.name, "url": f"/o/{organization.slug}/"} for organization in by_name]
