"""What the dispatch engine is doing, in the terminal: the figures of /metrics, then each organization."""

from django.core.management.base import BaseCommand
from django.db.models import Count, F, Min
from django.db.models.functions import Now

from accounts.dispatch.choices import Lane, MessageStatus
from accounts.dispatch.figures import figures
from accounts.dispatch.models import Message, WorkerHeartbeat
from accounts.management.commands.dispatch_hold import chosen
from accounts.tenancy.context import tenant

STATES = ("due", "scheduled", "leased", "sending", "dead", "held")


class Command(BaseCommand):
    help = "Print what is waiting, being sent, sent and given up; workers, providers; then each organization."

    def add_arguments(self, parser):
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")

    def handle(self, *args, **options):
        if not options["organization"]:
            self._print_figures(figures())
        for organization in chosen(options["organization"]):
            self._print_organization(organization)

    def _print_figures(self, found):
        rows = {(line.lane, line.state): line for line in found.queue}
        self._line("lane", *STATES, "oldest due")
        for lane in Lane:
            counts = [rows[lane, state].rows if (lane, state) in rows else 0 for state in STATES]
            oldest = f"{rows[lane, 'due'].oldest:.0f} s" if (lane, "due") in rows else "-"
            self._line(lane.queue, *counts, oldest)
        for lane, outcome, total in found.outcomes:
            self.stdout.write(f"{lane}: {outcome} {total} in all")
        for worker in WorkerHeartbeat.objects.annotate(silent_for=Now() - F("seen_at")).order_by("worker"):
            self.stdout.write(f"worker {worker.worker} ({Lane(worker.lane).queue}): silent for {worker.silent_for}")
        for provider in found.providers:
            tokens = "" if provider.tokens is None else f", {provider.tokens:.1f} tokens"
            slow = ", half its rate" if provider.is_slow else ""
            state = "open" if provider.is_open else "closed"
            self.stdout.write(f"provider {provider.name}: breaker {state}{slow}{tokens}")
        if found.closed_endpoints:
            self.stdout.write(f"endpoints of webhooks that nobody calls now: {found.closed_endpoints}")
        if found.is_held:
            self.stdout.write("This database was restored: what was due is held. Next: dispatch_release.")

    def _line(self, first, *rest):
        self.stdout.write(first.ljust(8) + "".join(str(cell).rjust(12) for cell in rest))

    def _print_organization(self, organization):
        with tenant(organization.pk):
            counts = Message.objects.values("lane", "status").annotate(rows=Count("id")).order_by("lane", "status")
            overdue = Message.objects.filter(status=MessageStatus.PENDING, next_attempt_at__lt=Now()).aggregate(
                rows=Count("id"), delay=Now() - Min("next_attempt_at")
            )
            reasons = (
                Message.objects.filter(status=MessageStatus.DEAD)
                .values("kind", "last_error")
                .annotate(rows=Count("id"))
                .order_by("-rows")[:5]
            )
            lanes = {}
            for row in counts:
                lanes.setdefault(Lane(row["lane"]).queue, []).append(f"{row['status']} {row['rows']}")
            self.stdout.write(organization.slug)
            for lane, parts in lanes.items():
                self.stdout.write(f"  {lane}: {', '.join(parts)}")
            if overdue["rows"]:
                self.stdout.write(f"  overdue: {overdue['rows']}, the oldest by {overdue['delay']}")
            for row in reasons:
                self.stdout.write(f"  dead: {row['rows']} x {row['kind']}: {row['last_error']}")
