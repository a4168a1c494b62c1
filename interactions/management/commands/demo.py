from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from environs import Env

from interactions.demo import build, people


class Command(BaseCommand):
    help = "Build the demo organizations, demo and other, with sign-ins and 18 months of history. Harmless to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="take what is there out first and build it anew")

    def handle(self, *args, reset=False, **options):
        if settings.RAFIQ_ENV == "production":
            raise CommandError("The demo has sign-ins with a known password, so it is refused in production.")
        password = Env().str("DEMO_PASSWORD", "rafiq-demo")
        for slug, make in ((build.DEMO, build.build_demo), (build.OTHER, build.build_other)):
            if reset:
                build.clear(slug)
            if build.is_built(slug):
                self.stdout.write(f"{slug}: is there already. Use --reset to build it anew.")
                continue
            self.stdout.write(f"{slug}: {make(password)} clients.")
        self.stdout.write("\nSign-ins:")
        for domain, crew in (("demo.example", people.NAHDA), ("other.example", people.ORCHID)):
            for person in crew:
                self.stdout.write(f"  {f'{person.key}@{domain}':<24}{person.role.label} · {person.title}")
        self.stdout.write("Password: the one in DEMO_PASSWORD, or rafiq-demo.")
