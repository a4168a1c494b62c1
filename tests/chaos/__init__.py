"""Fault tests of the dispatch engine against real processes: workers, two clocks, a mail server, and kill -9."""
