"""Teams and account managers out of files."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from accounts.imports.fields import Day, Email, Field, Link, Money, Number
from accounts.imports.importer import Importer
from accounts.imports.links import MEMBER
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from managers.models import AccountManager, ReportingLine, Team


class TeamImporter(Importer):
    entity = "team"
    model = Team
    about = "Account managers who work together."
    fields = (Field(name="name", about="The team's name.", required=True),)


class ManagerImporter(Importer):
    """Managers come without a sign-in, unless a link names the member; they are invited later."""

    entity = "manager"
    model = AccountManager
    about = "Somebody who looks after clients, or leads those who do."
    fields = (
        Field(name="name", about="Full name.", required=True),
        Email(name="email", about="Address at work."),
        Field(name="title", about="What stands on the business card."),
        Field(name="level", about="Grade in the organization's own words."),
        Number(name="fte", about="Share of a full-time position in per cent.", least=0, most=100),
        Number(name="weekly_hours", about="Hours a week of a full-time position.", least=0, most=168),
        Money(name="hourly_cost", attribute="hourly_cost_minor", about="What an hour costs."),
        Field(name="skills", about="Skills, as a text."),
        Field(name="languages", about="Languages spoken, as a text."),
        Field(name="qualifications", about="Qualifications, as a text."),
        Field(name="city", about="Where they work."),
        Day(name="left_on", about="Last day, when they have left.", is_plan=True),
        Day(name="reports_since", about="Since when they report to `reports_to`; today unless given.", is_stored=False),
        Link(name="team", about="Their team.", entity="team"),
        Link(name="reports_to", about="Their superior.", entity="manager"),
        Link(name="member", about="The member they sign in as, by e-mail address.", entity=MEMBER),
    )

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        since = run.notes.setdefault("reports_since", {})
        since.update({record.obj.pk: record.extra.get("reports_since") for record in records if record.obj})
        opened = set(
            ReportingLine.objects.filter(manager__in=since, until_on=None).values_list("manager_id", flat=True)
        )
        ReportingLine.objects.bulk_create(
            ReportingLine(manager_id=record.obj.pk, from_on=since[record.obj.pk] or run.today)
            for record in records
            if record.obj and record.is_new and record.obj.pk not in opened
        )

    def linked(self, run: Run, attribute: str, changes: Sequence[tuple[UUID, UUID | None]]) -> None:
        """Keep the history of reporting lines: close the old one, open the new one."""
        since: dict[UUID, date | None] = run.notes.get("reports_since", {})
        superiors = dict(changes)
        lines = {line.manager_id: line for line in ReportingLine.objects.filter(manager__in=superiors, until_on=None)}
        opened, redrawn, closed = [], [], []
        for manager, superior in superiors.items():
            line = lines.get(manager)
            if line is not None and line.reports_to_id is None and line.from_on >= (since.get(manager) or run.today):
                # Opened by this import a moment ago, before it was known to whom.
                line.reports_to_id = superior
                redrawn.append(line)
                continue
            start = run.today if line is not None else since.get(manager) or run.today
            if line is not None:
                line.until_on = max(start, line.from_on)
                closed.append(line)
            opened.append(ReportingLine(manager_id=manager, reports_to_id=superior, from_on=start))
        ReportingLine.objects.bulk_update(redrawn, ["reports_to"])
        ReportingLine.objects.bulk_update(closed, ["until_on"])
        ReportingLine.objects.bulk_create(opened)


IMPORTERS = (TeamImporter(), ManagerImporter())
