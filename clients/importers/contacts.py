from collections.abc import Sequence

from accounts.choices import Language as Languages
from accounts.imports.fields import Choice, Day, Email, Field, Flag, Language, Link
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from clients.choices import ContactRole, Influence, Stance
from clients.models import Contact


class ContactImporter(Importer):
    entity = "contact"
    model = Contact
    about = "A person at a client."
    fields = (
        Field(name="name", about="Full name.", required=True),
        Field(name="name_other", about="The name in the other script."),
        Email(name="email", about="Address; surveys go there."),
        Field(name="phone", about="Telephone number."),
        Language(name="language", about="The language to write in.", choices=Languages),
        Choice(name="role", about="Part in the decision.", choices=ContactRole),
        Choice(name="influence", about="How much their word weighs.", choices=Influence),
        Choice(name="stance", about="How they stand towards us.", choices=Stance),
        Flag(name="is_primary", about="The first person to call; at most one of a client."),
        Flag(name="survey_consent", about="Whether they may be surveyed."),
        Day(name="left_on", about="Last day at the client.", is_plan=True),
        Link(name="client", about="Where they work.", entity="client", required=True),
        Link(name="reports_to", about="Their superior.", entity="contact"),
    )

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
