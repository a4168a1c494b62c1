"""Sets of interactions' rows. What a member sees follows from the clients that the member sees."""

from datetime import date, datetime, timedelta

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.text import fold
from clients.querysets.base import (
    ArchivableQuerySet,
    ClientRowQuerySet,
    OpenQuerySet,
    SearchableQuerySet,
    seen_clients,
)
from interactions.choices import (
    HELD_TOGETHER,
    OPEN_CONCERN_STATES,
    SCALE_GROUPS,
    Direction,
    DueBucket,
    InteractionKind,
    InvitationStatus,
    Priority,
    ReminderState,
    Severity,
    TaskStatus,
)

_PRIORITY_RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


class InteractionQuerySet(SearchableQuerySet, ArchivableQuerySet, ClientRowQuerySet):
    def two_way(self):
        """Contact that counts for the cadence: both sides spoke, or a meeting was held. Notes never do."""
        return self.exclude(kind=InteractionKind.NOTE).filter(Q(direction=Direction.BOTH) | Q(kind__in=HELD_TOGETHER))

    def latest_first(self):
        return self.order_by("-happened_at", "-pk")

    def for_list(self):
        return (
            self.select_related("client", "logged_by__user", "on_behalf_of")
            .prefetch_related("participants__contact", "participants__member__user", "participants__manager")
            .latest_first()
        )


class TaskQuerySet(SearchableQuerySet, ArchivableQuerySet):
    def visible_to(self, member):
        """Tasks of visible clients, and those that are the member's own: assigned to or created by them."""
        clients = seen_clients(member, "client")
        if not clients:
            return self
        return self.filter(clients | Q(assignee=member) | Q(created_by=member))

    def open(self):
        return self.filter(status=TaskStatus.OPEN)

    def assigned_to(self, member):
        return self.filter(assignee=member)

    def overdue(self, today: date):
        return self.open().filter(due_on__lt=today)

    def due_today(self, today: date):
        return self.open().filter(due_on=today)

    def in_bucket(self, bucket: str, today: date):
        """Open tasks of one ``DueBucket``; ``today`` is the organization's day."""
        week_end = today + timedelta(days=7)
        conditions = {
            DueBucket.OVERDUE: Q(due_on__lt=today),
            DueBucket.TODAY: Q(due_on=today),
            DueBucket.WEEK: Q(due_on__gt=today, due_on__lte=week_end),
            DueBucket.LATER: Q(due_on__gt=week_end),
            DueBucket.NONE: Q(due_on__isnull=True),
        }
        return self.open().filter(conditions[DueBucket(bucket)])

    def with_bucket(self, today: date):
        """Add ``bucket``, one of ``DueBucket``, to open tasks."""
        return self.annotate(
            bucket=Case(
                When(due_on__isnull=True, then=Value(DueBucket.NONE.value)),
                When(due_on__lt=today, then=Value(DueBucket.OVERDUE.value)),
                When(due_on=today, then=Value(DueBucket.TODAY.value)),
                When(due_on__lte=today + timedelta(days=7), then=Value(DueBucket.WEEK.value)),
                default=Value(DueBucket.LATER.value),
            )
        )

    def by_urgency(self):
        """What is due first comes first; on the same day the higher priority; without a day last."""
        rank = Case(
            *(When(priority=priority, then=Value(rank)) for priority, rank in _PRIORITY_RANK.items()),
            output_field=IntegerField(),
        )
        return self.annotate(priority_rank=rank).order_by("due_on", "priority_rank", "pk")

    def for_list(self):
        return self.select_related("client", "contact", "opportunity", "assignee__user")


class ReminderQuerySet(ArchivableQuerySet):
    def visible_to(self, member):
        """Everyone sees their own reminders only."""
        return self.filter(member=member)

    def live(self):
        """Not done, dismissed or withdrawn, and of no task that is closed."""
        still_open = Q(task__isnull=True) | Q(task__status=TaskStatus.OPEN)
        return self.current().filter(still_open, seen_at__isnull=True, done_at__isnull=True)

    def pending(self):
        """Still to be told."""
        return self.live().filter(queued_at__isnull=True)

    def due(self, now: datetime):
        return self.pending().filter(due_at__lte=now)

    def told(self):
        """Told, and waiting for an answer."""
        return self.live().filter(queued_at__isnull=False)

    def in_state(self, state: str):
        """One of ``ReminderState``."""
        conditions = {
            ReminderState.DUE: Q(queued_at__isnull=False),
            ReminderState.SNOOZED: Q(queued_at__isnull=True, snoozed_until__isnull=False),
            ReminderState.UPCOMING: Q(queued_at__isnull=True, snoozed_until__isnull=True),
        }
        if state in conditions:
            return self.live().filter(conditions[ReminderState(state)])
        if state == ReminderState.DONE:
            return self.filter(done_at__isnull=False)
        if state == ReminderState.DISMISSED:
            return self.filter(done_at__isnull=True, seen_at__isnull=False)
        return self.filter(archived_at__isnull=False)

    def for_list(self):
        return self.select_related("task__client", "client", "member__user").order_by("due_at", "pk")


class OwnChoiceQuerySet(QuerySet):
    """Everyone sees what they chose themselves."""

    def visible_to(self, member):
        return self.filter(member=member)


class ReminderRuleQuerySet(OpenQuerySet):
    """The organization's rules are seen by all."""


class ReminderChoiceQuerySet(OwnChoiceQuerySet):
    pass


class DeliveryChoiceQuerySet(OwnChoiceQuerySet):
    pass


class CalendarFeedQuerySet(QuerySet):
    def visible_to(self, member):
        """Everyone's address is their own secret."""
        return self.filter(member=member)

    def live(self):
        return self.filter(revoked_at__isnull=True)


class NotificationQuerySet(QuerySet):
    def visible_to(self, member):
        return self.filter(member=member)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def latest_first(self):
        return self.order_by("-created_at", "-pk")


class ConcernQuerySet(SearchableQuerySet, ArchivableQuerySet, ClientRowQuerySet):
    def open(self):
        return self.current().filter(state__in=OPEN_CONCERN_STATES)

    def critical(self):
        return self.open().filter(severity=Severity.CRITICAL)

    def for_list(self):
        return self.select_related("client").order_by("-opened_at", "-pk")


class SurveyQuerySet(ArchivableQuerySet, OpenQuerySet):
    """The questions are the organization's and seen by all; who was asked is not."""

    def active(self):
        return self.current().filter(is_active=True)

    def for_list(self):
        return self.order_by("name", "pk")

    def with_counts(self, member):
        """Add ``sent`` and ``answered``: invitations to clients that the member sees."""
        seen = seen_clients(member, "invitations__client")
        answered = seen & Q(invitations__answered_at__isnull=False)
        return self.annotate(sent=Count("invitations", filter=seen), answered=Count("invitations", filter=answered))


class CampaignQuerySet(SearchableQuerySet, ArchivableQuerySet, OpenQuerySet):
    """A campaign's name and progress are the organization's; whom it asked is seen with the clients."""

    def for_list(self):
        return self.select_related("survey", "created_by__user").order_by("-created_at", "-pk")


class SurveyInvitationQuerySet(ClientRowQuerySet):
    def answerable(self, now: datetime | None = None):
        return self.filter(expires_at__gt=now or timezone.now()).exclude(status=InvitationStatus.SUPPRESSED)

    def delivered(self):
        """Those that reached a mailbox: what a response rate is measured against."""
        never = (InvitationStatus.BOUNCED, InvitationStatus.SUPPRESSED, InvitationStatus.CANCELLED)
        return self.filter(sent_at__isnull=False).exclude(status__in=never)

    def for_list(self):
        return (
            self.select_related("survey", "client", "contact", "sent_by__user")
            .prefetch_related(Prefetch("responses"))
            .order_by("-created_at", "-pk")
        )


def _within(group: str, scale_path: str) -> Q:
    ranges = Q()
    for scale, groups in SCALE_GROUPS.items():
        ranges |= Q(value__range=groups[group], **{scale_path: scale})
    return ranges


class SurveyResponseQuerySet(ClientRowQuerySet):
    client_path = "invitation__client"

    def in_group(self, group: str):
        """Answers that are good, in between or poor (``AnswerGroup``), whatever their scale."""
        return self.filter(_within(group, "invitation__survey__kind"))

    def for_list(self):
        return self.select_related("invitation__survey", "invitation__client", "invitation__contact").order_by(
            "-answered_at", "-pk"
        )


class ScoreQuerySet(ClientRowQuerySet):
    def search_comments(self, text: str):
        """Answers with every word of ``text`` in the comment or the second answer, however it is spelled."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(survey_response__search_text__contains=word)
        return rows

    def in_group(self, group: str):
        """Answers that are good, in between or poor (``AnswerGroup``), whatever their scale."""
        return self.filter(_within(group, "scale"))

    def latest_first(self):
        return self.order_by("-at", "-pk")
