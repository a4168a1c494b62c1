"""What the apps above teach the engine: how to write a kind of message, and which work recurs.

Apps register in ``ready()``. A name is registered exactly once; a second time is a mistake that stops the start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from accounts.dispatch.models import Message
from accounts.dispatch.outgoing import Outgoing

Renderer = Callable[[Message], Outgoing | None]
Hook = Callable[[Message], object]


class Subject(NamedTuple):
    """What a message is about: its name, and its page in the organization."""

    name: str
    url: str


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    ``render`` runs inside the message's organization and answers None when there is nothing left to send (answered,
    closed, withdrawn): the message is cancelled. It activates the recipient's language and zone itself.
    ``on_sent`` and ``on_dead`` run in the transaction that records the end; ``on_dead`` also hears ``suppressed``
    (``message.status`` tells which). A hook that raises is logged and undone, the record stands. ``on_retry`` runs when
    an admin sends a message again that had ended, so that what it was about waits again too.
    ``is_to_contacts``: to people outside, who may unsubscribe, and whose bounces decide whether we may go on.
    """

    name: str
    render: Renderer
    on_sent: Hook | None = None
    on_dead: Hook | None = None
    on_retry: Hook | None = None
    label: str | Promise = ""
    is_to_contacts: bool = False
    subject: Callable[[Message], Subject | None] | None = None


@dataclass(frozen=True)
class Generator:
    """Recurring work of every organization that turns facts into messages, e.g. due reminders. Must be idempotent."""

    name: str
    every_seconds: int
    function: Callable[[], object]


_kinds: dict[str, Kind] = {}
_generators: dict[str, Generator] = {}


def register(
    kind: str,
    renderer: Renderer,
    *,
    on_sent: Hook | None = None,
    on_dead: Hook | None = None,
    on_retry: Hook | None = None,
    label: str | Promise = "",
    is_to_contacts: bool = False,
    subject: Callable[[Message], Subject | None] | None = None,
) -> None:
    """Teach the engine a kind of message; ``label`` and ``subject`` are what people read in the outbox."""
    if kind in _kinds:
        raise ImproperlyConfigured(f"The message kind {kind!r} is registered twice.")
    _kinds[kind] = Kind(kind, renderer, on_sent, on_dead, on_retry, label, is_to_contacts, subject)


def register_generator(name: str, every_seconds: int, function: Callable[[], object]) -> None:
    """Have ``function`` called inside every organization, about every so many seconds, by any number of clocks."""
    if name in _generators:
        raise ImproperlyConfigured(f"The generator {name!r} is registered twice.")
    _generators[name] = Generator(name, every_seconds, function)


def kind_of(name: str) -> Kind:
    """The registered kind; raises ``LookupError`` for one that no installed app knows."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No app has registered the message kind {name!r}.") from None


def kinds() -> tuple[Kind, ...]:
    """All that can be in the outbox."""
    return tuple(_kinds.values())


def label_of(name: str) -> str:
    """What people call a kind; one that no app knows any more keeps its name."""
    kind = _kinds.get(name)
    return str(kind.label) if kind is not None and kind.label else name.replace("_", " ")


def generator_of(name: str) -> Generator:
    """The registered generator; raises ``LookupError`` for an unknown one."""
    try:
        return _generators[name]
    except KeyError:
        raise LookupError(f"No app has registered the generator {name!r}.") from None


def generators() -> tuple[Generator, ...]:
    """All recurring work, for the clock."""
    return tuple(_generators.values())
