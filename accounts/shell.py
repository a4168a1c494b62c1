"""What stands around every page: the navigation, which apps fill from above through ``register``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Membership

GROUPS = {"day": "", "work": _("Work"), "manage": _("Manage")}


@dataclass(frozen=True)
class NavItem:
    """One entry: ``url_name`` is also what the entry is current for; ``starts`` marks pages below it by path."""

    url_name: str
    label: Any
    icon: str
    group: str
    order: int
    permission: str = ""
    starts: str = ""


_items: dict[str, NavItem] = {}
_unread: list[Callable[["Membership"], int]] = []


def register_nav(*items: NavItem) -> None:
    """Add entries to the navigation. Called from ``apps.ready()``."""
    for item in items:
        _items[item.url_name] = item


def register_unread(count: Callable[["Membership"], int]) -> None:
    """Tell the bell how many notices a member has not read."""
    _unread.append(count)


def navigation(member: "Membership", path: str) -> list[dict[str, Any]]:
    """Groups of entries that ``member`` may open; the one whose path is the longest start of ``path`` is current."""
    allowed = [item for item in _items.values() if not item.permission or member.can(item.permission)]
    urls = {item.url_name: reverse(item.url_name) for item in allowed}
    roots = {item.url_name: item.starts and reverse("my-day") + item.starts or urls[item.url_name] for item in allowed}
    home = reverse("my-day")
    fitting = [name for name, root in roots.items() if path == root or (root != home and path.startswith(root))]
    current = max(fitting, key=lambda name: len(roots[name]), default="")
    groups = []
    for key, label in GROUPS.items():
        members = sorted((item for item in allowed if item.group == key), key=lambda item: item.order)
        items = [
            {"url": urls[i.url_name], "label": i.label, "icon": i.icon, "current": i.url_name == current}
            for i in members
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def unread_count(member: "Membership") -> int:
    return sum(count(member) for count in _unread)
