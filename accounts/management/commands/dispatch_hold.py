"""After a restore: keep old messages from going out again."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.dispatch import queue
from accounts.models import Organization
from accounts.tenancy.context import tenant


class Command(BaseCommand):
    help = (
        "Hold the messages that were due before a moment, until dispatch_release. Workers of a restored database do it "
        "by themselves; this is for a restored copy of the disk, and for holding one organization's mail."
    )

    def add_arguments(self, parser):
        parser.add_argument("--before", metavar="TIME", help="ISO 8601, with its offset or in UTC; now when left out")
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")

    def handle(self, *args, **options):
        before = _moment(options["before"]) if options["before"] else timezone.now()
        total = 0
        for organization in chosen(options["organization"]):
            with tenant(organization.pk):
                count = queue.hold(due_before=before)
            if count:
                self.stdout.write(f"{organization.slug}: {count} held")
            total += count
        self.stdout.write(f"Held: {total}, due before {before.isoformat(timespec='seconds')}. Next: dispatch_release.")


def chosen(slug):
    """The organization of that name, or all of them."""
    organizations = Organization.objects.order_by("slug")
    if not slug:
        return organizations
    found = organizations.filter(slug=slug)
    if not found:
        raise CommandError(f"There is no organization {slug!r}.")
    return found


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no time. Write it like 2026-11-23T08:00+03:00.") from None
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=timezone.get_default_timezone())
