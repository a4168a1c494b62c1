"""So many requests a minute for each token or member. Redis keeps the count; without Redis nobody is refused."""

import logging
import time
from functools import cache

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)

# The generic cell rate algorithm: one number per principal, the moment at which their allowance is whole again. It lets
# a minute's worth through at once and then one request per interval, exactly, however many connections share it.
SCRIPT = """
local now = redis.call('TIME')
local at = now[1] + now[2] / 1000000
local interval, burst, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or at), at)
local wait = whole + interval * count - burst - at
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', whole + interval * count), 'EX', math.ceil(burst) + 1)
return '0'
"""
WINDOW = 60.0
PAUSE_WHEN_DOWN = 5.0
#: Of a large allowance a process takes this part at a time, and asks again when it is used up or a second has passed.
PART = 6000
KEPT_FOR = 1.0
MOST_PRINCIPALS = 10_000


@cache
def client(url):
    """Short time-outs and no second try: a limit is not worth waiting for."""
    return redis.Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.2, retry=None)


class PrincipalThrottle(BaseThrottle):
    down_until = 0.0
    #: Principal → requests that are paid for already, and until when.
    in_hand: dict = {}

    def allow_request(self, request, view):
        limit, now = settings.API_REQUESTS_PER_MINUTE, time.monotonic()
        if not limit or view.member is None or now < PrincipalThrottle.down_until:
            return True
        principal = (request.auth or view.member).pk
        left, until = self.in_hand.pop(principal, (0, 0.0))
        if not left or now > until:
            count = max(limit // PART, 1)
            self.seconds = self.ask(f"api-rate:{principal}", limit, count)
            if self.seconds > 0:
                return False
            left, until = count, now + KEPT_FOR
        if left > 1:
            if len(self.in_hand) > MOST_PRINCIPALS:
                self.in_hand.clear()
            self.in_hand[principal] = (left - 1, until)
        return True

    def ask(self, key, limit, count=1):
        """Seconds to wait before ``count`` requests; 0 when they may come now."""
        try:
            return float(client(settings.REDIS_URL).eval(SCRIPT, 1, key, WINDOW / limit, WINDOW, count))
        except redis.RedisError as error:
            PrincipalThrottle.down_until = time.monotonic() + PAUSE_WHEN_DOWN
            logger.warning("Rate limits are off for a moment: %s", error)
            return 0.0

    def wait(self):
        return self.seconds
