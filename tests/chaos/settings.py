"""The workers of the fault tests: the tests' database and mail server, and leases short enough to watch them end."""

import os

from config.settings import *  # noqa: F403
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
DATABASES = {**DATABASES, "default": {**DATABASES["default"], "NAME": os.environ["CHAOS_DATABASE"]}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["CHAOS_SMTP_PORT"])
EMAIL_TIMEOUT = 2

# One Redis serves every run; nobody else may eat our wake-ups.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ["CHAOS_PREFIX"],
}
DISPATCH_LEASE = 4
DISPATCH_REAP_SECONDS = 1
DISPATCH_BACKOFF_SECONDS = 0.5
