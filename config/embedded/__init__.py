"""PostgreSQL and Redis out of two Python wheels, for a machine that has neither. Never used in production.

We take the wheels' binaries and keep our own life cycle: sockets and passwords instead of ports and trust, PostgreSQL
as ``nobody`` when root starts us, one lock so that starters do not race, and a keeper that stops the servers after
their last user, even one that was killed.
"""
