"""Behind a proxy that ends TLS. Secrets have no default: without one the product says which, and does not start."""

from config.settings.base import *  # noqa: F403
from config.settings.env import env

PUBLIC_URL = env.str("PUBLIC_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
for _name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
    env.str(_name)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", True)
# Sign-in limits count by address: how many of our own proxies stand before us and add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1)
# The health checks come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take such a cookie only from this very host, over TLS: no sibling domain can plant one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
