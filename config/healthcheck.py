"""Asks the web of this container whether it is ready; for a container's health check, which has no curl."""

import http.client
import os
import sys


def main() -> int:
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".").replace("*", "") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
    try:
        connection.request("GET", "/readyz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
