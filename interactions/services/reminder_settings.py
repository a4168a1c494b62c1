"""What the organization and its members say about reminders, and what follows for those that wait."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import working_calendar
from accounts.models import Membership, OrganizationSettings
from accounts.services import changes
from clients.fields import validate_time_zone
from interactions.models import DeliveryChoice, Reminder, ReminderChoice, ReminderRule
from interactions.reminders.delivery import deliveries
from interactions.reminders.generator import moment_of
from interactions.reminders.preferences import NOT_AT_ALL, rules_in_force
from interactions.reminders.registry import kind_of
from interactions.services.telling import digest_moment

MOST_LEADS = 5
LONGEST_LEAD = 250
BATCH = 500


@transaction.atomic
def change_rule(
    *, actor: Membership | None, rule: ReminderRule, version: int | None = None, **fields: Any
) -> ReminderRule:
    """The organization's word on one kind. What had not been told yet is found anew by the next turn of the clock."""
    if "lead_days" in fields:
        fields["lead_days"] = clean_leads(fields["lead_days"])
    if fields.get("is_on") and not rule.is_on:
        fields["started_on"] = working_calendar().today
    changed = changes.change(actor=actor, obj=rule, version=version, **fields)
    if changed.version != rule.version:
        _forget_untold(kind=changed.kind)
    if not changed.is_on:
        Reminder.objects.told().filter(kind=changed.kind).update(mail_at=None)
    return changed


def clean_leads(leads: Sequence[int]) -> list[int]:
    """The lead times without repetition, the longest first. Raises ValidationError for what cannot be one."""
    if not leads:
        raise ValidationError({"lead_days": _("Name at least one lead time; 0 is the day itself.")})
    unique = sorted(set(leads), reverse=True)
    if len(unique) > MOST_LEADS:
        raise ValidationError({"lead_days": _("Name at most %(most)d lead times.") % {"most": MOST_LEADS}})
    if unique[-1] < 0 or unique[0] > LONGEST_LEAD:
        raise ValidationError(
            {"lead_days": _("A lead time lies between 0 and %(most)d working days.") % {"most": LONGEST_LEAD}}
        )
    return unique


@transaction.atomic
def choose_reminder(
    *, member: Membership, kind: str, is_on: bool = True, channel: str = "", version: int | None = None
) -> ReminderChoice:
    """What a member wants of one kind; an empty channel is the organization's."""
    kind_of(kind)
    row = ReminderChoice.objects.filter(member=member, kind=kind).first()
    if row is None:
        chosen = changes.add(actor=member, obj=ReminderChoice(member=member, kind=kind, is_on=is_on, channel=channel))
    else:
        chosen = changes.change(actor=member, obj=row, version=version, is_on=is_on, channel=channel)
    _forget_untold(kind=kind, member=member)
    if not is_on:
        Reminder.objects.told().filter(kind=kind, member=member).update(mail_at=None)
    return chosen


@transaction.atomic
def choose_delivery(*, member: Membership, version: int | None = None, **fields: Any) -> DeliveryChoice:
    """When a member wants mail. What waits is moved to the new times."""
    _refuse_half_hours(fields)
    if fields.get("time_zone"):
        _demand_zone(fields["time_zone"])
    row = DeliveryChoice.objects.filter(member=member).first()
    if row is None:
        chosen = changes.add(actor=member, obj=DeliveryChoice(member=member, **fields))
    else:
        chosen = changes.change(actor=member, obj=row, version=version, **fields)
    replan([member.pk])
    return chosen


@transaction.atomic
def choose_all(*, member: Membership, answers: dict[str, str], **delivery: Any) -> None:
    """A whole page of choices; an answer is a channel, "" for the organization's, ``NOT_AT_ALL`` for none."""
    chosen = {row.kind: row for row in ReminderChoice.objects.filter(member=member)}
    for kind, answer in answers.items():
        row = chosen.get(kind)
        is_on, channel = answer != NOT_AT_ALL, "" if answer == NOT_AT_ALL else answer
        before = (row.is_on, row.channel) if row else (True, "")
        if (is_on, channel) != before and (is_on or before[0]):
            choose_reminder(member=member, kind=kind, is_on=is_on, channel=channel)
    choose_delivery(member=member, **delivery)


def rule_of(kind: str) -> ReminderRule:
    """The organization's rule; raises ``LookupError`` for a kind that nobody registered."""
    kind_of(kind)
    return rules_in_force(working_calendar().today)[kind]


@transaction.atomic
def replan(member_ids: Iterable[uuid.UUID] | None = None) -> int:
    """Derive the moments of waiting reminders anew from their days, after times or zones have changed.

    ``None`` means every member: the organization's own times or days off have changed.
    """
    now, settings = timezone.now(), OrganizationSettings.objects.get()
    rows = Reminder.objects.live().exclude(key="").select_for_update(of=("self",))
    if member_ids is not None:
        rows = rows.filter(member__in=list(member_ids))
    untold = list(rows.filter(queued_at=None, snoozed_until=None, due_at__gt=now, remind_on__isnull=False))
    unmailed = list(rows.filter(queued_at__isnull=False, mail_at__isnull=False))
    times = deliveries({row.member_id for row in [*untold, *unmailed]}, settings, working_calendar(settings))
    for row in untold:
        row.due_at = moment_of(row.remind_on, times[row.member_id], now)
    for row in unmailed:
        delivery = times[row.member_id]
        had_today = row.digest_on == delivery.local_day(now)
        row.mail_at = delivery.urgent_at(now) if row.is_urgent else digest_moment(delivery, now, had_today=had_today)
    moved = [*untold, *unmailed]
    Reminder.objects.bulk_update(moved, ["due_at", "mail_at"], batch_size=BATCH)
    return len(moved)


def _forget_untold(*, kind: str, member: Membership | None = None) -> None:
    """What came by itself and was not told yet is dropped: the next turn writes it again as it is wanted now."""
    rows = Reminder.objects.filter(kind=kind, queued_at=None, snoozed_until=None, seen_at=None, done_at=None)
    if member is not None:
        rows = rows.filter(member=member)
    rows.exclude(key="").delete()


def _demand_zone(name: str) -> None:
    try:
        validate_time_zone(name)
    except ValidationError as error:
        raise ValidationError({"time_zone": error.messages}) from None


def _refuse_half_hours(fields: dict[str, Any]) -> None:
    start: time | None = fields.get("quiet_from")
    end: time | None = fields.get("quiet_until")
    if (start is None) != (end is None):
        missing = "quiet_until" if end is None else "quiet_from"
        raise ValidationError({missing: _("Give both the beginning and the end, or neither.")})
