"""Clients without a two-way contact for longer than their tier allows. ``about_on`` is the day of the last contact."""

from collections.abc import Iterator
from datetime import timedelta, tzinfo

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import inside_path
from accounts.wording import in_days, isolated
from clients.cadence import allowances
from clients.choices import Lifecycle
from clients.models import Client
from interactions.models import Reminder
from interactions.reminders.registry import Fact, Moment, ReminderKind, Window

DAY = timedelta(days=1)


def facts(window: Window) -> Iterator[Fact]:
    """A client whom nobody ever contacted counts from the day it became one."""
    add, overdue, limits = window.calendar.add_working_days, Q(pk__in=[]), []
    for condition, allowed in allowances():
        days = allowed + window.lead
        # The reverse of "so many working days after the contact"; see ``ReminderKind.days_about``.
        span = (add(window.first_on, -days), add(window.last_on + DAY, -days) - DAY)
        overdue |= condition & Q(contact_on__range=span)
        limits.append(When(condition, then=Value(days)))
    clients = (
        _living(window.calendar.zone)
        .filter(overdue)
        .annotate(days=Case(*limits, output_field=IntegerField()))
        .exclude(window.told("pk", about_on=OuterRef("contact_on")))
        .order_by("contact_on", "pk")
        .values_list("pk", "contact_on", "name", "days")[: window.limit]
    )
    for pk, contact_on, name, days in clients:
        yield Fact(pk, contact_on, name, inside_path("client", pk), pk, remind_on=add(contact_on, days))


def still_true(at: Moment) -> Exists:
    return Exists(_living(at.calendar.zone).filter(pk=OuterRef("subject_id"), contact_on=OuterRef("about_on")))


def words(reminder: Reminder) -> str:
    names = {"client": isolated(reminder.title), "day": in_days(reminder.about_on) if reminder.about_on else ""}
    return _("No two-way contact with %(client)s since %(day)s") % names


def _living(zone: tzinfo):
    contact_on = Coalesce(TruncDate("last_contact_at", tzinfo=zone), F("since"), TruncDate("created_at", tzinfo=zone))
    return Client.objects.current().exclude(lifecycle=Lifecycle.CHURNED).annotate(contact_on=contact_on)


SILENCE = ReminderKind(
    name="silence",
    label=gettext_lazy("Clients without contact"),
    hint=gettext_lazy(
        "No two-way contact for longer than the tier allows: strategic 14, core 30, scale 60 working days; half of "
        "that while onboarding or at risk. To the client’s main manager."
    ),
    icon="message-circle-off",
    subject="clients.client",
    leads=(0, 10),
    is_after=True,
    is_lasting=True,
    # Whether a client is silent changes with its tier and its troubles, so nothing is written ahead.
    ahead_days=0,
    facts=facts,
    still_true=still_true,
    words=words,
)
