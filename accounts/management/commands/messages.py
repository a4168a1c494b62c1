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
        if check:
            return self.report(complaints(path, found), len(found))
        added, removed = update(path, found)
        missing = complaints(path, found)
        self.stdout.write(f"{len(found)} sentences, {added} added, {removed} removed, {len(missing)} to mend.")
        for fault in missing:
            self.stdout.write(f"  {fault}")

    def report(self, faults, count):
        if faults:
            raise CommandError("\n".join([f"{len(faults)} faults in the Arabic catalogue:", *faults]))
        self.stdout.write(f"{count} sentences, all of them in Arabic.")
