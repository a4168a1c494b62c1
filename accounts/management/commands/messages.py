"""``manage.py messages``: bring the Arabic catalogue up to the code, or check that nothing is missing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.translation import catalogue_path, collect, complaints, update


class Command(BaseCommand):
    help = "Collects every translatable sentence into locale/ar, keeping translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when a sentence is not whole.")

    def handle(self, *args, check=False, **options):
        path, found = catalogue_path(), collect(settings.BASE_DIR)
        if not check:
            added, removed = update(path, found)
            self.stdout.write(f"{added} added, {removed} removed.")
        faults = complaints(path, found)
        if faults and check:
            raise CommandError("\n".join([f"{len(faults)} faults in the Arabic catalogue:", *faults]))
        self.stdout.write("\n".join([f"{len(found)} sentences, {len(faults)} to mend.", *faults]))
