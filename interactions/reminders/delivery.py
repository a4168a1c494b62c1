"""When each member may be written to: their own choice, else the organization's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.calendar import WorkingCalendar
from accounts.models import OrganizationSettings
from accounts.quiet import QuietTime, local_wall
from interactions.models import DeliveryChoice

DAY = timedelta(days=1)
# Whoever has no working day for so long gets the digest all the same.
_FAR = 60


@dataclass(frozen=True)
class Delivery:
    """One member's times."""

    quiet: QuietTime
    digest_at: time
    is_digest_on: bool
    is_urgent_exempt: bool

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.quiet.zone).date()

    def start_of(self, day: date) -> datetime:
        return local_wall(day, time(), self.quiet.zone)

    def digest_after(self, moment: datetime) -> datetime:
        """The first digest at or after ``moment``: at the hour chosen, on a day at work, not in quiet hours."""
        day = self.local_day(moment)
        for _count in range(_FAR):
            at = self.quiet.next_allowed(local_wall(day, self.digest_at, self.quiet.zone))
            if at >= moment and not self.quiet.is_day_off(day):
                return at
            day += DAY
        return self.quiet.next_allowed(moment)

    def urgent_at(self, moment: datetime) -> datetime:
        """When an urgent mail goes: at the end of the quiet time, or at once when the organization says so."""
        return moment if self.is_urgent_exempt else self.quiet.next_allowed(moment)

    def digest_key(self, member_id: uuid.UUID, moment: datetime) -> str:
        return f"digest:{member_id}:{self.local_day(moment).isoformat()}:{self.digest_at:%H}"


def deliveries(
    member_ids: Iterable[uuid.UUID], settings: OrganizationSettings, calendar: WorkingCalendar
) -> dict[uuid.UUID, Delivery]:
    """The times of these members, in one statement."""
    members = set(member_ids)
    chosen = {choice.member_id: choice for choice in DeliveryChoice.objects.filter(member__in=members)}
    return {pk: delivery_of(chosen.get(pk), settings, calendar) for pk in members}


def delivery_of(choice: DeliveryChoice | None, settings: OrganizationSettings, calendar: WorkingCalendar) -> Delivery:
    """What a member chose, filled up with the organization's."""
    choice = choice or DeliveryChoice()
    rests = choice.is_quiet_on_weekends
    has_hours = choice.quiet_from is not None and choice.quiet_until is not None
    return Delivery(
        quiet=QuietTime(
            zone=ZoneInfo(choice.time_zone or settings.time_zone),
            quiet_from=choice.quiet_from if has_hours else settings.quiet_from,
            quiet_until=choice.quiet_until if has_hours else settings.quiet_until,
            weekend=calendar.weekend if rests else frozenset(),
            holidays=calendar.holidays if rests else frozenset(),
        ),
        digest_at=choice.digest_at,
        is_digest_on=choice.is_digest_on,
        is_urgent_exempt=settings.is_urgent_exempt,
    )
