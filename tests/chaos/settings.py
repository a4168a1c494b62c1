"""The processes of the fault tests: our mail server, and times short enough to watch leases end."""

import json
import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("CHAOS_SMTP_PORT", "1"))
EMAIL_TIMEOUT = 4

DISPATCH_LEASE = 5
DISPATCH_REAP_SECONDS = 1
DISPATCH_BACKOFF_SECONDS = 0.5
DISPATCH_BREAKER_SECONDS = (0.25, 2.5)

#: How many times shorter the waits of ``accounts.dispatch.schedule`` are.
CHAOS_HURRY = 20
#: Whether the clocks also wake the generator that plans messages.
CHAOS_PLANS = False

globals().update(json.loads(os.environ.get("CHAOS_SETTINGS", "{}")))
