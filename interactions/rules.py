"""Who may do what with interactions, tasks, concerns and surveys; on whose clients, the querysets say."""

import rules

from accounts.rules import is_admin, is_lead, is_member, is_writer, may_decide


@rules.predicate
def is_own_reminder(member, reminder):
    return reminder is None or reminder.member_id == member.pk


@rules.predicate
def is_own_row(member, row):
    return row is None or row.member_id == member.pk


@rules.predicate
def is_own_notification(member, notification):
    return notification is None or notification.member_id == member.pk


@rules.predicate
def is_own_campaign(member, campaign):
    """A campaign asks the clients that its maker sees, so other leads leave it alone."""
    return campaign is None or campaign.created_by_id == member.pk


rules.add_perm("interactions.view_interaction", is_member)
rules.add_perm("interactions.add_interaction", is_writer)
rules.add_perm("interactions.change_interaction", is_writer)
rules.add_perm("interactions.archive_interaction", is_writer)
rules.add_perm("interactions.restore_interaction", is_writer)

rules.add_perm("interactions.view_task", is_member)
for verb in ("add", "change", "complete", "reopen", "drop", "reassign", "archive", "restore"):
    rules.add_perm(f"interactions.{verb}_task", is_writer)

rules.add_perm("interactions.view_reminder", is_member)
rules.add_perm("interactions.add_reminder", is_writer)
for verb in ("change", "snooze", "dismiss", "archive"):
    rules.add_perm(f"interactions.{verb}_reminder", is_writer & is_own_reminder)

rules.add_perm("interactions.complete_reminder", is_writer & is_own_reminder)
rules.add_perm("interactions.view_reminderrule", is_member)
rules.add_perm("interactions.change_reminderrule", is_admin)
# What one wants to hear is one's own business, whatever the role.
for model in ("reminderchoice", "deliverychoice"):
    rules.add_perm(f"interactions.view_{model}", is_member)
    rules.add_perm(f"interactions.add_{model}", is_member)
    rules.add_perm(f"interactions.change_{model}", is_member & is_own_row)

rules.add_perm("interactions.view_notification", is_member)
rules.add_perm("interactions.read_notification", is_own_notification)

# One's own calendar: a viewer has one, too.
for verb in ("view", "renew", "revoke"):
    rules.add_perm(f"interactions.{verb}_calendarfeed", is_member)

rules.add_perm("interactions.view_concern", is_member)
for verb in ("add", "change", "advance", "resolve", "lose", "reopen", "archive", "restore"):
    rules.add_perm(f"interactions.{verb}_concern", is_writer)

rules.add_perm("interactions.view_survey", is_member)
for verb in ("add", "change", "archive", "restore"):
    rules.add_perm(f"interactions.{verb}_survey", is_admin | is_lead)
rules.add_perm("interactions.send_survey", may_decide)

rules.add_perm("interactions.view_campaign", is_member)
rules.add_perm("interactions.add_campaign", is_admin | is_lead)
for verb in ("change", "start", "pause", "resume", "stop", "archive", "restore"):
    rules.add_perm(f"interactions.{verb}_campaign", is_admin | (is_lead & is_own_campaign))

rules.add_perm("interactions.view_surveyinvitation", is_member)
rules.add_perm("interactions.add_surveyinvitation", may_decide)

rules.add_perm("interactions.view_surveyresponse", is_member)
rules.add_perm("interactions.view_score", is_member)
rules.add_perm("interactions.add_score", is_writer)
