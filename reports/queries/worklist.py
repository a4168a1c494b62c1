"""My day's ranked worklist: every item has a reason in words, a number and one action."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.links import row_path
from accounts.models import Membership
from accounts.sight import sight_of
from accounts.tenancy.kept import Kept
from clients import risk
from clients.models import Client, Opportunity
from interactions.models import Task
from reports.queries.ranking import Rank

NOTICE_WITHIN = 14
FRESH = datetime.timedelta(days=30)
#: Working days without a two-way contact that a tier allows (domain.md §4, Cadence), in calendar days.
ALLOWED_SILENCE = {"strategic": 14 * 7 // 5, "core": 30 * 7 // 5, "scale": 60 * 7 // 5}
PER_KIND = 40


@dataclass(frozen=True)
class WorkItem:
    """One line of the worklist. ``number`` with ``number_label`` is what is counted; ``rank`` orders."""

    kind: str
    title: str
    url: str
    reason: str
    number: str
    number_label: str
    action_label: str
    action_url: str
    action_icon: str
    rank: Rank
    tone: str = ""
    action_method: str = "get"
    version: int | None = None
    client: Client | None = field(default=None, repr=False)

    @property
    def hint(self) -> str:
        """The formula with this item's numbers."""
        return _("Rank %(rank).1f = urgency %(urgency).1f × weight of MRR %(weight).1f × risk %(risk).1f") % {
            "rank": self.rank.value,
            "urgency": self.rank.urgency,
            "weight": self.rank.weight,
            "risk": self.rank.risk_factor,
        }


@dataclass(frozen=True)
class Candidate:
    """What might be on the list: its rank is a matter of numbers. ``words`` makes the item, for those that are."""

    kind: str
    title: str
    rank: Rank
    words: Callable[["Candidate"], WorkItem]


@dataclass(frozen=True)
class Moment:
    """Now, today and the median MRR: what every item is measured against."""

    now: datetime.datetime
    today: datetime.date
    median: int

    def rank(self, urgency: float, client: Client | None) -> Rank:
        if client is None:
            return Rank(urgency, 0, self.median, False)
        return Rank(urgency, client.mrr_minor, self.median, risk.is_at_risk(client, self.now))


def worklist(
    member: Membership, *, median: int, limit: int = 20, now: datetime.datetime | None = None
) -> list[WorkItem]:
    """The member's items, the highest rank first and ties by name. Three statements, whatever the portfolio.

    ``median`` is the median MRR in minor units of the clients that the member sees (``figures.portfolio_figures``).
    """
    now = now or timezone.now()
    moment = Moment(now=now, today=timezone.localdate(now), median=median)
    candidates = [*_tasks(member, moment), *_clients(member, moment), *_opportunities(member, moment)]
    candidates.sort(key=lambda each: (-each.rank.value, each.title, each.kind))
    return [each.words(each) for each in candidates[:limit]]


def _tasks(member: Membership, moment: Moment) -> Iterator[Candidate]:
    def due() -> QuerySet:
        return (
            Task.objects.visible_to(member)
            .filter(assignee=member, status="open", archived_at=None, due_on__lte=moment.today)
            .select_related("client")
            .order_by("due_on", "id")[:PER_KIND]
        )

    for task in Kept.rows(("due tasks", sight_of(member)), due, today=moment.today):
        late = (moment.today - task.due_on).days
        urgency = 2.5 + min(late, 10) * 0.1 + {"urgent": 1.0, "high": 0.5}.get(task.priority, 0)
        title = f"{task.client} · {task.title}" if task.client else task.title
        yield Candidate("task", title, moment.rank(urgency, task.client), partial(_task_item, task, late))


def _task_item(task: Task, late: int, candidate: Candidate) -> WorkItem:
    reason = (
        ngettext("Task overdue by %(days)d day", "Task overdue by %(days)d days", late) % {"days": late}
        if late
        else _("Task due today")
    )
    return WorkItem(
        kind=candidate.kind,
        title=candidate.title,
        url=task.client.get_absolute_url() + "?tab=tasks" if task.client else reverse("interactions:task-list"),
        reason=reason,
        number=str(late) if late else _("today"),
        number_label=ngettext("day late", "days late", late) if late else "",
        action_label=_("Mark as done"),
        action_url=row_path("interactions:task-complete", task.pk),
        action_icon="check",
        action_method="post",
        version=task.version,
        rank=candidate.rank,
        tone="bad" if late else "accent",
        client=task.client,
    )


def _clients(member: Membership, moment: Moment) -> Iterator[Candidate]:
    today = moment.today
    until, fresh = today + datetime.timedelta(days=NOTICE_WITHIN), today - FRESH
    silent_since = {tier: moment.now - datetime.timedelta(days=days) for tier, days in ALLOWED_SILENCE.items()}

    def in_need() -> QuerySet:
        attention = (
            Q(notice_on__range=(today, until))
            | Q(last_nps__lte=risk.DETRACTOR_NPS, last_nps_on__gte=fresh)
            | Q(critical_concerns__gt=0)
        )
        for tier, moment in silent_since.items():
            attention |= Q(tier=tier, last_contact_at__lt=moment)
        if member.role in (Role.ADMIN, Role.LEAD):
            attention |= Q(main_manager=None)
        return (
            Client.objects.visible_to(member)
            .filter(attention, archived_at=None)
            .exclude(lifecycle="churned")
            .order_by(F("critical_concerns").desc(), F("mrr_minor").desc(), "id")[: PER_KIND * 2]
        )

    key = ("clients in need", sight_of(member))
    for client in Kept.rows(key, in_need, today=today, until=until, fresh=fresh, **silent_since):
        kind, urgency = _gravest(client, member, moment)
        yield Candidate(kind, client.name, moment.rank(urgency, client), partial(_client_item, client, moment))


def _gravest(client: Client, member: Membership, moment: Moment) -> tuple[str, float]:
    """A client stands once, for its gravest reason: what it is called and how urgent it is."""
    today = moment.today
    if client.critical_concerns:
        return "concern", 4.5
    if client.notice_on and today <= client.notice_on <= today + datetime.timedelta(days=NOTICE_WITHIN):
        return "notice", 4.6 - (client.notice_on - today).days * 0.1
    if client.last_nps is not None and client.last_nps <= risk.DETRACTOR_NPS and _is_fresh(client, today):
        return "detractor", 4.0
    if client.main_manager_id is None and member.role in (Role.ADMIN, Role.LEAD):
        return "unassigned", 3.0
    days = risk.silent_days(client, moment.now)
    return "silent", min(1.5 + days / ALLOWED_SILENCE[client.tier] * 0.5, 3.5)


def _client_item(client: Client, moment: Moment, candidate: Candidate) -> WorkItem:
    tone, number, number_label, reason, action_label, action_url, action_icon = _CLIENT_WORDS[candidate.kind](
        client, moment
    )
    return WorkItem(
        kind=candidate.kind,
        title=candidate.title,
        url=client.get_absolute_url(),
        reason=reason,
        number=number,
        number_label=number_label,
        action_label=action_label,
        action_url=action_url,
        action_icon=action_icon,
        rank=candidate.rank,
        tone=tone,
        client=client,
    )


#: Tone, number and what it counts, reason, and the action: its label, address and icon.
Words = tuple[str, str, str, str, str, str, str]


def _concern(client: Client, moment: Moment) -> Words:
    count = client.critical_concerns
    reason = ngettext("%(count)d open critical concern", "%(count)d open critical concerns", count) % {"count": count}
    label = ngettext("concern", "concerns", count)
    return "bad", str(count), label, reason, _("Open client"), client.get_absolute_url(), "circle-alert"


def _notice(client: Client, moment: Moment) -> Words:
    assert client.notice_on is not None
    days = (client.notice_on - moment.today).days
    reason = _("Notice deadline on %(day)s") % {"day": date_format(client.notice_on, "DATE_FORMAT")}
    label, url = ngettext("day left", "days left", days), client.get_absolute_url() + "?tab=contracts"
    return "warn", str(days), label, reason, _("See contracts"), url, "file-text"


def _detractor(client: Client, moment: Moment) -> Words:
    reason = _("Last NPS answer was %(value)d") % {"value": client.last_nps}
    return "bad", str(client.last_nps), _("of 10"), reason, _("Log a call"), _log_url(client), "phone"


def _unassigned(client: Client, moment: Moment) -> Words:
    url = row_path("clients:client-reassign", client.pk)
    return "warn", "0", _("managers"), _("Nobody looks after this client"), _("Assign"), url, "user-plus"


def _silent(client: Client, moment: Moment) -> Words:
    days = risk.silent_days(client, moment.now)
    reason = ngettext("No two-way contact for %(days)d day", "No two-way contact for %(days)d days", days)
    label = ngettext("day", "days", days)
    return "warn", str(days), label, reason % {"days": days}, _("Log a call"), _log_url(client), "phone"


_CLIENT_WORDS: dict[str, Callable[[Client, Moment], Words]] = {
    "concern": _concern,
    "notice": _notice,
    "detractor": _detractor,
    "unassigned": _unassigned,
    "silent": _silent,
}


def _log_url(client: Client) -> str:
    return f"{reverse('interactions:interaction-log')}?client={client.pk}"


def _is_fresh(client: Client, today: datetime.date) -> bool:
    return client.last_nps_on is not None and client.last_nps_on >= today - FRESH


def _opportunities(member: Membership, moment: Moment) -> Iterator[Candidate]:
    def overdue() -> QuerySet:
        return (
            Opportunity.objects.visible_to(member)
            .open()
            .filter(archived_at=None, expected_close_on__lt=moment.today)
            .select_related("client")
            .order_by("expected_close_on", "id")[:PER_KIND]
        )

    for opportunity in Kept.rows(("overdue opportunities", sight_of(member)), overdue, today=moment.today):
        days = (moment.today - opportunity.expected_close_on).days
        title = f"{opportunity.client} · {opportunity.name}"
        rank = moment.rank(2.0 + min(days, 30) * 0.03, opportunity.client)
        yield Candidate("opportunity", title, rank, partial(_opportunity_item, opportunity, days))


def _opportunity_item(opportunity: Opportunity, days: int, candidate: Candidate) -> WorkItem:
    reason = ngettext("Expected to close %(days)d day ago", "Expected to close %(days)d days ago", days)
    return WorkItem(
        kind=candidate.kind,
        title=candidate.title,
        url=opportunity.get_absolute_url(),
        reason=reason % {"days": days},
        number=str(days),
        number_label=ngettext("day late", "days late", days),
        action_label=_("Open opportunity"),
        action_url=opportunity.get_absolute_url(),
        action_icon="target",
        rank=candidate.rank,
        tone="warn",
        client=opportunity.client,
    )
