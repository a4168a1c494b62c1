"""Surveys sent to many: whom a campaign asks, when an occasion comes, and how far it has got.

Everything due is a row. The clock takes a running campaign, looks at the next few hundred rows after its ``cursor``,
takes the rest period of those it may ask, and writes their invitations and messages in the same transaction; the
dispatch engine sends them. Nothing depends on a task's arguments, and any number of clocks may run.
"""
