"""What an import leaves in the audit log: when it began and by how many days its dates moved; what it wrote."""

from accounts.imports.registry import importer_of
from accounts.imports.run import Run
from accounts.models import AuditEntry
from accounts.services.audit import record

IMPORTED = "imported"


def recorded_shift(run: Run) -> int | None:
    """The shift that an earlier run of the same source used; dates must not move a second time."""
    entries = AuditEntry.objects.filter(object_id=run.organization.pk, verb=IMPORTED).order_by("-at", "-id")
    for entry in entries:
        if entry.after.get("source") == run.mapping.source and "shift_days" in entry.after:
            return int(entry.after["shift_days"])
    return None


def started(run: Run, days: int) -> None:
    record(
        actor=None,
        verb=IMPORTED,
        obj=run.organization,
        after={"source": run.mapping.source, "title": run.mapping.title, "shift_days": days},
    )


def finished(run: Run) -> None:
    """One entry per entity that changed; an import that changes nothing leaves none."""
    totals: dict[str, dict[str, int]] = {}
    for tally in run.report.tallies.values():
        counts = totals.setdefault(tally.entity, {"added": 0, "changed": 0, "refused": 0})
        counts["added"] += tally.added
        counts["changed"] += tally.changed
        counts["refused"] += tally.refused
    for entity, counts in totals.items():
        if counts["added"] or counts["changed"]:
            what = {"source": run.mapping.source, "entity": importer_of(entity).model._meta.label_lower}
            told = {name: count for name, count in counts.items() if count}
            record(actor=None, verb=IMPORTED, obj=run.organization, after=what | told)
