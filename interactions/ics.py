"""A member's calendar as an iCalendar file (RFC 5545, with the refresh hints of RFC 7986 and of Outlook).

Whole days are transparent events rather than VTODOs, which Google leaves out; meetings have their times in UTC. No
alarms: Rafiq reminds by itself, and calendar programs drop the alarms of calendars that they subscribe to.
"""

from datetime import UTC, date, datetime, timedelta

from django.utils.translation import get_language
from icalendar import Calendar, Event

from interactions.queries.calendar import Entry

REFRESHED_EVERY = timedelta(hours=1)
DOMAIN = "rafiq"


def calendar_file(found: list[Entry], *, name: str, zone: str) -> bytes:
    """The file, the same bytes for the same entries: nothing in it tells when it was written."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Rafiq//Calendar//{(get_language() or 'en').upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in found:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{DOMAIN}")
    event.add("dtstamp", _utc(entry.changed_at))
    event.add("created", _utc(entry.created_at))
    event.add("last-modified", _utc(entry.changed_at))
    event.add("sequence", entry.version - 1)
    event.add("summary", entry.title)
    event.add("categories", [entry.kind])
    if entry.details:
        event.add("description", entry.details)
    event.add("url", entry.url)
    event.add("class", "PRIVATE")
    if isinstance(entry.start, datetime) and entry.ends_at is not None:
        event.add("dtstart", _utc(entry.start))
        event.add("dtend", _utc(entry.ends_at))
        event.add("transp", "OPAQUE")
    else:
        day: date = entry.start
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    return event


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
