"""Settings. What differs between installations comes from the environment (docs/operations lists it)."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lachan.platform.embedded import Cluster
from lachan.platform.folders import database_folder, ensure_data_folder
from lachan.site import environment

PACKAGE = Path(__file__).resolve().parent.parent
DATA = ensure_data_folder()

DEBUG = environment.flag("LACHAN_DEBUG")
SECRET_KEY = environment.secret_key(DATA)
ALLOWED_HOSTS = environment.words("LACHAN_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# How the site is reached from outside: for links in texts, which are written without a request.
SITE_ADDRESS = environment.address(
    "LACHAN_ADDRESS", hosts=ALLOWED_HOSTS, https=environment.flag("LACHAN_HTTPS")
)
# Plain static files need no collecting: for tests and for work on pages.
PLAIN_STATIC = DEBUG or environment.flag("LACHAN_PLAIN_STATIC")
HTTPS = environment.flag("LACHAN_HTTPS")

PARTS = [
    "lachan.core",
    "lachan.platform",
    "lachan.platform.staff",
    "lachan.issuer",
    "lachan.systems.checkpoints",
    "lachan.systems.testing",
    "lachan.systems.tracing",
    "lachan.systems.quarantine",
    "lachan.systems.vaccination",
    "lachan.systems.feedback",
    "lachan.systems.declarations",
    "lachan.systems.riskmap",
    "lachan.systems.arrivals",
    "lachan.centre",
    "lachan.portals.health_book",
    "lachan.portals.response_centre",
    "lachan.portals.public",
    "lachan.site",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    *PARTS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lachan.site.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lachan.core.doors.know_posting",
    "lachan.platform.citizens.know_citizen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lachan.site.middleware.AnswerRefusals",
    "lachan.core.doors.FailClosed",
]
ROOT_URLCONF = "lachan.site.urls"
WSGI_APPLICATION = "lachan.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lachan.site.context.desk",
            ]
        },
    }
]

EMBEDDED = not os.environ.get("DATABASE_URL")
# Of the embedded server each command takes the role that it needs (decision 0012).
ROLE = os.environ.get("LACHAN_DATABASE_ROLE", "postgres")
DATABASE_URL = os.environ.get("DATABASE_URL") or Cluster(database_folder()).dsn("lachan", user=ROLE)
# Only long-lived processes gain from a pool: `lachan serve` and `lachan worker` ask for one.
POOL = environment.whole_number("LACHAN_DB_POOL", default=0, least=0, most=500)
DATABASES = {"default": environment.database(DATABASE_URL, pool=POOL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PLAIN_STATIC
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC if PLAIN_STATIC else _HASHED},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Words about people stay on our side: the default would put them into a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
CITIZEN_LOGIN_URL = "/health-book/sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lachan.site.error_pages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if HTTPS else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = environment.flag("LACHAN_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Messages name kinds and counts, never people: no request bodies, no query strings.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "lachan": {"level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}

# Dotted name of a class with `send` (lachan.platform.messages.Gateway); empty: messages only fill the outbox.
MESSAGE_GATEWAY = os.environ.get("LACHAN_MESSAGE_GATEWAY", "")

# Codes by telephone cost money and can be asked for by anybody: so many a day in all, and an hour from one address.
CODES_A_DAY = environment.whole_number("LACHAN_CODES_A_DAY", default=50_000, least=1, most=100_000_000)
CODES_AN_HOUR_AN_ADDRESS = environment.whole_number(
    "LACHAN_CODES_AN_HOUR_AN_ADDRESS", default=60, least=1, most=1_000_000
)

# Which rules hold here: a profile of lachan/policy, and a folder with a province's own decisions on top.
LACHAN_POLICY = os.environ.get("LACHAN_POLICY", "vn/exercise")
LACHAN_POLICY_OVERLAY = (
    Path(os.environ["LACHAN_POLICY_OVERLAY"]) if os.environ.get("LACHAN_POLICY_OVERLAY") else None
)

# The keys of personal codes: on one machine made when first needed; of several machines one file, given to each.
CODE_KEYS = Path(os.environ.get("LACHAN_CODE_KEYS") or DATA / "code-keys")
CODE_KEYS_OF_ONE_MACHINE = not (os.environ.get("LACHAN_CODE_KEYS") or os.environ.get("LACHAN_SECRET_KEY"))

# What certificates say of who issued them: a country of two letters, and a name.
ISSUER_COUNTRY = os.environ.get("LACHAN_ISSUER_COUNTRY", "VN")
ISSUER_NAME = os.environ.get("LACHAN_ISSUER_NAME", "Ministry of Health")
ISSUER_DID = os.environ.get("LACHAN_ISSUER_DID", f"did:web:{ALLOWED_HOSTS[0].replace(':', '%3A')}")

# The demo shows its sign-ins on the sign-in page and the styleguide; never set it where real people are.
LACHAN_DEMO = environment.flag("LACHAN_DEMO")
