"""Everything that is sent later: rows of ``Message`` are the queue, PostgreSQL holds the work.

Celery and Redis only carry "wake up", so a lost, repeated or late task costs nothing. The promise: every message is
recorded exactly once and handed to the mail server at least once; a second copy can go out only when a process dies
or is paused past its lease in the moment between the server's acceptance and our commit.
"""
