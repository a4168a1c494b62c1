"""The figures stored on a client, so that lists read them instead of adding up a million rows.

Kept as things happen (``refresh_revenue``, ``touch``, ``record_score``, ``set_critical_concerns``) and rebuilt by
``rebuild`` for imports and every night, when days alone change a lifecycle. They are not edits by people: no version
moves, and no audit entry is written; what caused them has its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clients.lifecycle import Line, Standing, next_renewal, revenue, standing_of
from clients.models import Client, ContractLine, LifecyclePeriod

REVENUE_FIELDS = ("mrr_minor", "currency", "lifecycle", "next_renewal_on", "notice_on", "since")
BATCH = 2000


def refresh_revenue(client: Client, on: date | None = None) -> Client:
    """MRR, lifecycle and renewal days of one client after its contracts changed; ``client`` is brought up to date."""
    rebuild([client.pk], on=on)
    client.refresh_from_db(fields=REVENUE_FIELDS)
    return client


def rebuild(client_ids: Iterable[UUID] | None = None, on: date | None = None) -> int:
    """The same for many clients, or all: a handful of statements per 2,000. Returns how many clients changed."""
    on = on or timezone.localdate()
    everybody = Client.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(everybody if client_ids is None else client_ids)
    return sum(_rebuild_batch(ids[start : start + BATCH], on) for start in range(0, len(ids), BATCH))


@transaction.atomic
def _rebuild_batch(ids: list[UUID], on: date) -> int:
    clients = list(
        Client.objects.filter(pk__in=ids).only(*REVENUE_FIELDS).order_by("pk").select_for_update(of=("self",))
    )
    lines = _lines_of(ids)
    changed, standings = [], {}
    for client in clients:
        facts, standing = _facts(client, lines[client.pk], on)
        standings[client.pk] = standing
        if facts != {name: getattr(client, name) for name in REVENUE_FIELDS}:
            for name, value in facts.items():
                setattr(client, name, value)
            changed.append(client)
    Client.objects.bulk_update(changed, REVENUE_FIELDS, batch_size=500)
    _write_periods(clients, standings, on)
    return len(changed)


def _facts(client: Client, lines: list[Line], on: date) -> tuple[dict[str, Any], Standing]:
    standing = standing_of(lines, on)
    currency = client.currency or _main_currency(lines)
    renewal_on, notice_on = next_renewal(lines, on)
    first = min((line.starts_on for line in lines), default=None)
    return {
        "mrr_minor": revenue(lines, on, currency),
        "currency": currency,
        "lifecycle": standing.lifecycle,
        "next_renewal_on": renewal_on,
        "notice_on": notice_on,
        "since": client.since or first,
    }, standing


def _main_currency(lines: list[Line]) -> str:
    return Counter(line.currency for line in lines).most_common(1)[0][0] if lines else ""


def _lines_of(ids: list[UUID]) -> dict[UUID, list[Line]]:
    columns = ("client_id", "starts_on", "ends_on", "mrr_minor")
    of_contract = ("contract__currency", "contract__ends_on", "contract__notice_days")
    rows = ContractLine.objects.current().filter(client__in=ids, contract__archived_at=None)
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for client_id, *facts in rows.values_list(*columns, *of_contract):
        lines[client_id].append(Line(*facts))
    return lines


def _write_periods(clients: list[Client], standings: dict[UUID, Standing], on: date) -> None:
    """Close the open lifecycle period of clients that stand elsewhere now, and open the next."""
    stands = {client.pk: client for client in clients}
    open_rows = {row.client_id: row for row in LifecyclePeriod.objects.current().filter(client__in=stands)}
    closing, opening, renamed = [], [], []
    for pk, client in stands.items():
        row = open_rows.get(pk)
        begun = standings[pk].since
        if row is None:
            day = begun or client.since or on
            opening.append(LifecyclePeriod(client=client, lifecycle=client.lifecycle, from_on=day))
        elif row.lifecycle != client.lifecycle:
            day = begun if begun and row.from_on < begun <= on else on
            if row.from_on >= day:
                row.lifecycle = client.lifecycle
                renamed.append(row)
            else:
                row.until_on = day
                closing.append(row)
                opening.append(LifecyclePeriod(client=client, lifecycle=client.lifecycle, from_on=day))
    LifecyclePeriod.objects.bulk_update(renamed, ["lifecycle"], batch_size=500)
    LifecyclePeriod.objects.bulk_update(closing, ["until_on"], batch_size=500)
    LifecyclePeriod.objects.bulk_create(opening)


def touch(client: Client, at: datetime) -> None:
    """There was two-way contact at ``at``; an older one changes nothing."""
    newer = Q(last_contact_at=None) | Q(last_contact_at__lt=at)
    if Client.objects.filter(newer, pk=client.pk).update(last_contact_at=at):
        client.last_contact_at = at


def set_last_contact(client: Client, at: datetime | None) -> None:
    """What the interactions say after one was corrected or archived."""
    Client.objects.filter(pk=client.pk).update(last_contact_at=at)
    client.last_contact_at = at


def record_score(client: Client, scale: str, value: int, on: date) -> None:
    """The latest answer on a scale ("nps", "csat"); older answers, and scales without a column, change nothing."""
    if scale not in ("nps", "csat"):
        return
    newer = Q(**{f"last_{scale}_on": None}) | Q(**{f"last_{scale}_on__lte": on})
    facts = {f"last_{scale}": value, f"last_{scale}_on": on}
    if Client.objects.filter(newer, pk=client.pk).update(**facts):
        for name, fact in facts.items():
            setattr(client, name, fact)


def set_critical_concerns(client: Client, count: int) -> None:
    Client.objects.filter(pk=client.pk).update(critical_concerns=count)
    client.critical_concerns = count
