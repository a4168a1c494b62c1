"""Wake-ups. They carry no work: losing, repeating or delaying one costs nothing, the rows are still there."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from accounts.dispatch import engine, generate, reap
from accounts.dispatch.choices import Lane
from accounts.models import Organization

logger = logging.getLogger(__name__)


@contextmanager
def _until_the_database_is_back() -> Iterator[None]:
    """A database that is away ends the task in one line; the next tick connects anew."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        connection.close()
        logger.warning("The database is away: %s", str(error).partition("\n")[0])


@shared_task(name="drain")
def drain(lane: int) -> None:
    with _until_the_database_is_back():
        engine.drain(Lane(lane))


@shared_task(name="reap")
def reap_expired() -> None:
    with _until_the_database_is_back():
        reap.reap()


@shared_task(name="generate")
def run_generator(name: str) -> None:
    with _until_the_database_is_back():
        generate.generate(name, Organization.objects.values_list("pk", flat=True))
