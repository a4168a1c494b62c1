"""How gunicorn serves the product; the same under ``make run`` and in the container."""

import gc
import os
from typing import Any

wsgi_app = "config.wsgi:application"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
# Loaded once and shared: half the start, and the workers' common memory is counted once.
preload_app = True
threads = int(os.environ.get("WEB_THREADS", "4"))
# Behind a proxy keep-alive saves a connection per request; a worker that leaks is replaced in time.
keepalive = 15
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 20
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
proc_name = "rafiq-web"
loglevel = "warning"
# A socket that would let anybody with the same account steer the server: we have no use for it.
control_socket_disable = True


def when_ready(server: Any) -> None:
    """What is loaded stays for good: no collection looks at it again, and the workers go on sharing its memory."""
    gc.collect()
    gc.freeze()
    # A page makes thousands of small objects that go by themselves; looking for circles less often is enough.
    gc.set_threshold(5_000, 10, 10)
