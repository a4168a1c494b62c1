"""Everything that holds everywhere, in the order of Django's own documentation."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.settings.api import *  # noqa: F403
from config.settings.celery import *  # noqa: F403
from config.settings.env import database, env
from config.settings.identity import *  # noqa: F403
from config.settings.mail import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / ".data")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
#: Keys of before: what they signed holds until they are taken out.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
#: Where people reach the product: the only source of links in mails.
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "rules",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "managers",
    "clients",
    "interactions",
    "reports",
]
MIDDLEWARE = [
    "accounts.middleware.OrganizationPrefixMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.TenantMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.shell",
            ],
        },
    }
]
FORM_RENDERER = "accounts.renderers.FormRenderer"

#: Which role this process is: the web, the owner (migrations), the worker (queues) or ops (backup, support).
DB_ROLE = env.str("DB_ROLE", "web")
DATABASE_ROLES = {role: database(role) for role in ("web", "owner", "worker", "ops")}
DATABASES = {"default": DATABASE_ROLES[DB_ROLE]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Tables that hold no organization's rows. Any other model is a TenantModel, or nobody can read its table.
GLOBAL_TABLES = [
    "accounts.User",
    "accounts.Organization",
    "accounts.Provider",
    "accounts.SendingState",
    "accounts.Tally",
    "accounts.WorkerHeartbeat",
    "auth.*",
    "contenttypes.*",
    "sessions.*",
    "account.*",
    "mfa.*",
]

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache" if REDIS_URL else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": REDIS_URL or "rafiq",
        "KEY_PREFIX": "rafiq",
        "OPTIONS": {"db": 1, "socket_timeout": 2, "socket_connect_timeout": 1} if REDIS_URL else {},
    }
}
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# Absolute: a relative one would be kept with the prefix of the first organization that was served.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Maps are for a browser's inspector: compressing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "webp", "woff2", "ico", "gz", "br")

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Rafiq <rafiq@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A stranger's scan of addresses and hosts is no event of ours.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
        **{app: {"level": "INFO"} for app in ("config", "accounts", "managers", "clients", "interactions", "reports")},
    },
}

# Seconds between drawing a survey's form and sending it: a person reads the question, a mail scanner does not.
SURVEY_SHORTEST_READING = 2

#: Prometheus shows this token to read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
