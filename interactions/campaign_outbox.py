"""What the dispatch engine calls campaigns for: their reminders, and the work that recurs."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message
from accounts.dispatch.registry import register, register_generator
from interactions import survey_mail
from interactions.campaigns import occasions
from interactions.campaigns.delivery import may_go_out
from interactions.campaigns.reminding import SURVEY_REMINDER_MAIL, remind
from interactions.campaigns.triggers import register_trigger
from interactions.campaigns.turning import run_campaigns
from interactions.services.returned_mail import record_survey_returned


def render_survey_reminder(message: Message) -> EmailMessage | None:
    """The same question with the same link; None when it was answered, or the campaign is paused or over."""
    return survey_mail.render_survey(message) if may_go_out(message) else None


def record_reminder_ended(message: Message) -> None:
    """A reminder that came back tells that the address is gone; one that was given up tells nothing."""
    if message.status == MessageStatus.SUPPRESSED:
        record_survey_returned(message)


register(
    SURVEY_REMINDER_MAIL,
    render_survey_reminder,
    on_dead=record_reminder_ended,
    label=_("Survey reminder"),
    is_to_contacts=True,
)
for trigger in occasions.BUILT_IN:
    register_trigger(trigger)
register_generator("campaigns", 5, run_campaigns)
register_generator("survey_reminders", 60, remind)
