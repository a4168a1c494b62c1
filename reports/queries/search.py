"""Search and jump: pages, clients, contacts and opportunities, folded so that ة finds ه and أ finds ا."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.shell import navigation
from accounts.text import fold
from clients.models import Client, Contact, Opportunity

PER_GROUP = 6


@dataclass(frozen=True)
class Group:
    """One heading of the palette with its hits: ``[{"url", "label", "note", "icon"}]``."""

    label: str
    items: list[dict[str, Any]]


def find(member: Membership, text: str, *, limit: int = PER_GROUP) -> list[Group]:
    """Groups with hits, every word of ``text`` found in any order; three statements. Empty text lists the pages."""
    words = fold(text).split()
    groups = [Group(_("Go to"), _pages(member, words))]
    if words:
        groups += [
            Group(_("Clients"), _clients(member, words, limit)),
            Group(_("Contacts"), _contacts(member, words, limit)),
            Group(_("Opportunities"), _opportunities(member, words, limit)),
        ]
    return [group for group in groups if group.items]


def _all_words(words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(search_text__contains=word)
    return condition


def _pages(member: Membership, words: list[str]) -> list[dict[str, Any]]:
    items = [item for group in navigation(member, "") for item in group["items"]]
    if member.can("clients.add_client"):
        items.append({"url": reverse("clients:client-add"), "label": _("New client"), "icon": "plus"})
    items.append({"url": reverse("interactions:interaction-log"), "label": _("Log an interaction"), "icon": "pencil"})
    return [
        {"url": item["url"], "label": str(item["label"]), "note": "", "icon": item["icon"]}
        for item in items
        if all(word in fold(str(item["label"])) for word in words)
    ]


def _clients(member: Membership, words: list[str], limit: int) -> list[dict[str, Any]]:
    rows = (
        Client.objects.visible_to(member)
        .filter(_all_words(words), archived_at=None)
        .only("id", "name", "name_other", "tier")
        .order_by("search_text", "id")[:limit]
    )
    return [
        {"url": row.get_absolute_url(), "label": row.name, "note": row.name_other, "icon": "building-2"} for row in rows
    ]


def _contacts(member: Membership, words: list[str], limit: int) -> list[dict[str, Any]]:
    rows = (
        Contact.objects.visible_to(member)
        .filter(_all_words(words), archived_at=None, client__archived_at=None)
        .select_related("client")
        .order_by("search_text", "id")[:limit]
    )
    return [
        {"url": row.get_absolute_url(), "label": row.name, "note": row.client.name, "icon": "user-round"}
        for row in rows
    ]


def _opportunities(member: Membership, words: list[str], limit: int) -> list[dict[str, Any]]:
    condition = Q()
    for word in words:
        condition &= Q(name__icontains=word) | Q(client__search_text__contains=word)
    rows = (
        Opportunity.objects.visible_to(member)
        .filter(condition, archived_at=None, client__archived_at=None)
        .select_related("client")
        .order_by("-created_at", "-id")[:limit]
    )
    return [
        {"url": row.get_absolute_url(), "label": row.name, "note": row.client.name, "icon": "target"} for row in rows
    ]
