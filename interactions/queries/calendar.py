"""What stands in a member's own calendar: open tasks, ends and notice days of contracts, meetings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.links import organization_url
from accounts.models import Membership
from accounts.tenancy.context import tenant
from clients.models import Assignment, Client, Contract
from interactions import tokens
from interactions.choices import HELD_TOGETHER, TaskStatus
from interactions.models import CalendarFeed, Interaction, Task
from managers.queries.reporting import covered_manager_ids, own_manager_id

KEPT = timedelta(days=90)
AHEAD = timedelta(days=400)
# What nobody has measured takes as long as most meetings do.
USUAL_MINUTES = 60
# Of each kind; a calendar program reads the whole file each time.
MOST = 1000


@dataclass(frozen=True)
class Entry:
    """One event. ``ends_at`` is None for a whole day; ``version`` and ``changed_at`` are the row's."""

    uid: str
    title: str
    kind: str
    start: date | datetime
    ends_at: datetime | None
    details: str
    url: str
    version: int
    created_at: datetime
    changed_at: datetime


@contextmanager
def find_feed(token: str) -> Iterator[CalendarFeed | None]:
    """Enter the organization that the token claims, with its live feed; None for anything else. Whoever gets None must
    not query."""
    parsed = tokens.parse(token)
    if parsed is None:
        yield None
        return
    organization_id, digest = parsed
    with tenant(organization_id):
        live = CalendarFeed.objects.live().select_related("organization", "member__user")
        yield live.filter(token_digest=digest, member__is_active=True, member__user__is_active=True).first()


def entries(member: Membership, slug: str, today: date) -> list[Entry]:
    """Everything that the member may see of it now, in a fixed number of statements."""
    return [*_tasks(member, slug), *_contracts(member, slug, today), *_meetings(member, slug)]


def _tasks(member: Membership, slug: str) -> Iterator[Entry]:
    rows = (
        Task.objects.current()
        .visible_to(member)
        .assigned_to(member)
        .filter(status=TaskStatus.OPEN, due_on__isnull=False)
        .select_related("client")
        .order_by("due_on", "pk")[:MOST]
    )
    for task in rows:
        said = [task.notes]
        if task.repeats:
            said.append(_("Repeats: %(rule)s") % {"rule": task.repeats_in_words})
        yield Entry(
            uid=f"task-{task.pk}",
            title=_titled(task.title, task.client),
            kind=_("Task"),
            start=task.due_on,
            ends_at=None,
            details="\n\n".join(filter(None, said)),
            url=organization_url(slug, "interactions:task-change", task.pk),
            version=task.version,
            created_at=task.created_at,
            changed_at=task.updated_at,
        )


def _contracts(member: Membership, slug: str, today: date) -> Iterator[Entry]:
    """Ends and notice days for the clients that the member manages, serves on the team of, or stands in for."""
    rows = (
        Contract.objects.current()
        .visible_to(member)
        .filter(client__in=_own_clients(member), ends_on__gte=today - KEPT, ends_on__lte=today + AHEAD)
        .select_related("client")
        .order_by("ends_on", "pk")[:MOST]
    )
    return chain.from_iterable(_contract_entries(contract, slug) for contract in rows)


def _contract_entries(contract: Contract, slug: str) -> Iterator[Entry]:
    if contract.ends_on is None:
        return
    ends = _("Contract renews by itself") if contract.auto_renew else pgettext("calendar", "Contract ends")
    days = [("end", contract.ends_on, ends)]
    if contract.notice_days:
        notice_on = contract.ends_on - timedelta(days=contract.notice_days)
        days.append(("notice", notice_on, _("Last day to give notice")))
    for name, day, words in days:
        yield Entry(
            uid=f"contract-{name}-{contract.pk}",
            title=_titled(_("%(what)s: %(contract)s") % {"what": words, "contract": contract}, contract.client),
            kind=_("Renewal"),
            start=day,
            ends_at=None,
            details="",
            url=organization_url(slug, "clients:contract-detail", contract.pk),
            version=contract.version,
            created_at=contract.created_at,
            changed_at=contract.updated_at,
        )


def _meetings(member: Membership, slug: str) -> Iterator[Entry]:
    """Meetings and visits that the member logged or takes part in."""
    own = Q(logged_by=member) | Q(pk__in=member.participations.values("interaction"))
    rows = (
        Interaction.objects.current()
        .visible_to(member)
        .filter(own, kind__in=HELD_TOGETHER, happened_at__gte=timezone.now() - KEPT)
        .select_related("client")
        .order_by("happened_at", "pk")[:MOST]
    )
    for meeting in rows:
        yield Entry(
            uid=f"meeting-{meeting.pk}",
            title=_titled(str(meeting), meeting.client),
            kind=meeting.get_kind_display(),
            start=meeting.happened_at,
            ends_at=meeting.happened_at + timedelta(minutes=meeting.minutes or USUAL_MINUTES),
            details=meeting.summary,
            url=organization_url(slug, "client", meeting.client_id),
            version=meeting.version,
            created_at=meeting.created_at,
            changed_at=meeting.updated_at,
        )


def _own_clients(member: Membership) -> QuerySet[Assignment, Any]:
    own = own_manager_id(member)
    managers = [*([own] if own else []), *covered_manager_ids(member)]
    return Assignment.objects.current().filter(manager__in=managers).values("client_id")


def _titled(title: str, client: Client | None) -> str:
    return f"{title} · {client.name}" if client else title
