import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from accounts.imports.engine import run_import
from accounts.imports.errors import ImportStopped, did_you_mean
from accounts.imports.mapping import load
from accounts.imports.report import Report
from accounts.models import Organization

WIDTH_OF_LOGS = 140


class Command(BaseCommand):
    help = "Imports CSV files into an organization, as a mapping file says (see docs/import.md)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("mapping", metavar="MAPPING.toml", type=Path, help="the mapping file")
        parser.add_argument("directory", metavar="DIRECTORY", type=Path, help="the folder of the CSV files")
        parser.add_argument("--organization", required=True, metavar="SLUG", help="the organization's address")
        parser.add_argument("--dry-run", action="store_true", help="check and count everything, write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write every refused row to this CSV file")

    def handle(self, *, mapping, directory, organization, dry_run, report, **options):
        console = Console(file=self.stdout._out, no_color=options["no_color"], highlight=False)
        if not console.is_terminal:
            console.width = WIDTH_OF_LOGS
        try:
            with Report(report) as told:
                self.run_import(console, mapping, directory, organization, dry_run, told)
        except ImportStopped as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted. What was imported so far is kept; run the same command again to go on.", returncode=130
            ) from None
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {first_line(error)}") from None
        except DatabaseError as error:
            raise CommandError(f"The database refused to go on: {first_line(error)}") from None
        except OSError as error:
            raise CommandError(f"{error.filename or 'A file'} cannot be read: {error.strerror}.") from None
        self.tell(console, told, report, dry_run)

    def run_import(self, console, mapping, directory, slug, is_dry_run, told):
        if not directory.is_dir():
            raise ImportStopped(f"There is no folder {directory}.")
        loaded = load(mapping)
        found = find_organization(slug)
        started = time.monotonic()
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("", total=None)

            def advance(name, done, total):
                if progress.tasks[bar].description != escape(name):
                    progress.reset(bar, description=escape(name), total=total or None)
                progress.update(bar, completed=done)

            run_import(
                organization=found,
                mapping=loaded,
                directory=directory,
                report=told,
                is_dry_run=is_dry_run,
                progress=advance,
            )
        console.print(f"{loaded.title} → {found.name}: {time.monotonic() - started:,.1f} seconds", markup=False)

    def tell(self, console, told, path, is_dry_run):
        table = Table("File", "Becomes")
        for name in ("Read", "Added", "Changed", "Unchanged", "Passed over", "Refused"):
            table.add_column(name, justify="right")
        for tally in told.tallies.values():
            counts = (tally.read, tally.added, tally.changed, tally.unchanged, tally.passed_over, tally.refused)
            table.add_row(escape(tally.name), tally.entity, *(f"{count:,}" for count in counts))
        console.print(table)
        for refusal in told.shown:
            console.print(escape(str(refusal)), soft_wrap=True)
        if told.refused > len(told.shown):
            console.print(f"… and {told.refused - len(told.shown):,} more.")
        if told.refused and path:
            console.print(f"All {told.refused:,} refused rows are in {escape(str(path))}.", soft_wrap=True)
        elif told.refused:
            console.print("Add --report FILE to get every refused row as CSV.")
        if is_dry_run:
            console.print("This was a dry run: nothing was written.")
        elif not told.written:
            console.print("Nothing had to be written: everything is there already.")


def find_organization(slug):
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        known = list(Organization.objects.order_by("slug").values_list("slug", flat=True)[:50])
        hint = did_you_mean(slug, known) if known else "Make one with create_organization."
        raise ImportStopped(f"There is no organization “{slug}”. {hint}")
    return found


def first_line(error):
    return str(error).strip().partition("\n")[0]
