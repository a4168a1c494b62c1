"""The kinds of reminders. An app teaches a kind in ``ready()``; the rounds know nothing of what it is about."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise

from accounts.calendar import WorkingCalendar
from interactions.choices import ReminderChannel
from interactions.models import Reminder

DAY = timedelta(days=1)


class Fact(NamedTuple):
    """Something to be reminded of: which row, on which day, and where one works on it.

    ``remind_on`` is given only by a kind that does not count from ``about_on``.
    """

    subject_id: uuid.UUID
    about_on: date
    title: str
    url_path: str
    client_id: uuid.UUID | None = None
    task_id: uuid.UUID | None = None
    remind_on: date | None = None


class Audience(NamedTuple):
    """Who is told, the first that there is: a member, a manager, the client's main manager, a lead, an admin."""

    member_id: uuid.UUID | None = None
    manager_id: uuid.UUID | None = None
    client_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Window:
    """The facts of one kind and lead time whose day of telling lies between two days. ``limit`` bounds a turn."""

    kind: str
    lead: int
    first_on: date
    last_on: date
    now: datetime
    calendar: WorkingCalendar
    limit: int

    def told(self, subject: str, **about: Any) -> Exists:
        """Condition: there is a reminder of the fact already. ``about`` narrows it, e.g. ``about_on=OuterRef(…)``."""
        rows = Reminder.objects.filter(kind=self.kind, lead_days=self.lead, subject_id=OuterRef(subject), **about)
        return Exists(rows)


@dataclass(frozen=True)
class Moment:
    """When a truth is asked for."""

    now: datetime
    calendar: WorkingCalendar


@dataclass(frozen=True)
class ReminderKind:
    """One kind. ``leads`` are its usual lead times in working days: before the day, or after it when ``is_after``.

    ``facts`` answers the untold facts of a window in a fixed number of statements; ``still_true`` is a condition on
    reminders (``OuterRef("subject_id")``, ``OuterRef("about_on")``) that holds as long as the fact; ``words`` says it
    in the active language. ``audience`` tells for subjects whom they concern; without it, the client's main manager.
    ``is_urgent``: the last one is a mail of its own. ``is_lasting``: a state, told however long it has lasted, once the
    kind is watched. ``ahead_days``: how early rows may be written.
    """

    name: str
    label: str | Promise
    hint: str | Promise
    icon: str
    subject: str
    leads: tuple[int, ...]
    facts: Callable[[Window], Iterable[Fact]]
    still_true: Callable[[Moment], Q | Exists]
    words: Callable[[Reminder], str]
    audience: Callable[[Sequence[uuid.UUID]], Mapping[uuid.UUID, Audience]] | None = None
    is_after: bool = False
    is_lasting: bool = False
    is_urgent: bool = False
    ahead_days: int = 7
    channel: str = ReminderChannel.BOTH

    def remind_on(self, calendar: WorkingCalendar, about_on: date, lead: int) -> date:
        """The working day on which it is told."""
        if self.is_after:
            return calendar.add_working_days(about_on, lead)
        # Counted from the last working day up to the fact's own, so that no two lead times fall on one day.
        return calendar.add_working_days(about_on + DAY, -(lead + 1))

    def days_about(self, calendar: WorkingCalendar, first_on: date, last_on: date, lead: int) -> tuple[date, date]:
        """First and last day of the facts that are told from ``first_on`` to ``last_on``: ``remind_on`` backwards."""
        add = calendar.add_working_days
        if not self.is_after:
            return add(first_on - DAY, lead + 1), add(last_on, lead + 1) - DAY
        if lead == 0:
            return add(first_on, -1) + DAY, add(last_on + DAY, -1)
        return add(first_on, -lead), add(last_on + DAY, -lead) - DAY


_kinds: dict[str, ReminderKind] = {}


def register_kind(kind: ReminderKind) -> None:
    """Teach a kind. A name is registered once; a second time is a mistake that stops the start."""
    if kind.name in _kinds:
        raise ImproperlyConfigured(f"The reminder kind {kind.name!r} is registered twice.")
    _kinds[kind.name] = kind


def kinds() -> tuple[ReminderKind, ...]:
    """All of them, in the order in which they were taught."""
    return tuple(_kinds.values())


def find_kind(name: str) -> ReminderKind | None:
    """The kind, or None: of reminders set by hand, and of a kind that is no longer installed."""
    return _kinds.get(name)


def kind_of(name: str) -> ReminderKind:
    """The kind; raises ``LookupError`` for a name that nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No app has registered the reminder kind {name!r}.") from None
