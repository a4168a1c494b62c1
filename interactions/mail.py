"""The mails of this app, written when they are sent: in the recipient's language, with what is true by then.

A renderer answers None when there is nothing left to say; the engine then cancels the message.
"""

from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calendar import working_calendar
from accounts.dispatch.models import Message
from accounts.links import organization_url
from accounts.models import OrganizationSettings
from interactions.act_links import act_urls
from interactions.models import DeliveryChoice, Reminder
from interactions.reminders.truth import still_true, untrue
from interactions.reminders.words import kind_choices, words_of


def render_reminder(message: Message) -> EmailMultiAlternatives | None:
    """What is due, to the member who is to be reminded; None when it was closed, dismissed or snoozed meanwhile."""
    reminder = (
        Reminder.objects.live()
        .select_related("organization", "task__client", "client", "member__user")
        .filter(pk=message.payload["reminder"], member__is_active=True)
        .first()
    )
    if reminder is None or reminder.send_key != message.send_key:
        return None
    settings_row = OrganizationSettings.objects.get()
    if not reminder.is_by_hand and not still_true(reminder, timezone.now(), working_calendar(settings_row)):
        return None
    organization, task, user = reminder.organization, reminder.task, reminder.member.user
    with (
        translation.override(user.language or settings_row.language),
        timezone.override(ZoneInfo(settings_row.time_zone)),
    ):
        return write_mail(
            "reminder",
            to=message.recipient,
            subject=_("Reminder: %(task)s") % {"task": words_of(reminder)},
            sender=sender_of(_("Rafiq")),
            context={
                "organization": organization,
                "reminder": reminder,
                "words": words_of(reminder),
                "task": task,
                "client": task.client if task else reminder.client,
                "user": user,
                "acts": act_urls(reminder),
                "choices_url": organization_url(organization.slug, "interactions:reminder-choices"),
            },
        )


def render_digest(message: Message) -> EmailMultiAlternatives | None:
    """Everything of one member's day in one mail, grouped by kind; None when nothing of it is left."""
    rows = list(
        Reminder.objects.live()
        .select_related("organization", "task__client", "client", "member__user")
        .filter(member=message.payload["member"], digest_on=message.payload["on"], member__is_active=True)
        .order_by("about_on", "due_at", "pk")
    )
    if not rows:
        return None
    settings_row = OrganizationSettings.objects.get()
    gone = untrue(rows, timezone.now(), working_calendar(settings_row))
    rows = [row for row in rows if row.pk not in gone]
    if not rows:
        return None
    organization, user = rows[0].organization, rows[0].member.user
    zone = DeliveryChoice.objects.filter(member=rows[0].member).values_list("time_zone", flat=True).first()
    with (
        translation.override(user.language or settings_row.language),
        timezone.override(ZoneInfo(zone or settings_row.time_zone)),
    ):
        count = ngettext("%(count)d reminder", "%(count)d reminders", len(rows)) % {"count": len(rows)}
        return write_mail(
            "digest",
            to=message.recipient,
            subject=_("Your day at %(organization)s: %(count)s") % {"organization": organization, "count": count},
            sender=sender_of(_("Rafiq")),
            context={
                "organization": organization,
                "user": user,
                "groups": digest_groups(rows),
                "list_url": organization_url(organization.slug, "interactions:reminder-list"),
                "choices_url": organization_url(organization.slug, "interactions:reminder-choices"),
            },
        )


def digest_groups(rows: Sequence[Reminder]) -> list[dict[str, Any]]:
    """The digest's lines by kind, in the order in which the kinds were registered; each with the links that act."""
    groups = []
    for name, label in kind_choices():
        lines = [
            {
                "words": words_of(row),
                "client": row.client or (row.task and row.task.client),
                "about_on": row.about_on,
                "acts": act_urls(row),
            }
            for row in rows
            if row.kind == name
        ]
        if lines:
            groups.append({"label": label, "lines": lines})
    return groups


def sender_of(name: str) -> str:
    """Our own address, so that the mail is believed, under the name that the reader knows."""
    return formataddr((" ".join(name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def write_mail(
    template: str,
    *,
    to: str,
    subject: str,
    sender: str,
    context: dict[str, Any],
    reply_to: list[str] | None = None,
    headers: dict[str, str] | None = None,
) -> EmailMultiAlternatives:
    language = translation.get_language() or settings.LANGUAGE_CODE
    context |= {
        "subject": subject,
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
        from_email=sender,
        to=[to],
        reply_to=reply_to or [],
        headers={"Content-Language": language, **(headers or {})},
    )
    mail.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return mail
