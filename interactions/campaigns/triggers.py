"""When a campaign asks. Triggers are registered, so that further ones join without a change to the engine.

A trigger answers pages of occasions: rows in the order of their key, from a cursor on. It may find an occasion again
and again; the invitation's ``period``, made of business facts, keeps it from being asked twice.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

from interactions.campaigns.clock import Clock
from interactions.models import Campaign

# An occasion is still taken so long after its day: a paused campaign or a stopped worker loses none, and a campaign
# that starts today does not dig out what happened years ago.
CATCH_UP = timedelta(days=7)


class Occasion(NamedTuple):
    """Something that makes a campaign ask at a client. ``row`` is the key by which pages go on.

    ``contacts`` are the people it is about: only they are asked (``is_strict``), or else somebody in their place.
    Without them it is about everybody whom the audience names at the client.
    """

    row: uuid.UUID
    client: uuid.UUID
    period: str
    contacts: tuple[uuid.UUID, ...] = ()
    is_strict: bool = True
    takes_one: bool = False


Page = Callable[[Campaign, Clock, uuid.UUID | None, int], list[Occasion]]


@dataclass(frozen=True)
class Trigger:
    """``fields`` are the columns that it needs ("days", "hours", "value"), ``values`` what the value may be."""

    name: str
    label: Any
    help_text: Any
    page: Page
    sentence: Callable[[Campaign], str]
    fields: frozenset[str] = frozenset()
    values: Iterable[tuple[str, Any]] = field(default_factory=tuple)


_triggers: dict[str, Trigger] = {}


def register_trigger(trigger: Trigger) -> None:
    """Teach campaigns an occasion. A name is registered once."""
    if trigger.name in _triggers:
        raise ImproperlyConfigured(f"The trigger {trigger.name!r} is registered twice.")
    _triggers[trigger.name] = trigger


def trigger_of(campaign: Campaign) -> Trigger:
    return _triggers[campaign.trigger]


def triggers() -> tuple[Trigger, ...]:
    """All of them, sending once first."""
    return tuple(_triggers.values())


def check(campaign: Campaign) -> None:
    """Raise ValidationError by field unless the trigger is known and has what it needs; clear what it does not."""
    trigger = _triggers.get(campaign.trigger)
    if trigger is None:
        raise ValidationError({"trigger": _("There is no such occasion.")})
    campaign.trigger_days = (campaign.trigger_days or 0) if "days" in trigger.fields else None
    campaign.trigger_hours = (campaign.trigger_hours or 0) if "hours" in trigger.fields else None
    if "value" not in trigger.fields:
        campaign.trigger_value = ""
    elif campaign.trigger_value not in dict(trigger.values):
        raise ValidationError({"trigger_value": _("Choose one of the kinds.")})


def first_day(campaign: Campaign, clock: Clock) -> Any:
    """The earliest day of an occasion that may still be taken."""
    started = clock.calendar.day_of(campaign.started_at or clock.now)
    return max(started, clock.today - CATCH_UP)


def first_moment(campaign: Campaign, clock: Clock) -> Any:
    return max(campaign.started_at or clock.now, clock.now - CATCH_UP)
