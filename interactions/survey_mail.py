"""The mails that surveys cause: the question to the contact, and the escalation of an answer that nobody followed up.

A renderer answers None when there is nothing left to say; the engine then cancels the message.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import brand
from accounts.dispatch.models import Message
from accounts.links import organization_url, public_url
from accounts.models import Membership, Organization, OrganizationSettings
from accounts.tenancy.context import required_organization_id
from interactions import tokens
from interactions.choices import SCALE_ENDS, InvitationStatus
from interactions.mail import sender_of, write_mail
from interactions.models import Survey, SurveyInvitation, Task
from interactions.services.surveys import VALID_FOR


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
    return write_survey(
        survey=invitation.survey,
        organization=invitation.organization,
        language=invitation.language,
        to=message.recipient,
        name=invitation.contact.name,
        link=public_url("survey", token),
        unsubscribe=public_url("survey-unsubscribe", token),
        expires_at=invitation.expires_at,
        sender=invitation.sent_by,
        is_reminder=message.kind == "survey_reminder",
    )


def write_survey(
    *,
    survey: Survey,
    organization: Organization,
    language: str,
    to: str,
    name: str,
    link: str,
    unsubscribe: str,
    expires_at: datetime,
    sender: Membership | None,
    is_test: bool = False,
    is_reminder: bool = False,
) -> EmailMultiAlternatives:
    """The mail with a survey's question. A test says so in its subject and carries no headers of a real one."""
    settings = OrganizationSettings.objects.get()
    replies = survey.reply_to or (sender.user.email if sender else "")
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with translation.override(language), timezone.override(ZoneInfo(settings.time_zone)):
        subject = survey.subject(language) or _("A question from %(organization)s") % {
            "organization": organization.name
        }
        if is_reminder:
            subject = _("Reminder: %(subject)s") % {"subject": subject}
        if is_test:
            subject = _("Test: %(subject)s") % {"subject": subject}
        return write_mail(
            "survey",
            to=to,
            subject=subject,
            sender=sender_of(organization.name),
            reply_to=[replies] if replies else [],
            headers={} if is_test else headers,
            context={
                **words_of(survey, language),
                "look": brand.look(settings.brand_hue),
                "dark": brand.look(settings.brand_hue, dark=True),
                "organization": organization,
                "name": name,
                "sender": sender,
                "survey": survey,
                "values": [(value, f"{link}{'&' if '?' in link else '?'}s={value}") for value in survey.values],
                "link": link,
                "unsubscribe": unsubscribe,
                "expires_at": expires_at,
                "is_test": is_test,
                "is_reminder": is_reminder,
            },
        )


def render_test_survey(message: Message) -> EmailMultiAlternatives | None:
    """The mail as it will be, to the member who asked for it; its links lead to a page that takes no answer."""
    survey = Survey.objects.select_related("organization").filter(pk=message.payload["survey"]).first()
    member = Membership.objects.active().select_related("user").filter(pk=message.payload["member"]).first()
    if survey is None or member is None:
        return None
    language = message.payload["language"]
    preview = organization_url(survey.organization.slug, "interactions:survey-preview", survey.pk)
    link = f"{preview}?lang={language}"
    return write_survey(
        survey=survey,
        organization=survey.organization,
        language=language,
        to=message.recipient,
        name=member.user.name,
        link=link,
        unsubscribe=link,
        expires_at=timezone.now() + VALID_FOR,
        sender=member,
        is_test=True,
    )


def words_of(survey: Survey, language: str) -> dict[str, Any]:
    """What a survey says in one language."""
    lowest, highest = SCALE_ENDS[survey.kind]
    return {
        "intro": survey.intro(language),
        "question": survey.question(language),
        "lowest": lowest,
        "highest": highest,
    }


def is_still_wanted(invitation: SurveyInvitation) -> bool:
    """Whether the question may still go out: nobody answered, left or unsubscribed since it was queued."""
    contact = invitation.contact
    is_waiting = invitation.status in (InvitationStatus.QUEUED, InvitationStatus.SENDING, InvitationStatus.SENT)
    is_reachable = contact.survey_consent and contact.left_on is None and not contact.is_archived
    return is_waiting and is_reachable and not invitation.is_expired


def render_escalation(message: Message) -> EmailMultiAlternatives | None:
    """A poor answer that nobody has followed up, to somebody above; None when somebody has meanwhile."""
    tasks = Task.objects.select_related("organization", "client", "contact", "assignee__user", "survey_response")
    above = tasks.filter(pk=message.payload["task"]).first()
    about = tasks.filter(pk=message.payload["about"]).first()
    if above is None or about is None or not (above.is_open and about.is_open) or above.client is None:
        return None
    organization, settings = above.organization, OrganizationSettings.objects.get()
    user = above.assignee.user if above.assignee else None
    language = (user.language if user else "") or settings.language
    with translation.override(language), timezone.override(ZoneInfo(settings.time_zone)):
        return write_mail(
            "escalation",
            to=message.recipient,
            subject=_("Escalated: %(task)s") % {"task": above.title},
            sender=sender_of(_("Rafiq")),
            context={
                "organization": organization,
                "task": above,
                "about": about,
                "client": above.client,
                "contact": above.contact,
                "answer": about.survey_response,
                "link": organization_url(organization.slug, "client", above.client_id),
            },
        )
