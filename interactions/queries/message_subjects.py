"""What a message of the outbox is about: the thing, by name, and the page where it stands."""

from django.urls import reverse

from accounts.dispatch.models import Message
from accounts.dispatch.registry import Subject
from interactions.models import Reminder, SurveyInvitation


def survey_subject(message: Message) -> Subject | None:
    """The contact who is asked, and the survey."""
    asked = SurveyInvitation.objects.select_related("survey", "contact__client")
    invitation = asked.filter(pk=message.payload.get("invitation")).first()
    if invitation is None:
        return None
    name = f"{invitation.contact} · {invitation.contact.client} · {invitation.survey}"
    return Subject(name, reverse("clients:contact-detail", args=[invitation.contact_id]))


def reminder_subject(message: Message) -> Subject | None:
    """The task or other fact that somebody is reminded of."""
    reminder = Reminder.objects.select_related("task").filter(pk=message.payload.get("reminder")).first()
    if reminder is None:
        return None
    if reminder.task is not None:
        return Subject(str(reminder.task), reverse("interactions:task-change", args=[reminder.task_id]))
    # The path was made for a page inside the organization; here it has to be a whole one.
    return Subject(reminder.title, reverse("my-day") + reminder.url_path.lstrip("/")) if reminder.title else None
