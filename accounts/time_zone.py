"""A time zone that is looked up when somebody first asks what time it is there."""

import datetime
from collections.abc import Callable
from functools import cached_property
from zoneinfo import ZoneInfo


class LazyZone(datetime.tzinfo):
    """The zone that ``find`` names: many requests tell no local time, and then need not read whose it would be."""

    def __init__(self, find: Callable[[], str]) -> None:
        self._find = find

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self._find())

    def utcoffset(self, moment: datetime.datetime | None) -> datetime.timedelta | None:
        return self.zone.utcoffset(moment)

    def dst(self, moment: datetime.datetime | None) -> datetime.timedelta | None:
        return self.zone.dst(moment)

    def tzname(self, moment: datetime.datetime | None) -> str | None:
        return self.zone.tzname(moment)

    def fromutc(self, moment: datetime.datetime) -> datetime.datetime:
        return self.zone.fromutc(moment.replace(tzinfo=self.zone)).replace(tzinfo=self)

    def __str__(self) -> str:
        return str(self.zone)
