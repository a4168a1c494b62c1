"""Telling what is due: lines behind the bell, urgent mails one by one, everything else in one digest a day."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.calendar import working_calendar
from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from accounts.dispatch.models import Message
from accounts.models import Membership, OrganizationSettings
from interactions.choices import NotificationKind, ReminderChannel
from interactions.models import Notification, Reminder
from interactions.reminders.audience import Recipients
from interactions.reminders.delivery import Delivery, deliveries
from interactions.reminders.preferences import Choices, rules_in_force
from interactions.reminders.registry import Audience, find_kind
from interactions.reminders.truth import untrue, withdraw
from interactions.reminders.words import words_of
from interactions.services.notifications import reminder_path
from interactions.services.reminders import REMINDER_MAIL
from interactions.signals import task_due

DIGEST_MAIL = "reminder_digest"

# One turn of the clock takes so many of one organization, so that a crowd of reminders never holds a long transaction.
BATCH = 500
MAIL_BATCH = 2000
DAY = timedelta(days=1)


@transaction.atomic
def fire_due_reminders(now: datetime | None = None) -> int:
    """Tell what is due in the current organization: a line behind the bell, a mail of its own, or one in the digest.

    Two clocks may run at once: the rows are locked, and what they write carries keys made of the reminder and its
    time, so nothing is told twice. The number of statements does not depend on the number of reminders.
    """
    now = now or timezone.now()
    rows = list(
        Reminder.objects.due(now)
        .select_related("task__client", "client", "member__user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_at", "pk")[:BATCH]
    )
    told = _tell(rows, now) if rows else 0
    _queue_mails(now)
    return told


def record_reminder_mailed(*, reminder_id: str, sent_at: datetime) -> None:
    Reminder.objects.filter(pk=reminder_id, sent_at__isnull=True).update(sent_at=sent_at)


def record_digest_mailed(*, member_id: uuid.UUID, day: date, sent_at: datetime) -> None:
    Reminder.objects.filter(member=member_id, digest_on=day, sent_at__isnull=True).update(sent_at=sent_at)


def _tell(rows: list[Reminder], now: datetime) -> int:
    settings = OrganizationSettings.objects.get()
    by_hand = [row for row in rows if row.is_by_hand]
    by_itself = [row for row in rows if not row.is_by_hand]
    gone = {row.pk for row in by_hand if not row.member.is_active}
    times: dict[uuid.UUID, Delivery] = {}
    if by_itself:
        calendar = working_calendar(settings)
        gone |= untrue(by_itself, now, calendar)
        gone |= _hand_to_who_it_concerns([row for row in by_itself if row.pk not in gone], calendar.day_of(now))
        gone |= _unwanted([row for row in by_itself if row.pk not in gone], calendar.day_of(now))
        _overtake([row for row in by_itself if row.pk not in gone], now)
        times = deliveries({row.member_id for row in by_itself}, settings, calendar)
    withdraw([row for row in rows if row.pk in gone], now)
    told = [row for row in rows if row.pk not in gone]
    for row in told:
        row.queued_at = now
        # What also goes behind the bell has been told by now; mail alone has when the server takes it.
        row.sent_at = None if row.channel == ReminderChannel.EMAIL else now
        row.mail_at = _mail_moment(row, times.get(row.member_id), now)
    Reminder.objects.bulk_update(told, ["member", "queued_at", "sent_at", "mail_at"])
    _put_behind_the_bell([row for row in told if row.wants_bell], settings)
    for row in told:
        if row.task is not None:
            task_due.send(Reminder, reminder=row)
    _queue_single([row for row in told if row.is_by_hand and row.wants_email])
    return len(told)


def _mail_moment(reminder: Reminder, delivery: Delivery | None, now: datetime) -> datetime | None:
    """When its mail is due. Who set a reminder for a minute gets it at that minute, from ``_tell`` itself."""
    if delivery is None or reminder.is_by_hand or not reminder.wants_email:
        return None
    if reminder.is_urgent:
        return delivery.urgent_at(now)
    return delivery.digest_after(min(now, reminder.due_at)) if delivery.is_digest_on else None


def _hand_to_who_it_concerns(rows: list[Reminder], today: date) -> set[uuid.UUID]:
    """The client may have another manager by now, or a substitute. Answers the rows that nobody is left for."""
    audiences: dict[uuid.UUID, Audience] = {}
    for name in {row.kind for row in rows}:
        kind, mine = find_kind(name), [row for row in rows if row.kind == name]
        named = kind.audience([row.subject_id for row in mine if row.subject_id]) if kind and kind.audience else {}
        for row in mine:
            found_out = named.get(row.subject_id) if row.subject_id else None
            audiences[row.pk] = found_out or Audience(client_id=row.client_id)
    found = Recipients(today, {row.client_id for row in rows if row.client_id})
    # Who put one off wants to hear of it again.
    wanted = {
        row.pk: row.member_id if row.snoozed_until and row.member.is_active else found.find(audiences[row.pk])
        for row in rows
    }
    moved = [row for row in rows if wanted[row.pk] not in (None, row.member_id)]
    gone = {row.pk for row in rows if wanted[row.pk] is None}
    if not moved:
        return gone
    members = Membership.objects.select_related("user").in_bulk({wanted[row.pk] for row in moved})
    taken = set(
        Reminder.objects.filter(member__in=members, key__in=[row.key for row in moved]).values_list("member_id", "key")
    )
    for row in moved:
        if (wanted[row.pk], row.key) in taken:
            gone.add(row.pk)
        else:
            row.member = members[wanted[row.pk]]
    return gone


def _unwanted(rows: list[Reminder], today: date) -> set[uuid.UUID]:
    """Switched off by the organization or the member since they were written; not what somebody put off."""
    fresh = [row for row in rows if row.snoozed_until is None]
    if not fresh:
        return set()
    rules, choices = rules_in_force(today), Choices({row.member_id for row in fresh})
    return {row.pk for row in fresh if choices.channel(row.member_id, rules[row.kind]) is None}


def _overtake(rows: list[Reminder], now: datetime) -> None:
    """An earlier reminder of the same fact that still waits for an answer makes place for this one."""
    facts = {(row.member_id, row.kind, row.subject_id, row.about_on) for row in rows}
    if not facts:
        return
    earlier = (
        Reminder.objects.told()
        .filter(subject_id__in={row.subject_id for row in rows}, kind__in={row.kind for row in rows})
        .select_for_update(of=("self",), skip_locked=True)
    )
    withdraw([row for row in earlier if (row.member_id, row.kind, row.subject_id, row.about_on) in facts], now)


def _put_behind_the_bell(rows: list[Reminder], settings: OrganizationSettings) -> None:
    lines = []
    for row in rows:
        language = row.member.user.language or settings.language or django_settings.LANGUAGE_CODE
        with translation.override(language):
            lines.append(
                Notification(
                    member_id=row.member_id,
                    kind=NotificationKind.REMINDER,
                    title=words_of(row)[:300],
                    url_path=reminder_path(row),
                    object_id=row.task_id or row.subject_id,
                    key=row.send_key,
                )
            )
    if lines:
        Notification.objects.bulk_create(lines, ignore_conflicts=True, batch_size=BATCH)


def _queue_mails(now: datetime) -> None:
    """What has reached its time: urgent ones singly, the rest of a member together."""
    rows = list(
        Reminder.objects.told()
        .filter(mail_at__lte=now)
        .select_related("member__user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("member_id", "pk")[:MAIL_BATCH]
    )
    if not rows:
        return
    if len(rows) == MAIL_BATCH:
        rows = [row for row in rows if row.member_id != rows[-1].member_id] or rows
    settings = OrganizationSettings.objects.get()
    calendar = working_calendar(settings)
    times = deliveries({row.member_id for row in rows}, settings, calendar)
    for row in rows:
        if not row.member.is_active:
            row.mail_at = None
    rows_left = [row for row in rows if row.mail_at is not None]
    singles = _urgent_now([row for row in rows_left if row.is_urgent], times, now)
    _queue_digests([row for row in rows_left if not row.is_urgent], times, now)
    _queue_single(singles)
    Reminder.objects.bulk_update(rows, ["mail_at", "digest_on"])


def _urgent_now(rows: list[Reminder], times: dict[uuid.UUID, Delivery], now: datetime) -> list[Reminder]:
    ready = []
    for row in rows:
        at = times[row.member_id].urgent_at(now)
        row.mail_at = at if at > now else None
        if row.mail_at is None:
            ready.append(row)
    return ready


def _queue_digests(rows: list[Reminder], times: dict[uuid.UUID, Delivery], now: datetime) -> None:
    """One mail for a member and day; what comes later on that day waits for the next one."""
    if not rows:
        return
    of_member: dict[uuid.UUID, list[Reminder]] = {}
    for row in rows:
        of_member.setdefault(row.member_id, []).append(row)
    # A turn that could not take everything goes on in the next one; the digest waits for it.
    unfinished = set(Reminder.objects.due(now).filter(member__in=of_member).values_list("member_id", flat=True))
    had = _digests_had(of_member, times, now)
    drafts = []
    for member_id, mine in of_member.items():
        if member_id in unfinished:
            continue
        delivery, user = times[member_id], mine[0].member.user
        at, today = digest_moment(delivery, now, had_today=member_id in had), delivery.local_day(now)
        for row in mine:
            row.mail_at = at if at is not None and at > now else None
            row.digest_on = today if at is not None and at <= now else row.digest_on
        if at is not None and at <= now:
            payload = {"member": str(member_id), "on": today.isoformat()}
            drafts.append(queue.Draft(delivery.digest_key(member_id, now), user.email, payload))
    queue.enqueue_many(kind=DIGEST_MAIL, lane=Lane.BULK, drafts=drafts)


def digest_moment(delivery: Delivery, now: datetime, *, had_today: bool) -> datetime | None:
    """When the member's digest is due: today's, when they have not had it, else the next; None when they want none."""
    if not delivery.is_digest_on:
        return None
    today = delivery.local_day(now)
    if had_today:
        return delivery.digest_after(delivery.start_of(today + DAY))
    due = delivery.digest_after(delivery.start_of(today))
    return max(due, delivery.quiet.next_allowed(now))


def _digests_had(member_ids: Collection[uuid.UUID], times: dict[uuid.UUID, Delivery], now: datetime) -> set[uuid.UUID]:
    """Who has had one on their local day, at whatever hour."""
    days = {pk: times[pk].local_day(now) for pk in member_ids}
    rows = Reminder.objects.filter(member__in=days, digest_on__in=set(days.values()))
    had = {pk for pk, day in rows.values_list("member_id", "digest_on").distinct() if days[pk] == day}
    keys = {times[pk].digest_key(pk, now): pk for pk in days}
    sent = Message.objects.filter(send_key__in=keys).values_list("send_key", flat=True)
    return had | {keys[key] for key in sent}


def _queue_single(rows: Iterable[Reminder]) -> None:
    drafts = [
        queue.Draft(row.send_key, row.member.user.email, {"reminder": str(row.pk)})
        for row in rows
        if row.member.is_active
    ]
    if drafts:
        queue.enqueue_many(kind=REMINDER_MAIL, lane=Lane.URGENT, drafts=drafts)
