from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from accounts.tenancy.context import tenant
from interactions.services import rebuild_rollups


class Command(BaseCommand):
    help = "Compute every client's stored figures afresh: revenue, lifecycle, renewal, last contact, scores, concerns."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--organization", metavar="SLUG")
        which.add_argument("--all-organizations", action="store_true")

    def handle(self, *args, organization=None, all_organizations=False, **options):
        found = Organization.objects.order_by("slug")
        if not all_organizations:
            found = found.filter(slug=organization)
            if not found:
                raise CommandError(f"There is no organization {organization!r}.")
        for each in found:
            with tenant(each.pk):
                self.stdout.write(f"{each.slug}: {rebuild_rollups()} clients")
