"""The demo's campaigns: a round that is over, and one that asks by itself before contracts end."""

from datetime import timedelta

from accounts.models import Membership
from clients.choices import Tier
from interactions.choices import CampaignStatus, Scale
from interactions.demo.book import Book
from interactions.demo.time import Calendar
from interactions.models import Campaign, Survey, SurveyInvitation

# Days before today within which an invitation belongs to the round, or to the one that runs.
ROUND = (95, 150)
RUNNING = (0, 60)


class CampaignMaker:
    def __init__(self, book: Book, calendar: Calendar, surveys: dict[Scale, Survey], maker: Membership) -> None:
        began = calendar.moment(-ROUND[1], 7)
        self.round = book.add(
            Campaign(
                name="Relationship round · جولة العلاقة",
                survey=surveys[Scale.NPS],
                audience={"tiers": [Tier.CORE, Tier.SCALE, Tier.STRATEGIC]},
                reminders=[5],
                status=CampaignStatus.FINISHED,
                started_at=began,
                walked_at=began,
                finished_at=calendar.moment(-ROUND[0] + 31, 8),
                created_by=maker,
            )
        )
        self.running = book.add(
            Campaign(
                name="Before a renewal · قبل التجديد",
                survey=surveys[Scale.NPS],
                trigger="before_contract_end",
                trigger_days=60,
                one_per_client=True,
                reminders=[4, 10],
                status=CampaignStatus.RUNNING,
                started_at=calendar.moment(-RUNNING[1], 9),
                looked_at=calendar.moment(0, 7),
                created_by=maker,
            )
        )
        self.calendar = calendar
        self.seen: set[tuple[object, object, str]] = set()

    def claim(self, invitation: SurveyInvitation) -> None:
        """Say which campaign has sent an invitation, where it was one."""
        days_ago = (self.calendar.today - invitation.asked_on).days
        if invitation.survey.kind != Scale.NPS:
            return
        if ROUND[0] <= days_ago <= ROUND[1]:
            self._take(invitation, self.round, "")
        elif RUNNING[0] <= days_ago <= RUNNING[1]:
            ends_on = invitation.asked_on + timedelta(days=60)
            self._take(invitation, self.running, f"contract:{invitation.client_id}:{ends_on.isoformat()}")

    def _take(self, invitation: SurveyInvitation, campaign: Campaign, period: str) -> None:
        key = (campaign.pk, invitation.contact_id, period)
        if key not in self.seen:
            self.seen.add(key)
            invitation.campaign, invitation.period = campaign, period
