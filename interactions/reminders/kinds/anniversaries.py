"""The day on which somebody became a client, every year."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy, ngettext

from accounts.links import inside_path
from accounts.wording import in_days, isolated
from clients.choices import Lifecycle
from clients.models import Client
from interactions.models import Reminder
from interactions.reminders.registry import Fact, Moment, ReminderKind, Window

DAY = timedelta(days=1)


def facts(window: Window) -> Iterator[Fact]:
    first, last = ANNIVERSARY.days_about(window.calendar, window.first_on, window.last_on, window.lead)
    days = [first + DAY * count for count in range((last - first).days + 1)]
    on_a_day = Q(pk__in=[])
    for day in days:
        on_a_day |= _began_on(day)
    clients = (
        _living()
        .filter(on_a_day)
        .exclude(window.told("pk", about_on__range=(first, last)))
        .order_by("since", "pk")
        .values_list("pk", "since", "name")[: window.limit]
    )
    for pk, since, name in clients:
        about_on = next(day for day in days if day.year > since.year and _fits(since, day))
        yield Fact(pk, about_on, name, inside_path("client", pk), pk)


def still_true(at: Moment) -> Exists:
    """The day in ``since`` may have been corrected; 29 February is celebrated on the 28th."""
    same = Q(since__month=OuterRef("about_on__month"), since__day=OuterRef("about_on__day"))
    leap = Q(since__month=2, since__day=29)
    return Exists(_living().filter(same | leap, pk=OuterRef("subject_id")))


def words(reminder: Reminder) -> str:
    since, about_on = reminder.client and reminder.client.since, reminder.about_on
    years = about_on.year - since.year if since and about_on else 1
    sentence = ngettext(
        "%(client)s has been a client for %(years)d year on %(day)s",
        "%(client)s has been a client for %(years)d years on %(day)s",
        years,
    )
    return sentence % {"client": isolated(reminder.title), "years": years, "day": in_days(about_on) if about_on else ""}


def _began_on(day: date) -> Q:
    began = Q(since__month=day.month, since__day=day.day, since__year__lt=day.year)
    if _is_last_of_february(day):
        began |= Q(since__month=2, since__day=29, since__year__lt=day.year)
    return began


def _fits(since: date, day: date) -> bool:
    if (since.month, since.day) == (2, 29) and _is_last_of_february(day):
        return True
    return (since.month, since.day) == (day.month, day.day)


def _is_last_of_february(day: date) -> bool:
    """28 February of a year without a 29th."""
    return (day.month, day.day) == (2, 28) and (day + DAY).day == 1


def _living():
    return Client.objects.current().exclude(lifecycle=Lifecycle.CHURNED).filter(since__isnull=False)


ANNIVERSARY = ReminderKind(
    name="anniversary",
    label=gettext_lazy("Anniversaries"),
    hint=gettext_lazy("The day on which somebody became a client, every year. To the client’s main manager."),
    icon="cake",
    subject="clients.client",
    leads=(3,),
    facts=facts,
    still_true=still_true,
    words=words,
)
