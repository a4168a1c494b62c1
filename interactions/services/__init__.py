"""What can be done with interactions, tasks, reminders, concerns, surveys and scores."""

from interactions.services.answers import answer_survey, open_invitation
from interactions.services.concerns import (
    advance_concern,
    archive_concern,
    change_concern,
    lose_concern,
    open_concern,
    reopen_concern,
    resolve_concern,
    restore_concern,
)
from interactions.services.follow_ups import follow_up_poor_answer
from interactions.services.interactions import (
    archive_interaction,
    change_interaction,
    log_interaction,
    restore_interaction,
)
from interactions.services.notifications import notify, read_all_notifications, read_notification, unread_count
from interactions.services.reminders import (
    archive_reminder,
    cancel_reminders,
    dismiss_reminder,
    fire_due_reminders,
    set_reminder,
    snooze_reminder,
)
from interactions.services.rollups import rebuild_rollups, refresh_critical_concerns, refresh_last_contact
from interactions.services.scores import record_score
from interactions.services.series import next_occurrence, preview, skipped_between
from interactions.services.surveys import (
    add_survey,
    archive_survey,
    change_survey,
    expire_invitations,
    restore_survey,
    send_survey,
    unsubscribe,
    why_not,
)
from interactions.services.tasks import (
    add_task,
    archive_task,
    change_task,
    complete_task,
    drop_task,
    reassign_task,
    release_tasks,
    reopen_task,
    restore_task,
)

__all__ = [
    "add_survey",
    "add_task",
    "advance_concern",
    "answer_survey",
    "archive_concern",
    "archive_interaction",
    "archive_reminder",
    "archive_survey",
    "archive_task",
    "cancel_reminders",
    "change_concern",
    "change_interaction",
    "change_survey",
    "change_task",
    "complete_task",
    "dismiss_reminder",
    "drop_task",
    "expire_invitations",
    "fire_due_reminders",
    "follow_up_poor_answer",
    "log_interaction",
    "lose_concern",
    "next_occurrence",
    "notify",
    "open_concern",
    "open_invitation",
    "preview",
    "read_all_notifications",
    "read_notification",
    "reassign_task",
    "rebuild_rollups",
    "record_score",
    "refresh_critical_concerns",
    "refresh_last_contact",
    "release_tasks",
    "reopen_concern",
    "reopen_task",
    "resolve_concern",
    "restore_concern",
    "restore_interaction",
    "restore_survey",
    "restore_task",
    "send_survey",
    "set_reminder",
    "skipped_between",
    "snooze_reminder",
    "unread_count",
    "unsubscribe",
    "why_not",
]
