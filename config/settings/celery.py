"""Celery and the dispatch engine. Redis carries wake-ups only, so nothing here protects data; it protects time."""

import os
from urllib.parse import urlsplit

from config.settings.env import env


def broker_url(redis_url: str) -> str:
    """REDIS_URL as Celery spells it: ``unix:///path?db=1`` is ``redis+socket:///path?virtual_host=1`` to it."""
    if not redis_url.startswith("unix:"):
        return redis_url
    parts = urlsplit(redis_url)
    return parts._replace(scheme="redis+socket", query=parts.query.replace("db=", "virtual_host=")).geturl()


CELERY_BROKER_URL = broker_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
CELERY_TASK_IGNORE_RESULT = True  # the state lives in PostgreSQL; results would only grow in Redis
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True  # with the next line: a killed process's wake-up comes back at once
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True  # a failing wake-up is not looped: the next one comes anyway
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60  # both below DISPATCH_LEASE
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # an idle process must not wait behind a busy one
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20  # the supervisor must grant 40
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # else the same tick runs twice after a Redis blip
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # above the hard limit, small because nothing of value waits there
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,  # the default sweeps every 100 s, whatever the line above says
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": True,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # remembers nothing: ticks have no history worth a file

DISPATCH_LEASE = 120  # seconds; above the task's hard limit and above all timeouts of one send
DISPATCH_BATCH = 50
DISPATCH_BUDGET = 5  # seconds of one drain: a lane's longest wait behind its own work, and a stop's longest wait
DISPATCH_TICK_SECONDS = 1
DISPATCH_REAP_SECONDS = 5
DISPATCH_MAX_ATTEMPTS = 5  # of our own failures and lost workers; the mail server's "later" does not count
DISPATCH_BACKOFF_SECONDS = 5  # 5 s, 20 s, 80 s, …
DISPATCH_BREAKER_SECONDS = (5, 300)  # first and longest stay away from a refusing mail server
DISPATCH_RATE = env.float("DISPATCH_RATE", 0)  # messages a second that the provider takes; 0: no limit
DISPATCH_BURST = env.float("DISPATCH_BURST", 0)  # at once, after a pause; 0: those of one second
DISPATCH_ORGANIZATION_SHARE = env.float("DISPATCH_ORGANIZATION_SHARE", 0.2)  # above it, others that wait go first
DISPATCH_SLOW_SECONDS = 300  # at half the rate, after the provider said "too many"
DISPATCH_SILENCE_HOURS = env.float("DISPATCH_SILENCE_HOURS", 72)  # after so long, what is due is held; 0: never
DISPATCH_KEEP_DAYS = env.int("DISPATCH_KEEP_DAYS", 90)  # what ended messages said, and to whom; 0: for ever
HOOKS_ALLOW_HTTP = False  # only tests call endpoints without encryption
