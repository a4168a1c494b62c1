"""Opportunities that are still open although the expected day has passed."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import inside_path
from accounts.wording import in_days, isolated
from clients.models import Opportunity
from interactions.models import Reminder
from interactions.reminders.registry import Audience, Fact, Moment, ReminderKind, Window


def facts(window: Window) -> Iterator[Fact]:
    span = OPPORTUNITY_OVERDUE.days_about(window.calendar, window.first_on, window.last_on, window.lead)
    opportunities = (
        _open()
        .filter(expected_close_on__range=span)
        .exclude(window.told("pk", about_on=OuterRef("expected_close_on")))
        .order_by("expected_close_on", "pk")
        .values_list("pk", "expected_close_on", "name", "client_id")[: window.limit]
    )
    for pk, about_on, name, client_id in opportunities:
        yield Fact(pk, about_on, name, inside_path("clients:opportunity-detail", pk), client_id)


def still_true(at: Moment) -> Exists:
    return Exists(_open().filter(pk=OuterRef("subject_id"), expected_close_on=OuterRef("about_on")))


def audience(subject_ids: Sequence[UUID]) -> dict[UUID, Audience]:
    """The owner; without one, whoever looks after the client."""
    rows = Opportunity.objects.filter(pk__in=subject_ids)
    named = rows.values_list("pk", "owner_id", "client_id")
    return {pk: Audience(manager_id=owner, client_id=client) for pk, owner, client in named}


def words(reminder: Reminder) -> str:
    names = {"opportunity": isolated(reminder.title), "day": in_days(reminder.about_on) if reminder.about_on else ""}
    return _("“%(opportunity)s” was expected to close on %(day)s and is still open") % names


def _open():
    return Opportunity.objects.current().open().filter(client__archived_at=None)


OPPORTUNITY_OVERDUE = ReminderKind(
    name="opportunity_overdue",
    label=gettext_lazy("Opportunities past their expected close"),
    hint=gettext_lazy("To the opportunity’s owner."),
    icon="target",
    subject="clients.opportunity",
    leads=(1, 10),
    is_after=True,
    facts=facts,
    still_true=still_true,
    words=words,
    audience=audience,
)
