"""The mails of this app, written when they are sent: in the recipient's language, with what is true by then.

A renderer answers None when there is nothing left to say; the engine then cancels the message.
"""

from email.utils import formataddr, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.dispatch.models import Message
from accounts.links import organization_url, public_url
from accounts.models import OrganizationSettings
from accounts.tenancy.context import required_organization_id
from interactions import tokens
from interactions.choices import SCALE_ENDS, InvitationStatus
from interactions.models import Reminder, SurveyInvitation


def render_reminder(message: Message) -> EmailMultiAlternatives | None:
    """A due task, to the member who is to be reminded; None when it was closed, dismissed or snoozed meanwhile."""
    reminder = (
        Reminder.objects.select_related("organization", "task__client", "member__user")
        .filter(pk=message.payload["reminder"], archived_at__isnull=True, seen_at__isnull=True)
        .first()
    )
    if reminder is None or not reminder.task.is_open or reminder.send_key != message.send_key:
        return None
    organization, task, user = reminder.organization, reminder.task, reminder.member.user
    settings_row = OrganizationSettings.objects.get()
    link = (
        organization_url(organization.slug, "client", task.client_id)
        if task.client_id
        else organization_url(organization.slug, "interactions:task-list")
    )
    with (
        translation.override(user.language or settings_row.language),
        timezone.override(ZoneInfo(settings_row.time_zone)),
    ):
        return _mail(
            "reminder",
            to=message.recipient,
            subject=_("Reminder: %(task)s") % {"task": task.title},
            sender=_sender(_("Rafiq")),
            context={"organization": organization, "task": task, "client": task.client, "user": user, "link": link},
        )


def render_survey(message: Message) -> EmailMultiAlternatives | None:
    """A survey's question, in the contact's language; the numbers in it only pre-select on the page."""
    invitation = (
        SurveyInvitation.objects.select_related("organization", "survey", "client", "contact", "sent_by__user")
        .filter(pk=message.payload["invitation"])
        .first()
    )
    if invitation is None or not is_still_wanted(invitation):
        return None
    token = tokens.link_token(required_organization_id(), invitation.pk, invitation.token_digest)
    if token is None:
        return None
    link = public_url("survey", token)
    unsubscribe = public_url("survey-unsubscribe", token)
    with translation.override(invitation.language):
        ends = SCALE_ENDS[invitation.survey.kind]
        return _mail(
            "survey",
            to=message.recipient,
            subject=_("A question from %(organization)s") % {"organization": invitation.organization.name},
            sender=_sender(invitation.organization.name),
            reply_to=[invitation.sent_by.user.email] if invitation.sent_by else [],
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            context={
                "organization": invitation.organization,
                "contact": invitation.contact,
                "client": invitation.client,
                "sender": invitation.sent_by,
                "survey": invitation.survey,
                "question": invitation.survey.question(invitation.language),
                "values": [(value, f"{link}?s={value}") for value in invitation.survey.values],
                "lowest": ends[0],
                "highest": ends[1],
                "link": link,
                "unsubscribe": unsubscribe,
                "expires_at": invitation.expires_at,
            },
        )


def is_still_wanted(invitation: SurveyInvitation) -> bool:
    """Whether the question may still go out: nobody answered, left or unsubscribed since it was queued."""
    contact = invitation.contact
    is_waiting = invitation.status in (InvitationStatus.QUEUED, InvitationStatus.SENDING, InvitationStatus.SENT)
    is_reachable = contact.survey_consent and contact.left_on is None and not contact.is_archived
    return is_waiting and is_reachable and not invitation.is_expired


def _sender(name: str) -> str:
    """Our own address, so that the mail is believed, under the name that the reader knows."""
    return formataddr((" ".join(name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _mail(
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
