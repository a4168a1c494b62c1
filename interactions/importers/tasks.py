from accounts.imports.fields import Choice, Day, Field, Link, Moment
from accounts.imports.importer import Importer
from accounts.imports.links import MEMBER
from accounts.imports.records import Record
from accounts.imports.run import Run
from interactions.choices import Priority, TaskStatus
from interactions.models import Task


class TaskImporter(Importer):
    entity = "task"
    model = Task
    about = "Work for a member, open or done."
    fields = (
        Field(name="title", about="What is to be done.", required=True),
        Field(name="notes", about="Anything else."),
        Day(name="due_on", about="When it is due.", is_plan=True),
        Choice(name="priority", about="How urgent.", choices=Priority),
        Choice(name="status", about="`done` when it has a `done_at`, otherwise `open`.", choices=TaskStatus),
        Moment(name="done_at", about="When it was done; `due_on` unless given, or else now."),
        Link(name="client", about="For which client.", entity="client"),
        Link(name="contact", about="About whom.", entity="contact"),
        Link(name="opportunity", about="For which opportunity.", entity="opportunity"),
        Link(
            name="assignee",
            about='Who does it, by e-mail address; or `entity = "manager"`, whose member it becomes.',
            entity=MEMBER,
        ),
    )

    def complete(self, run: Run, record: Record) -> None:
        done = record.values.get("done_at")
        status = record.values.get("status") or (TaskStatus.DONE if done else TaskStatus.OPEN)
        record.values["status"] = status
        record.values["done_at"] = done if status == TaskStatus.DONE else None
        if status == TaskStatus.DONE and done is None:
            stored = getattr(record.obj, "done_at", None)
            record.values["done_at"] = stored or run.now
