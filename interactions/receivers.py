"""How this app reacts to what others announce."""

from django.dispatch import receiver

from accounts.signals import address_suppressed, mail_returned, member_leaving, times_changed
from clients.signals import client_reassigned
from interactions import services
from interactions.services import returned_mail
from interactions.services.surveys import SURVEY_MAIL
from interactions.signals import survey_answered, task_done


@receiver(survey_answered)
def follow_up_poor_answer(sender, invitation, response, score, **kwargs):
    if score.is_poor:
        services.follow_up_poor_answer(invitation=invitation, response=response, score=score)
    else:
        services.settle_follow_up(response=response, score=score)


@receiver(task_done)
def close_escalation(sender, task, actor, **kwargs):
    services.close_escalation(actor=actor, task=task)


@receiver(member_leaving)
def release_tasks(sender, member, actor, **kwargs):
    services.release_tasks(actor=actor, member=member)


@receiver(address_suppressed)
def silence_address(sender, address, reason, **kwargs):
    returned_mail.silence_address(address=address, reason=reason)


@receiver(mail_returned)
def record_survey_returned(sender, message, **kwargs):
    if message.kind.startswith(SURVEY_MAIL):
        returned_mail.record_survey_returned(message)


@receiver(times_changed)
def move_waiting_reminders(sender, actor, **kwargs):
    services.replan()


@receiver(client_reassigned)
def hand_reminders_to_the_new_manager(sender, client, actor, **kwargs):
    services.hand_over_client_reminders(client)
