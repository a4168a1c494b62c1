"""What decides which rows a member sees, as a key: where it is equal, ``visible_to`` gives the same rows."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Membership

_parts: list[Callable[["Membership"], Hashable]] = []


def register_sight(part: Callable[["Membership"], Hashable]) -> None:
    """Apps above add what their ``visible_to`` asks of a member beyond person and role. From ``apps.ready()``."""
    _parts.append(part)


def sight_of(member: "Membership") -> Hashable:
    return (member.pk, member.role, *(part(member) for part in _parts))
