from collections.abc import Iterable

from django.db import transaction

from accounts.models import Membership
from accounts.services import changes
from accounts.text import fold
from clients.models import Client, ClientTag, Tag
from clients.services import writing


@transaction.atomic
def tag_client(*, actor: Membership | None, client: Client, name: str) -> Tag:
    """Give a client a tag; a tag nobody used before comes into being, however it is spelled it is one tag."""
    writing.refuse_archived(client)
    tag = _find_or_add(actor, name)
    _made, is_new = ClientTag.objects.get_or_create(client=client, tag=tag)
    if is_new:
        _record(actor, client, "tagged", after={"tag": tag.name})
    return tag


@transaction.atomic
def untag_client(*, actor: Membership | None, client: Client, tag: Tag) -> None:
    if ClientTag.objects.filter(client=client, tag=tag).delete()[0]:
        _record(actor, client, "untagged", before={"tag": tag.name})


@transaction.atomic
def set_tags(*, actor: Membership | None, client: Client, names: Iterable[str]) -> list[Tag]:
    """Make these the client's tags, and no others."""
    tags = [tag_client(actor=actor, client=client, name=name) for name in names if fold(name)]
    for stale in Tag.objects.filter(client_tags__client=client).exclude(pk__in=[tag.pk for tag in tags]):
        untag_client(actor=actor, client=client, tag=stale)
    return tags


def _find_or_add(actor: Membership | None, name: str) -> Tag:
    known = Tag.objects.filter(search_text=fold(name)).first()
    return known or changes.add(actor=actor, obj=Tag(name=name.strip()))


def _record(actor: Membership | None, client: Client, verb: str, **facts: dict[str, str]) -> None:
    changes.record(actor=actor, verb=verb, obj=client, on_behalf_of=writing.acts_for(actor, client), **facts)
