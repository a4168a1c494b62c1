"""What the dispatch engine calls this app for: its kinds of mail, and the work that recurs."""

from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.dispatch.models import Message
from accounts.dispatch.registry import register, register_generator
from interactions import mail
from interactions.services.reminders import REMINDER_MAIL, fire_due_reminders, record_reminder_mailed
from interactions.services.surveys import (
    SURVEY_MAIL,
    expire_invitations,
    record_survey_mailed,
    record_survey_undeliverable,
    record_survey_withheld,
)


def render_survey(message: Message) -> EmailMessage | None:
    """The mail, or None and an invitation that says that it was not sent."""
    written = mail.render_survey(message)
    if written is None:
        record_survey_withheld(message)
    return written


def reminder_sent(message: Message) -> None:
    record_reminder_mailed(reminder_id=message.payload["reminder"], sent_at=message.sent_at or timezone.now())


register(REMINDER_MAIL, mail.render_reminder, on_sent=reminder_sent)
register(SURVEY_MAIL, render_survey, on_sent=record_survey_mailed, on_dead=record_survey_undeliverable)
register_generator("due_reminders", 5, fire_due_reminders)
register_generator("expired_surveys", 3600, expire_invitations)
