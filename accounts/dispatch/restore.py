"""A restored database remembers messages as waiting that were sent after the backup. It must not send them again.

The database keeps a note of itself: which server, which database, which history. Workers compare it before they claim,
and when it does not match, everything that was due is held until somebody who knows what happened releases it.

A copy of the disk has the same note. There only the silence of the workers tells, and only when it was long.
"""

import logging
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from accounts.dispatch.models import SendingState

logger = logging.getLogger(__name__)

ONLY = 1
#: A standby that takes over begins a new history too; it has missed minutes, a restore from a backup hours.
LONGEST_FAILOVER = 300
LOOK = """
SELECT s.database, here.name, extract(epoch FROM now() - s.held_before),
  extract(epoch FROM now() - greatest(s.held_before, (SELECT max(seen_at) FROM accounts_workerheartbeat)))
FROM (SELECT concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8)) AS name) AS here
LEFT JOIN accounts_sendingstate s ON s.id = %s
"""
FIRST = "INSERT INTO accounts_sendingstate (id, database) VALUES (%s, '') ON CONFLICT DO NOTHING"
NOTE = """
UPDATE accounts_sendingstate SET database = %s, held_before = CASE WHEN %s THEN now() ELSE held_before END WHERE id = %s
"""


class Sight(NamedTuple):
    """What a worker sees: the note, the truth, seconds since a restore was noticed, seconds without any worker."""

    noted: str | None
    here: str
    since: float | None
    silence: float | None

    @property
    def is_restored(self) -> bool:
        if not self.noted:
            return False  # the first start of all
        if self.noted == self.here:
            longest = settings.DISPATCH_SILENCE_HOURS * 3600
            return bool(longest) and self.silence is not None and self.silence > longest
        is_same_place = self.noted.rpartition(":")[0] == self.here.rpartition(":")[0]
        is_failover = is_same_place and self.silence is not None and self.silence <= LONGEST_FAILOVER
        return not is_failover


def watch() -> float | None:
    """Hold what is due if this database was restored; asked before any work. Seconds since one that is not released."""
    sight = _look()
    if sight.noted == sight.here and not sight.is_restored:
        return sight.since
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIRST, [ONLY])
        SendingState.objects.select_for_update().get(pk=ONLY)
        sight = _look()  # another worker may have been quicker
        if sight.is_restored:
            cursor.execute("SELECT dispatch.hold(now())")
            count = cursor.fetchone()[0]
            logger.warning(
                "This database was restored, or nobody has sent from it for long. %d messages that were due are held,"
                " so that nothing is sent twice. Look at them, then run: manage.py dispatch_release",
                count,
            )
        cursor.execute(NOTE, [sight.here, sight.is_restored, ONLY])
    return 0.0 if sight.is_restored else sight.since


def accept() -> None:
    """The operator has decided: this database is the right one, and nothing is held back any more."""
    sight = _look()
    SendingState.objects.update_or_create(pk=ONLY, defaults={"database": sight.here, "held_before": None})


def _look() -> Sight:
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [ONLY])
        noted, here, since, silence = cursor.fetchone()
    return Sight(noted, here, _seconds(since), _seconds(silence))


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))
