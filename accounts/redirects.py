"""Where a person goes next: only ever to a path of this site, and after signing in to where they belong."""

import unicodedata

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.links import outside_path
from accounts.models import User
from accounts.queries import memberships_of


def is_own_path(url: str | None) -> bool:
    """Whether ``url`` is a plain path of this site. Every ``next`` passes through here."""
    if not url or not url.startswith("/") or "\\" in url:
        return False
    if any(unicodedata.category(letter)[0] == "C" for letter in url):
        return False
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def safe_path(url: str | None, default: str) -> str:
    return url if url and is_own_path(url) else default


def home_path(user: User) -> str:
    """My day in the only organization, the switcher for several, and without any the page that founds one."""
    memberships = memberships_of(user)
    if len(memberships) == 1:
        return f"/o/{memberships[0].organization.slug}/"
    return outside_path("organizations" if memberships else "found-organization")
