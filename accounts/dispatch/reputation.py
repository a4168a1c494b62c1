"""How the organization's mail to its contacts is taken by the world; a list that hurts our name has to wait.

Providers close accounts long before they are ruined, so surveys pause earlier: at 4 % returned, or at 0.08 %
reported as spam, among the last thousand. An admin deals with the addresses and says so; then a new count begins.
"""

from typing import Any, NamedTuple

from django.db import connection

from accounts.dispatch.registry import kinds
from accounts.tenancy.context import required_organization_id

WINDOW = 1000
# One returned mail of ten says nothing.
FEWEST = 100
MOST_BOUNCED = 0.04
MOST_COMPLAINED = 0.0008

# A mail counts when a server was asked to take it: it was sent, or came back at once. What our own list stopped
# does not, or a clean list would look better the more of it is suppressed.
_LATEST = """
  (SELECT m.id, m.created_at FROM accounts_message m
    WHERE m.organization_id = %(organization)s AND m.status = '{status}' AND m.kind = ANY(%(kinds)s)
      AND m.attempts > 0 AND m.created_at > coalesce((SELECT s.reputation_since FROM accounts_organizationsettings s
                                   WHERE s.organization_id = %(organization)s), '-infinity')
    ORDER BY m.created_at DESC LIMIT %(window)s)"""
_TOLD = """
  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM accounts_mailevent e
     WHERE e.organization_id = %(organization)s AND e.message_id = latest.id AND e.kind = '{kind}'))"""
COUNT = (
    "WITH latest AS ("
    + " UNION ALL ".join(_LATEST.format(status=status) for status in ("sent", "suppressed", "dead"))
    + " ORDER BY created_at DESC LIMIT %(window)s) SELECT count(*), "
    + ", ".join(_TOLD.format(kind=kind) for kind in ("bounced", "complained"))
    + " FROM latest"
)


class Reputation(NamedTuple):
    """Of the latest mails to contacts: how many were handed over, came back, were reported as spam."""

    sent: int
    bounced: int
    complained: int

    @property
    def bounce_rate(self) -> float:
        return self.bounced / self.sent if self.sent else 0.0

    @property
    def complaint_rate(self) -> float:
        return self.complained / self.sent if self.sent else 0.0

    @property
    def is_good(self) -> bool:
        is_told = self.sent >= FEWEST
        return not is_told or (self.bounce_rate <= MOST_BOUNCED and self.complaint_rate <= MOST_COMPLAINED)


def reputation() -> Reputation:
    """The current organization's, since an admin last dealt with returned addresses."""
    names = [kind.name for kind in kinds() if kind.is_to_contacts]
    parameters: dict[str, Any] = {"organization": required_organization_id(), "kinds": names, "window": WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, parameters)
        return Reputation(*cursor.fetchone())


def may_send_bulk() -> bool:
    """Whether campaigns may send now, inside ``tenant()``; ask once per step, not per message."""
    return reputation().is_good
