"""My day's ranked worklist: every item has a reason in words, a number and one action."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.models import Membership
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
    items = [*_task_items(member, moment), *_client_items(member, moment), *_opportunity_items(member, moment)]
    items.sort(key=lambda item: (-item.rank.value, item.title, item.kind))
    return items[:limit]


def _task_items(member: Membership, moment: Moment) -> Iterator[WorkItem]:
    due = (
        Task.objects.visible_to(member)
        .filter(assignee=member, status="open", archived_at=None, due_on__lte=moment.today)
        .select_related("client")
        .order_by("due_on", "id")[:PER_KIND]
    )
    for task in due:
        late = (moment.today - task.due_on).days
        reason = (
            ngettext("Task overdue by %(days)d day", "Task overdue by %(days)d days", late) % {"days": late}
            if late
            else _("Task due today")
        )
        urgency = 2.5 + min(late, 10) * 0.1 + {"urgent": 1.0, "high": 0.5}.get(task.priority, 0)
        name = f"{task.client} · {task.title}" if task.client else task.title
        yield WorkItem(
            kind="task",
            title=name,
            url=task.client.get_absolute_url() + "?tab=tasks" if task.client else reverse("interactions:task-list"),
            reason=reason,
            number=str(late) if late else _("today"),
            number_label=ngettext("day late", "days late", late) if late else "",
            action_label=_("Mark as done"),
            action_url=reverse("interactions:task-complete", args=[task.pk]),
            action_icon="check",
            action_method="post",
            version=task.version,
            rank=moment.rank(urgency, task.client),
            tone="bad" if late else "accent",
            client=task.client,
        )


def _attention(member: Membership, moment: Moment) -> Q:
    today = moment.today
    silent = Q()
    for tier, days in ALLOWED_SILENCE.items():
        silent |= Q(tier=tier, last_contact_at__lt=moment.now - datetime.timedelta(days=days))
    attention = (
        Q(notice_on__range=(today, today + datetime.timedelta(days=NOTICE_WITHIN)))
        | Q(last_nps__lte=risk.DETRACTOR_NPS, last_nps_on__gte=today - FRESH)
        | Q(critical_concerns__gt=0)
        | silent
    )
    if member.role in (Role.ADMIN, Role.LEAD):
        attention |= Q(main_manager=None)
    return attention


def _client_items(member: Membership, moment: Moment) -> Iterator[WorkItem]:
    rows = (
        Client.objects.visible_to(member)
        .filter(_attention(member, moment), archived_at=None)
        .exclude(lifecycle="churned")
        .order_by(F("critical_concerns").desc(), F("mrr_minor").desc(), "id")[: PER_KIND * 2]
    )
    for client in rows:
        yield from _reasons(client, member, moment)


def _reasons(client: Client, member: Membership, moment: Moment) -> Iterator[WorkItem]:
    """A client stands once, for its gravest reason."""
    today = moment.today
    log_url = reverse("interactions:interaction-log") + f"?client={client.pk}"
    if client.critical_concerns:
        count = client.critical_concerns
        yield _client_item(
            client, moment, "concern", 4.5, "bad", str(count), ngettext("concern", "concerns", count),
            ngettext("%(count)d open critical concern", "%(count)d open critical concerns", count) % {"count": count},
            _("Open client"), client.get_absolute_url(), "circle-alert",
        )  # fmt: skip
    elif client.notice_on and today <= client.notice_on <= today + datetime.timedelta(days=NOTICE_WITHIN):
        days = (client.notice_on - today).days
        day = date_format(client.notice_on, "DATE_FORMAT")
        yield _client_item(
            client, moment, "notice", 4.6 - days * 0.1, "warn", str(days), ngettext("day left", "days left", days),
            _("Notice deadline on %(day)s") % {"day": day},
            _("See contracts"), client.get_absolute_url() + "?tab=contracts", "file-text",
        )  # fmt: skip
    elif client.last_nps is not None and client.last_nps <= risk.DETRACTOR_NPS and _is_fresh(client, today):
        yield _client_item(
            client, moment, "detractor", 4.0, "bad", str(client.last_nps), _("of 10"),
            _("Last NPS answer was %(value)d") % {"value": client.last_nps},
            _("Log a call"), log_url, "phone",
        )  # fmt: skip
    elif client.main_manager_id is None and member.role in (Role.ADMIN, Role.LEAD):
        yield _client_item(
            client, moment, "unassigned", 3.0, "warn", "0", _("managers"),
            _("Nobody looks after this client"),
            _("Assign"), reverse("clients:client-reassign", args=[client.pk]), "user-plus",
        )  # fmt: skip
    else:
        days = risk.silent_days(client, moment.now)
        allowed = ALLOWED_SILENCE[client.tier]
        urgency = min(1.5 + days / allowed * 0.5, 3.5)
        yield _client_item(
            client, moment, "silent", urgency, "warn", str(days), ngettext("day", "days", days),
            ngettext("No two-way contact for %(days)d day", "No two-way contact for %(days)d days", days)
            % {"days": days},
            _("Log a call"), log_url, "phone",
        )  # fmt: skip


def _is_fresh(client: Client, today: datetime.date) -> bool:
    return client.last_nps_on is not None and client.last_nps_on >= today - FRESH


def _client_item(
    client: Client, moment: Moment, kind: str, urgency: float, tone: str, number: str, number_label: str,
    reason: str, action_label: str, action_url: str, action_icon: str,
) -> WorkItem:  # fmt: skip
    return WorkItem(
        kind=kind,
        title=client.name,
        url=client.get_absolute_url(),
        reason=reason,
        number=number,
        number_label=number_label,
        action_label=action_label,
        action_url=action_url,
        action_icon=action_icon,
        rank=moment.rank(urgency, client),
        tone=tone,
        client=client,
    )


def _opportunity_items(member: Membership, moment: Moment) -> Iterator[WorkItem]:
    late = (
        Opportunity.objects.visible_to(member)
        .open()
        .filter(archived_at=None, expected_close_on__lt=moment.today)
        .select_related("client")
        .order_by("expected_close_on", "id")[:PER_KIND]
    )
    for opportunity in late:
        days = (moment.today - (opportunity.expected_close_on or moment.today)).days
        yield WorkItem(
            kind="opportunity",
            title=f"{opportunity.client} · {opportunity.name}",
            url=opportunity.get_absolute_url(),
            reason=ngettext("Expected to close %(days)d day ago", "Expected to close %(days)d days ago", days)
            % {"days": days},
            number=str(days),
            number_label=ngettext("day late", "days late", days),
            action_label=_("Open opportunity"),
            action_url=opportunity.get_absolute_url(),
            action_icon="target",
            rank=moment.rank(2.0 + min(days, 30) * 0.03, opportunity.client),
            tone="warn",
            client=opportunity.client,
        )
