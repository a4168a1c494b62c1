"""What happened between the organization and its clients. Sent in the transaction of the change."""

from django.dispatch import Signal

#: kwargs: interaction, actor
interaction_logged = Signal()
#: kwargs: task, actor
task_done = Signal()
#: kwargs: reminder
task_due = Signal()
#: kwargs: concern, actor
concern_opened = Signal()
#: kwargs: concern, actor
concern_resolved = Signal()
#: kwargs: invitation, actor
survey_sent = Signal()
#: kwargs: invitation, response, score, is_first. ``is_first`` is False when the contact changed the answer.
survey_answered = Signal()
#: kwargs: campaign, actor
campaign_started = Signal()
#: kwargs: campaign, actor. ``campaign.pause_reason`` tells whether it was a person.
campaign_paused = Signal()
#: kwargs: campaign
campaign_finished = Signal()
