"""What the dispatch engine calls this app for: its kinds of mail, and the work that recurs."""

import uuid
from datetime import date

from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.dispatch.models import Message
from accounts.dispatch.registry import register, register_generator
from interactions import mail, survey_mail
from interactions.campaigns.delivery import may_go_out
from interactions.queries.message_subjects import reminder_subject, survey_subject
from interactions.reminders.generator import generate_reminders
from interactions.services.escalations import ESCALATION_MAIL, escalate_untouched
from interactions.services.reminders import REMINDER_MAIL
from interactions.services.returned_mail import record_survey_ended, record_survey_waits_again
from interactions.services.surveys import (
    SURVEY_MAIL,
    SURVEY_TEST_MAIL,
    expire_invitations,
    record_survey_mailed,
    record_survey_withheld,
)
from interactions.services.telling import (
    DIGEST_MAIL,
    fire_due_reminders,
    record_digest_mailed,
    record_reminder_mailed,
)


def render_survey(message: Message) -> EmailMessage | None:
    """The mail, or None and an invitation that says that it was not sent."""
    if not may_go_out(message):
        return None
    written = survey_mail.render_survey(message)
    if written is None:
        record_survey_withheld(message)
    return written


def reminder_sent(message: Message) -> None:
    record_reminder_mailed(reminder_id=message.payload["reminder"], sent_at=message.sent_at or timezone.now())


def digest_sent(message: Message) -> None:
    record_digest_mailed(
        member_id=uuid.UUID(message.payload["member"]),
        day=date.fromisoformat(message.payload["on"]),
        sent_at=message.sent_at or timezone.now(),
    )


register(REMINDER_MAIL, mail.render_reminder, on_sent=reminder_sent, label=_("Reminder"), subject=reminder_subject)
register(DIGEST_MAIL, mail.render_digest, on_sent=digest_sent, label=_("Daily digest"))
register(
    SURVEY_MAIL,
    render_survey,
    on_sent=record_survey_mailed,
    on_dead=record_survey_ended,
    on_retry=record_survey_waits_again,
    label=_("Survey"),
    is_to_contacts=True,
    subject=survey_subject,
)
register(SURVEY_TEST_MAIL, survey_mail.render_test_survey, label=_("Test of a survey"))
register(ESCALATION_MAIL, survey_mail.render_escalation, label=_("Escalation"))
register_generator("escalations", 300, escalate_untouched)
register_generator("due_reminders", 5, fire_due_reminders)
register_generator("reminders", 60, generate_reminders)
register_generator("expired_surveys", 3600, expire_invitations)
