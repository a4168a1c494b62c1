"""Absolute addresses for mail and other places outside a request."""

import uuid
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix

OUTSIDE = "config.urls"
INSIDE = "config.organization_urls"


#: Stands for a row's key where the address of any row is worked out once.
ANY_KEY = uuid.UUID(int=0)


def row_path(name: str, key: uuid.UUID) -> str:
    """``reverse(name, args=[key])`` for pages about one row: lists ask for hundreds."""
    before, after = _around_key(name, get_script_prefix(), get_urlconf())
    return f"{before}{key}{after}"


@lru_cache(maxsize=4096)
def _around_key(name: str, script_prefix: str, urlconf: Any) -> tuple[str, str]:
    before, _key, after = reverse(name, args=[ANY_KEY]).partition(str(ANY_KEY))
    return before, after


def _plain_reverse(name: str, urlconf: str, args: tuple[Any, ...]) -> str:
    """The path without any script prefix, whatever organization the running request is in."""
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, urlconf=urlconf, args=args)
    finally:
        set_script_prefix(prefix)


def outside_path(name: str, *args: Any) -> str:
    """Path of a page outside every organization, such as ``account_logout``."""
    return _plain_reverse(name, OUTSIDE, args)


def inside_path(name: str, *args: Any) -> str:
    """Path of a page of the organization, without the organization's own prefix: for rows that outlive an address."""
    return _plain_reverse(name, INSIDE, args)


def organization_path(slug: str, name: str, *args: Any) -> str:
    """Path of a page of one organization: ``/o/<slug>/…``."""
    return f"/o/{slug}{_plain_reverse(name, INSIDE, args)}"


def public_url(name: str, *args: Any) -> str:
    """Absolute address of a page outside every organization."""
    return settings.PUBLIC_URL.rstrip("/") + outside_path(name, *args)


def organization_url(slug: str, name: str, *args: Any) -> str:
    """Absolute address of a page of one organization."""
    return settings.PUBLIC_URL.rstrip("/") + organization_path(slug, name, *args)
