"""After a restore: what was held goes out, or never does."""

from django.core.management.base import BaseCommand

from accounts.dispatch import queue, restore
from accounts.management.commands.dispatch_hold import chosen
from accounts.tenancy.context import tenant


class Command(BaseCommand):
    help = "Let held messages go out now, or with --discard cancel them; and accept this database as the right one."

    def add_arguments(self, parser):
        parser.add_argument("--organization", metavar="SLUG", help="only this organization's messages")
        parser.add_argument("--discard", action="store_true", help="cancel them: they were sent before the restore")

    def handle(self, *args, **options):
        settle, verb = (queue.discard_held, "discarded") if options["discard"] else (queue.release, "released")
        total = 0
        for organization in chosen(options["organization"]):
            with tenant(organization.pk):
                count = settle()
            if count:
                self.stdout.write(f"{organization.slug}: {count} {verb}")
            total += count
        if not options["organization"]:
            restore.accept()
        self.stdout.write(f"{verb.capitalize()}: {total}.")
