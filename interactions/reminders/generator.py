"""One turn of the clock: facts that are due become reminders, reminders of what is no longer true are withdrawn."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.calendar import WorkingCalendar, working_calendar
from accounts.models import OrganizationSettings
from interactions.models import Reminder, ReminderRule
from interactions.reminders.audience import Recipients
from interactions.reminders.delivery import Delivery, deliveries
from interactions.reminders.preferences import Choices, rules_in_force
from interactions.reminders.registry import Audience, Fact, ReminderKind, Window, kind_of
from interactions.reminders.truth import withdraw, withdraw_untrue

# Of each kind and lead time a turn takes so many; the next turn goes on.
LIMIT = 500
# What should have been told longer ago is not brought up: a new organization is not flooded on its first day.
BACK = 3
# Nobody answers a reminder that has waited for so long.
STALE = timedelta(days=90)


class Draft(NamedTuple):
    """A reminder to be written. ``is_overtaken``: a later reminder of the same fact is due as well."""

    kind: ReminderKind
    fact: Fact
    lead: int
    remind_on: date
    is_overtaken: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind.name}:{self.fact.subject_id}:{self.fact.about_on}:{self.lead}"

    @property
    def same_fact(self) -> tuple[str, uuid.UUID, date]:
        return self.kind.name, self.fact.subject_id, self.fact.about_on


@transaction.atomic
def generate_reminders(now: datetime | None = None) -> int:
    """Write what becomes due in the current organization, and withdraw what is no longer true.

    Any number of clocks may run at once: a reminder's key is made of business facts, and the second row with it is
    not written. Answers how many facts were found.
    """
    now = now or timezone.now()
    settings = OrganizationSettings.objects.get()
    calendar = working_calendar(settings)
    today = calendar.day_of(now)
    rules = rules_in_force(today)
    withdraw_untrue(now, calendar)
    _withdraw_stale(now)
    drafts = [draft for rule in rules.values() if rule.is_on for draft in _drafts(rule, now, today, calendar)]
    _write(_overtake(drafts, today), rules, settings, calendar, now)
    return len(drafts)


def _drafts(rule: ReminderRule, now: datetime, today: date, calendar: WorkingCalendar) -> Iterable[Draft]:
    kind = kind_of(rule.kind)
    since = rule.started_on if kind.is_lasting else today
    first_on = calendar.add_working_days(since, -BACK)
    last_on = today + timedelta(days=kind.ahead_days)
    for lead in rule.lead_days:
        window = Window(kind.name, lead, first_on, last_on, now, calendar, LIMIT)
        for fact in kind.facts(window):
            yield Draft(kind, fact, lead, fact.remind_on or kind.remind_on(calendar, fact.about_on, lead))


def _overtake(drafts: list[Draft], today: date) -> list[Draft]:
    """Of several that are due by now about one fact, only the latest is told."""
    latest: dict[tuple[str, uuid.UUID, date], date] = {}
    for draft in drafts:
        if draft.remind_on <= today:
            latest[draft.same_fact] = max(draft.remind_on, latest.get(draft.same_fact, draft.remind_on))
    return [draft._replace(is_overtaken=draft.remind_on < latest.get(draft.same_fact, date.min)) for draft in drafts]


def _write(
    drafts: list[Draft],
    rules: dict[str, ReminderRule],
    settings: OrganizationSettings,
    calendar: WorkingCalendar,
    now: datetime,
) -> None:
    if not drafts:
        return
    told = _recipients(drafts, calendar.day_of(now))
    times = deliveries(told.values(), settings, calendar)
    choices = Choices(told.values())
    rows = [
        _row(draft, told[draft.key], times[told[draft.key]], rules[draft.kind.name], choices, now)
        for draft in drafts
        if draft.key in told
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _row(
    draft: Draft, member_id: uuid.UUID, delivery: Delivery, rule: ReminderRule, choices: Choices, now: datetime
) -> Reminder:
    """What nobody wants is written as cancelled, so that it is not looked for again at every turn."""
    fact, channel = draft.fact, choices.channel(member_id, rule)
    is_wanted = channel is not None and not draft.is_overtaken
    return Reminder(
        kind=draft.kind.name,
        key=draft.key,
        member_id=member_id,
        client_id=fact.client_id,
        task_id=fact.task_id,
        subject_label=draft.kind.subject,
        subject_id=fact.subject_id,
        title=fact.title[:300],
        url_path=fact.url_path[:300],
        about_on=fact.about_on,
        remind_on=draft.remind_on,
        lead_days=draft.lead,
        is_urgent=rule.is_urgent and draft.lead == min(rule.lead_days),
        channel=channel or rule.channel,
        due_at=moment_of(draft.remind_on, delivery, now),
        archived_at=None if is_wanted else now,
    )


def moment_of(remind_on: date, delivery: Delivery, now: datetime) -> datetime:
    """When a reminder is told: at the member's hour on its day; now, when that has passed."""
    return max(delivery.digest_after(delivery.start_of(remind_on)), now)


def _recipients(drafts: list[Draft], today: date) -> dict[str, uuid.UUID]:
    found = Recipients(today, {draft.fact.client_id for draft in drafts if draft.fact.client_id})
    told = {}
    for key, audience in _audiences(drafts):
        member_id = found.find(audience)
        if member_id is not None:
            told[key] = member_id
    return told


def _audiences(drafts: list[Draft]) -> Iterable[tuple[str, Audience]]:
    of_kind: dict[str, list[Draft]] = {}
    for draft in drafts:
        of_kind.setdefault(draft.kind.name, []).append(draft)
    for mine in of_kind.values():
        kind = mine[0].kind
        named = kind.audience([draft.fact.subject_id for draft in mine]) if kind.audience else {}
        for draft in mine:
            yield draft.key, named.get(draft.fact.subject_id) or Audience(client_id=draft.fact.client_id)


def _withdraw_stale(now: datetime) -> None:
    old = Reminder.objects.told().filter(due_at__lt=now - STALE).exclude(key="")
    withdraw(list(old.select_for_update(of=("self",), skip_locked=True).order_by("due_at")[:LIMIT]), now)
