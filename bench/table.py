"""The figures of a run beside what they must reach."""

from collections.abc import Sequence
from typing import Any

from bench import targets
from bench.targets import Target

HEAD = ("", "CPU", "floor", "p50", "p95", "SQL", "bytes", "figure", "must", "aim", "")


def print_table(lines: Sequence[Any], more: dict[str, float]) -> None:
    """One row a call: CPU per request, statements, bytes, and its figure (share of the floor, or ms at its pace)."""
    pace = lines[0].floor_cost.cpu_ms / targets.REFERENCE_MS
    missed: list[str] = []

    def judged(name: str, target: Target | None, value: float) -> tuple[str, str, str, str]:
        if target is None:
            return "", "", "", ""
        reached = target.is_reached(value)
        if not reached:
            missed.append(f"{name}: {target.text(value)}, must {target.limit(target.must)}")
        return target.text(value), target.limit(target.must), target.limit(target.aim), "" if reached else "missed"

    rows = [HEAD]
    for line in lines:
        cost, least = line.cost, line.floor_cost
        target = targets.COST.get(line.name)
        value = least.cpu_ms / cost.cpu_ms if line.floor else cost.cpu_ms / pace
        rows.append(
            (
                line.name,
                f"{cost.cpu_ms:.1f} ms",
                f"{least.cpu_ms:.2f} ms" if line.floor else "",
                f"{cost.percentile(50):.0f} ms",
                f"{cost.percentile(95):.0f} ms",
                str(line.statements),
                f"{cost.size:,}",
                *judged(line.name, target, value),
            )
        )
    print()
    _print(rows)
    rows = [("", "figure", "must", "aim", "")]
    for line in lines:
        if line.name in targets.STATEMENTS:
            name = f"SQL statements of {line.name}"
            rows.append((name, *judged(name, targets.STATEMENTS[line.name], line.statements)))
    for name, target, value in (
        ("Bytes of the REST list of 50", targets.LIST_SIZE, lines[0].cost.size / 1000),
        ("Last page of the interactions ÷ first", targets.FAR_PAGE, more["far page"]),
        ("My day p95, 1,000,000 interactions ÷ 50,000", targets.LARGE_DAY, more.get("large day")),
        ("Row-level security on the list", targets.ROW_SECURITY, more["row security"]),
        ("Memory of the largest web process", targets.WORKER_MEMORY, more["memory"]),
    ):
        if value is not None:
            rows.append((name, *judged(name, target, value)))
    print()
    _print(rows)
    print(
        f"\nThe floor's list costs {lines[0].floor_cost.cpu_ms:.2f} ms of CPU here; milliseconds among the figures are"
    )
    print(f"at the pace of a machine where it costs {targets.REFERENCE_MS} ms.")
    print("\nEverything that must be reached is." if not missed else "\nMissed:\n  " + "\n  ".join(missed))


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        name, *cells = row
        print(
            "  ".join([name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]).rstrip()
        )
