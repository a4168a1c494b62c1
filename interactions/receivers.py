"""How this app reacts to what others announce."""

from django.dispatch import receiver

from accounts.signals import member_leaving
from interactions import services
from interactions.signals import survey_answered


@receiver(survey_answered)
def follow_up_poor_answer(sender, invitation, response, score, **kwargs):
    if score.is_poor:
        services.follow_up_poor_answer(invitation=invitation, response=response, score=score)


@receiver(member_leaving)
def release_tasks(sender, member, actor, **kwargs):
    services.release_tasks(actor=actor, member=member)
