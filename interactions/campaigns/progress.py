"""How far campaigns have got: one grouped statement, however many campaigns and invitations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, Sum

from interactions.choices import InvitationStatus
from interactions.models import Campaign, SurveyInvitation

if TYPE_CHECKING:
    from accounts.models import Membership

# Those that came to their reader, and those that waited until they expired (``never_sent``).
_REACHED = (
    InvitationStatus.SENT,
    InvitationStatus.OPENED,
    InvitationStatus.ANSWERED,
    InvitationStatus.EXPIRED,
)


@dataclass(frozen=True)
class Progress:
    """What became of a campaign's invitations. Each of them is in one of ``by_status``."""

    expected: int | None = None
    by_status: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    never_sent: int = 0
    reminders: int = 0

    @property
    def asked(self) -> int:
        """Invitations that exist, whatever became of them."""
        return sum(self.by_status.values())

    @property
    def queued(self) -> int:
        return self._of(InvitationStatus.QUEUED, InvitationStatus.SENDING)

    @property
    def sent(self) -> int:
        """Taken by a mail server and not returned."""
        return self._of(*_REACHED) - self.never_sent

    @property
    def answered(self) -> int:
        return self._of(InvitationStatus.ANSWERED)

    @property
    def open(self) -> int:
        """Sent, and may still be answered."""
        return self._of(InvitationStatus.SENT, InvitationStatus.OPENED)

    @property
    def expired(self) -> int:
        return self._of(InvitationStatus.EXPIRED)

    @property
    def bounced(self) -> int:
        return self._of(InvitationStatus.BOUNCED)

    @property
    def suppressed(self) -> int:
        return self._of(InvitationStatus.SUPPRESSED)

    @property
    def cancelled(self) -> int:
        return self._of(InvitationStatus.CANCELLED)

    @property
    def withheld(self) -> int:
        """Never sent: the contact said no meanwhile, or the campaign was stopped."""
        return self.suppressed + self.cancelled

    @property
    def total(self) -> int:
        return max(self.expected or 0, self.asked)

    @property
    def processed(self) -> int:
        return self.asked - self.queued

    @property
    def percent(self) -> float:
        """How much of the sending is done, 0 to 100."""
        return 100 * self.processed / self.total if self.total else 0.0

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.sent if self.sent else None

    def _of(self, *statuses: str) -> int:
        return sum(self.by_status.get(status, 0) for status in statuses)


def progress_of(campaigns: Iterable[Campaign], member: "Membership | None" = None) -> dict[UUID, Progress]:
    """The progress of each campaign, by its key; to ``member`` only invitations of clients that they see count."""
    expected = {campaign.pk: _expected(campaign) for campaign in campaigns}
    rows = SurveyInvitation.objects.filter(campaign__in=expected)
    if member is not None:
        rows = rows.visible_to(member)
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    opened: dict[UUID, int] = defaultdict(int)
    never_sent: dict[UUID, int] = defaultdict(int)
    reminders: dict[UUID, int] = defaultdict(int)
    grouped = rows.order_by().values("campaign_id", "status")
    for row in grouped.annotate(
        n=Count("pk"),
        never_sent=Count("pk", filter=Q(status=InvitationStatus.EXPIRED, sent_at=None)),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        reminders=Sum("reminders_sent"),
    ):
        key = row["campaign_id"]
        counts[key][row["status"]] = row["n"]
        opened[key] += row["opened"]
        never_sent[key] += row["never_sent"]
        reminders[key] += row["reminders"]
    return {key: Progress(n, counts[key], opened[key], never_sent[key], reminders[key]) for key, n in expected.items()}


def _expected(campaign: Campaign) -> int | None:
    """How many it set out to ask; once everybody was looked at, those who were asked are all."""
    return campaign.expected if campaign.walked_at is None and campaign.is_one_off and not campaign.is_over else None
