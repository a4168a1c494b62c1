"""Everything that happened with one client, newest first, out of seven tables."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core import signing
from django.db.models import F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from clients.models import ChurnEvent, Client, Opportunity
from interactions.choices import TaskStatus
from interactions.models import Concern, Interaction, Score, SurveyResponse, Task

_SALT = "interactions.timeline"


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. ``kind`` is a key of ``SOURCES`` and says what ``obj`` is."""

    at: datetime
    kind: str
    obj: Any

    @property
    def key(self) -> tuple[datetime, uuid.UUID]:
        return self.at, self.obj.pk


@dataclass(frozen=True)
class TimelinePage:
    entries: list[TimelineEntry]
    next_cursor: str | None


def timeline(
    client: Client, *, cursor: str | None = None, page_size: int = 30, kinds: Collection[str] | None = None
) -> TimelinePage:
    """One page of a client's history; ``kinds`` narrows it to some keys of ``SOURCES``.

    Each source gives at most a page of rows beyond the cursor, so the cost depends neither on how long the history is
    nor on how far down one reads: one statement per source, three for participants. A bad cursor raises ValueError.
    """
    before = _decode(cursor) if cursor else None
    entries: list[TimelineEntry] = []
    for kind, source in SOURCES.items():
        if kinds is None or kind in kinds:
            entries += [TimelineEntry(at, kind, row) for at, row in source(client, before, page_size + 1)]
    for entry in entries:
        if hasattr(entry.obj, "client_id"):
            entry.obj.client = client
    entries.sort(key=lambda entry: entry.key, reverse=True)
    page = entries[:page_size]
    return TimelinePage(entries=page, next_cursor=_encode(page[-1]) if len(entries) > page_size else None)


Before = tuple[datetime, uuid.UUID] | None
Rows = Iterable[tuple[datetime, Model]]


def _newest(rows: QuerySet[Any], moment: str, before: Before, limit: int) -> Rows:
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk}))
    return [(getattr(row, moment), row) for row in rows.order_by(f"-{moment}", "-pk")[:limit]]


def _interactions(client: Client, before: Before, limit: int) -> Rows:
    rows = Interaction.objects.current().filter(client=client).for_list()
    return _newest(rows.select_related("logged_by__user", "on_behalf_of"), "happened_at", before, limit)


def _answers(client: Client, before: Before, limit: int) -> Rows:
    """Each with what came of it: the tasks that it opened and the first contact since."""
    since = (
        Interaction.objects.current()
        .filter(client=client, happened_at__gte=OuterRef("answered_at"))
        .order_by("happened_at", "pk")
    )
    tasks = Task.objects.select_related("assignee__user", "done_by__user").order_by("created_at", "pk")
    rows = (
        SurveyResponse.objects.filter(invitation__client=client)
        .select_related("invitation__survey", "invitation__contact")
        .annotate(
            contacted_id=Subquery(since.values("pk")[:1]),
            contacted_at=Subquery(since.values("happened_at")[:1]),
            contacted_by=Subquery(since.values("kind")[:1]),
        )
        .prefetch_related(Prefetch("tasks", tasks))
    )
    return _newest(rows, "answered_at", before, limit)


def _ratings(client: Client, before: Before, limit: int) -> Rows:
    """Scores that came neither from our surveys nor with an interaction that stands here already."""
    rows = Score.objects.filter(client=client, survey_response__isnull=True, interaction__isnull=True)
    return _newest(rows.select_related("contact"), "at", before, limit)


def _concerns_opened(client: Client, before: Before, limit: int) -> Rows:
    return _newest(Concern.objects.current().filter(client=client), "opened_at", before, limit)


def _concerns_closed(client: Client, before: Before, limit: int) -> Rows:
    # Imported ones may open and close in the same instant: then one entry tells it all.
    rows = Concern.objects.current().filter(client=client, resolved_at__gt=F("opened_at"))
    return _newest(rows, "resolved_at", before, limit)


def _opportunities_closed(client: Client, before: Before, limit: int) -> Rows:
    rows = Opportunity.objects.filter(client=client, archived_at__isnull=True, closed_at__isnull=False)
    return _newest(rows.select_related("product", "owner"), "closed_at", before, limit)


def _tasks_done(client: Client, before: Before, limit: int) -> Rows:
    rows = Task.objects.current().filter(client=client, status=TaskStatus.DONE)
    return _newest(rows.select_related("done_by__user"), "done_at", before, limit)


def _churn(client: Client, before: Before, limit: int) -> Rows:
    """Days, not moments: they stand at the start of their day in the reader's time zone."""
    rows = ChurnEvent.objects.filter(client=client)
    if before is not None:
        at, pk = before
        day = timezone.localdate(at)
        same_instant = _start_of(day) == at
        rows = rows.filter(Q(on__lt=day) | Q(on=day, pk__lt=pk)) if same_instant else rows.filter(on__lte=day)
    return [(_start_of(row.on), row) for row in rows.order_by("-on", "-pk")[:limit]]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


SOURCES: dict[str, Callable[[Client, Before, int], Rows]] = {
    "interaction": _interactions,
    "survey_answer": _answers,
    "score": _ratings,
    "concern_opened": _concerns_opened,
    "concern_closed": _concerns_closed,
    "opportunity_closed": _opportunities_closed,
    "task_done": _tasks_done,
    "churn": _churn,
}


def _encode(entry: TimelineEntry) -> str:
    at, pk = entry.key
    return signing.dumps([at.isoformat(), str(pk)], salt=_SALT, compress=True)


def _decode(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        at, pk = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise ValueError("This is not a cursor of ours.") from error
    return datetime.fromisoformat(at), uuid.UUID(pk)
