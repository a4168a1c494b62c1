"""How many SQL statements a page or a call takes, and that more rows do not take more."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rest import FRAME


def statements(call):
    """The SQL of ``call()``, without opening and closing transactions and saying which organization it is for.

    The call is made once before, so that what is read once per process or noted once per minute is not counted.
    """
    call()
    with CaptureQueriesContext(connection) as queries:
        response = call()
    assert response.status_code in (200, 201), response.content[:500]
    return [each["sql"] for each in queries if not each["sql"].startswith(FRAME)]


def assert_at_most(most, found):
    listing = "\n".join(f"{number}. {shape(sql)}" for number, sql in enumerate(found, 1))
    assert len(found) <= most, f"{len(found)} statements, {most} allowed:\n{listing}"


def shape(sql):
    """A statement short enough to recognise: its columns and its values left out."""
    return re.sub(r"'[^']*'", "?", re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", sql, flags=re.S))[:300]
