"""What the dispatch engine is doing, in the terminal."""

from django.core.management.base import BaseCommand
from django.db.models import Count, F, Min
from django.db.models.functions import Now

from accounts.dispatch.choices import Lane, MessageStatus
from accounts.dispatch.models import Message, Provider, WorkerHeartbeat
from accounts.models import Organization
from accounts.tenancy.context import tenant


class Command(BaseCommand):
    help = "Print what is waiting, being sent, sent and given up per organization and lane; workers and the breaker."

    def add_arguments(self, parser):
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")

    def handle(self, *args, **options):
        organizations = Organization.objects.order_by("slug")
        if options["organization"]:
            organizations = organizations.filter(slug=options["organization"])
        for organization in organizations:
            self._print_organization(organization)
        self._print_machinery()

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

    def _print_machinery(self):
        for worker in WorkerHeartbeat.objects.annotate(silent_for=Now() - F("seen_at")).order_by("worker"):
            self.stdout.write(f"worker {worker.worker} ({Lane(worker.lane).queue}): silent for {worker.silent_for}")
        for provider in Provider.objects.order_by("name"):
            state = f"open until {provider.open_until:%H:%M:%S}" if provider.open_until else "closed"
            self.stdout.write(f"provider {provider.name}: breaker {state}")
