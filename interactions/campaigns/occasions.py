"""The occasions that Rafiq knows by itself."""

import uuid
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.choices import Lifecycle
from clients.models import Contract, LifecyclePeriod
from interactions.campaigns import audience
from interactions.campaigns.clock import Clock
from interactions.campaigns.triggers import Occasion, Trigger, first_day, first_moment
from interactions.choices import InteractionKind
from interactions.models import Campaign, Interaction, Participant


def everybody(campaign: Campaign, clock: Clock, after: uuid.UUID | None, size: int, period: str = "") -> list[Occasion]:
    """Who can be asked now, in the order of their keys."""
    contacts = audience.askable(audience.contacts_of(campaign, clock.today), campaign.rest_days, clock.today)
    rows = _page(contacts, after, size).values_list("pk", "client_id")
    if campaign.one_per_client:
        return [Occasion(pk, client, period, takes_one=True) for pk, client in rows]
    return [Occasion(pk, client, period, (pk,)) for pk, client in rows]


def every_quarter(campaign: Campaign, clock: Clock, after: uuid.UUID | None, size: int) -> list[Occasion]:
    """Each contact once in a calendar quarter, as soon as they are rested."""
    number = (clock.today.month - 1) // 3
    begins = date(clock.today.year, number * 3 + 1, 1)
    if clock.today < begins + timedelta(days=campaign.trigger_days or 0):
        return []
    return everybody(campaign, clock, after, size, f"{clock.today.year}Q{number + 1}")


def after_onboarding(campaign: Campaign, clock: Clock, after: uuid.UUID | None, size: int) -> list[Occasion]:
    wait = timedelta(days=campaign.trigger_days or 0)
    ended = LifecyclePeriod.objects.filter(
        lifecycle=Lifecycle.ONBOARDING,
        until_on__gte=first_day(campaign, clock) - wait,
        until_on__lte=clock.today - wait,
        client__in=audience.clients_of(campaign, clock.today).values("pk"),
    )
    rows = _page(ended, after, size).values_list("pk", "client_id", "until_on")
    return [
        Occasion(pk, client, f"onboarding:{ended_on.isoformat()}", takes_one=campaign.one_per_client)
        for pk, client, ended_on in rows
    ]


def before_contract_end(campaign: Campaign, clock: Clock, after: uuid.UUID | None, size: int) -> list[Occasion]:
    ahead = timedelta(days=campaign.trigger_days or 0)
    ending = Contract.objects.current().filter(
        ends_on__gte=first_day(campaign, clock) + ahead,
        ends_on__lte=clock.today + ahead,
        client__in=audience.clients_of(campaign, clock.today).values("pk"),
    )
    rows = _page(ending, after, size).values_list("pk", "client_id", "ends_on")
    return [
        Occasion(pk, client, f"contract:{pk}:{ends_on.isoformat()}", takes_one=campaign.one_per_client)
        for pk, client, ends_on in rows
    ]


def after_interaction(campaign: Campaign, clock: Clock, after: uuid.UUID | None, size: int) -> list[Occasion]:
    """Those who took part; when nobody is named, the one contact who stands for the client."""
    wait = timedelta(days=campaign.trigger_days or 0, hours=campaign.trigger_hours or 0)
    happened = Interaction.objects.current().filter(
        kind=campaign.trigger_value,
        happened_at__gt=first_moment(campaign, clock) - wait,
        happened_at__lte=clock.now - wait,
        client__in=audience.clients_of(campaign, clock.today).values("pk"),
    )
    people = Prefetch("participants", Participant.objects.exclude(contact=None), to_attr="people")
    found = []
    for row in _page(happened, after, size).only("organization", "client_id").prefetch_related(people):
        contacts = tuple(person.contact_id for person in row.people)
        takes_one = campaign.one_per_client or not contacts
        found.append(Occasion(row.pk, row.client_id, f"interaction:{row.pk}", contacts, False, takes_one))
    return found


def _page(rows: QuerySet, after: uuid.UUID | None, size: int) -> QuerySet:
    return (rows.filter(pk__gt=after) if after else rows).order_by("pk")[:size]


def _days(campaign: Campaign) -> str:
    n = campaign.trigger_days or 0
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _after_a_while(campaign: Campaign) -> str:
    kind = dict(InteractionKind.choices).get(campaign.trigger_value, campaign.trigger_value)
    hours = campaign.trigger_hours or 0
    words = {
        "kind": kind,
        "days": _days(campaign),
        "hours": ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours},
    }
    if not campaign.trigger_days and not hours:
        return _("At once after: %(kind)s") % words
    if not hours:
        return _("%(days)s after: %(kind)s") % words
    if not campaign.trigger_days:
        return _("%(hours)s after: %(kind)s") % words
    return _("%(days)s and %(hours)s after: %(kind)s") % words


BUILT_IN = (
    Trigger(
        name="",
        label=gettext_lazy("Once, now"),
        help_text=gettext_lazy("Everybody in the audience, one time."),
        page=everybody,
        sentence=lambda campaign: _("Once"),
    ),
    Trigger(
        name="quarterly",
        label=gettext_lazy("Every quarter"),
        help_text=gettext_lazy("Everybody in the audience once a calendar quarter, from so many days after it began."),
        page=every_quarter,
        sentence=lambda campaign: (
            _("%(days)s after each quarter began") % {"days": _days(campaign)}
            if campaign.trigger_days
            else _("Every quarter")
        ),
        fields=frozenset({"days"}),
    ),
    Trigger(
        name="after_onboarding",
        label=gettext_lazy("After onboarding"),
        help_text=gettext_lazy("So many days after a client’s onboarding ended."),
        page=after_onboarding,
        sentence=lambda campaign: _("%(days)s after onboarding ended") % {"days": _days(campaign)},
        fields=frozenset({"days"}),
    ),
    Trigger(
        name="before_contract_end",
        label=gettext_lazy("Before a contract ends"),
        help_text=gettext_lazy("So many days before the day on which a contract ends."),
        page=before_contract_end,
        sentence=lambda campaign: _("%(days)s before a contract ends") % {"days": _days(campaign)},
        fields=frozenset({"days"}),
    ),
    Trigger(
        name="after_interaction",
        label=gettext_lazy("After an interaction"),
        help_text=gettext_lazy("So long after a ticket, a meeting or the like; those who took part are asked."),
        page=after_interaction,
        sentence=_after_a_while,
        fields=frozenset({"days", "hours", "value"}),
        values=tuple(InteractionKind.choices),
    ),
)
