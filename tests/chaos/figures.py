"""What the promise is measured by: accepted copies against recorded rows."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from accounts.dispatch.send import message_id


class Copy(NamedTuple):
    at: float
    message_id: str
    subject: str


class Row(NamedTuple):
    send_key: str
    status: str
    attempts: int
    deferrals: int
    uncertain: int
    due_at: datetime
    lane: int
    organization_id: UUID

    @property
    def message_id(self):
        return message_id(self)


ROWS = """
SELECT send_key, status, attempts, deferrals, uncertain, due_at, lane, organization_id FROM accounts_message
"""


def copies(rig):
    """What the mail server accepted, in its order."""
    if not rig.mail_log.exists():
        return []
    lines = (line.split(" ", 2) for line in rig.mail_log.read_text().splitlines())
    return [Copy(float(at), identity, subject) for at, identity, subject in lines]


def rows(rig):
    with rig.platform() as database:
        return [Row(*row) for row in database.execute(ROWS)]


def kills_logged(rig):
    return len(rig.kill_log.read_text().splitlines()) if rig.kill_log.exists() else 0


class Figures(dict):
    """What a scenario measured, and what of it is out of bounds."""

    def __init__(self, **values):
        super().__init__(values)
        self.complaints = []

    def demand(self, holds, words):
        if not holds:
            self.complaints.append(words)

    def demand_promise(self, *, count):
        """What holds in every scenario: all recorded, all handed over, no second copy without an end nobody saw."""
        self.demand(self["lost"] == 0, "messages were lost")
        self.demand(self["sent"] == count, f"{count} should have been sent")
        self.demand(self["duplicated"] <= self["uncertain"], "a second copy without a reason")


def result(rig, *, faults, seconds, **more):
    """The figures of every scenario. ``lost``: recorded without a copy, or a copy without a record."""
    accepted, recorded = copies(rig), rows(rig)
    times = Counter(copy.message_id for copy in accepted)
    sent = {row.message_id for row in recorded if row.status == "sent"}
    figures = Figures(
        lost=len(sent ^ times.keys()),
        duplicated=sum(times.values()) - len(times),
        sent=len(sent),
        faults=faults,
        seconds=round(seconds),
        uncertain=sum(row.uncertain for row in recorded),
        **more,
    )
    figures.demand(len({row.message_id for row in recorded}) == len(recorded), "a message is recorded twice")
    return figures


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def line(name, figures):
    """``R1 lost=0 duplicated=1 sent=10000 faults=45 seconds=61``, and what else the scenario measured."""
    return " ".join([name, *(f"{key}={value}" for key, value in figures.items())])
