"""What a serving process demands before its first answer: a database role that row-level security holds."""

import logging
import sys
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.template.loader import get_template

from accounts.tenancy.roles import role_problems

logger = logging.getLogger(__name__)

REFUSED = "The web does not serve as this role. {} Set DATABASE_URL to the role rafiq_web (manage.py setup_roles)."


def refuse_powerful_role() -> None:
    """End the process when it is connected as owner or superuser.

    When the database is away there is nobody to ask; then the first connection that it grants is asked instead.
    """
    connection_created.connect(_inspect, dispatch_uid="refuse_powerful_role")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        logger.warning("The database did not answer while the web started: %s", error)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    finally:
        connection.close()


def load_pages() -> None:
    """Import every page and read every template now, or the first visitor of each process waits for it."""
    for front in (settings.ROOT_URLCONF, "config.organization_urls"):
        import_module(front)
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))


def _inspect(connection: Any, **kwargs: Any) -> None:
    with connection.cursor() as cursor:
        problems = role_problems(cursor)
    if problems:
        connection.close()
        raise ImproperlyConfigured(REFUSED.format(" ".join(problems)))
    connection_created.disconnect(dispatch_uid="refuse_powerful_role")
