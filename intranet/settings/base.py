"""What every installation shares. What differs between installations is read in `environment`."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from intranet.settings.environment import BASE_DIR, VAR_DIR, env

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
#: Where links in mails lead.
PUBLIC_ADDRESS = env("PUBLIC_ADDRESS")

#: The demonstration: sample people exist and the sign-in page lists them. Production refuses it.
DEMO = env("DEMO")
#: ISO day on which the demonstration's clock starts; empty for the real day.
DEMO_DAY = env("DEMO_DAY")

INSTALLED_APPS = [
    "home",
    "search",
    "seminars",
    "documents",
    "agencies",
    "ledger",
    "intranet",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "intranet.middleware.PrivateResponses",
    "csp.middleware.CSPMiddleware",
    "intranet.middleware.AdminContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "intranet.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "intranet.second_factor.SecondFactor",
    "intranet.middleware.AddressesOfText",
    "documents.views.answers.RefusalsAnswered",
]

ROOT_URLCONF = "intranet.urls"
WSGI_APPLICATION = "intranet.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "intranet.context.frame",
            ],
        },
    },
]

# -- Database ---------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: with DEFERRED, 875 of 1,000 concurrent acknowledgements failed (traps T10).
    # FULL: a confirmed acknowledgement survives a power cut. recursive_triggers: without it
    # INSERT OR REPLACE slips past the append-only triggers (traps T36).
    # Turns: a writer without pause must not keep all others from theirs.
    DATABASES["default"]["ENGINE"] = "intranet.turns"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL")}

# -- Files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_DIR")
STATICFILES_DIRS = [BASE_DIR / "intranet" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_DIR")
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Attachments of dispatches: outside every public folder, served by one view behind the gate.
    "attachments": {
        "BACKEND": "documents.storage.DurableStorage",
        "OPTIONS": {"location": env("FILES_DIR")},
    },
}
#: Largest file accepted, in bytes (security: 50 MiB, streamed, never read whole).
MAX_FILE_BYTES = 50 * 1024 * 1024
# Whatever is over this goes to a temporary file while it is received.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A draft to well over a hundred addressee lines is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None

# -- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
# guardian's backend is left out on purpose: `has_perm` would honour grants that have expired.
# Exceptions are asked through documents.access only.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# W040: SQLite builds the index without the columns that it only includes.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "models.W040"]
ANONYMOUS_USER_NAME = None

PASSWORD_HASHERS = ["intranet.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_ADAPTER = "agencies.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Lock by (name, address), never by address alone: a whole ministry shares one.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key",
    "login": "600/m/ip",
    # The key is a link in a mail: one is pressed a few times at most.
    "answer_by_link": "20/m/key,600/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_REQUIRED = env("MFA_REQUIRED")
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
#: Twelve hours, absolute: one working day.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "intranet.views.csrf_failure"

# -- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "intranet" / "locale"]
# Django's own Vietnamese formats refuse 30/11/2026 and read 03/04/2026 as 4 March (traps T9).
FORMAT_MODULE_PATH = ["intranet.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# -- What the browser is told -------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# -- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Kính gửi"
WAGTAILADMIN_BASE_URL = PUBLIC_ADDRESS
# An intranet calls nobody (traps T8).
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILEMBEDS_FINDERS: list[str] = []
WAGTAILADMIN_LOGIN_URL = reverse_lazy("account_login")
WAGTAIL_FRONTEND_LOGIN_URL = reverse_lazy("account_login")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods"]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

# -- Archive search -----------------------------------------------------------------------------

#: The embedded engine's folder, on a local disk; unused where nodes of Elasticsearch are named.
SEARCH_DIR = env("SEARCH_DIR")
ELASTICSEARCH = {
    "hosts": env("ELASTICSEARCH_URL"),
    "api_key": env("ELASTICSEARCH_API_KEY"),
    "user": env("ELASTICSEARCH_USER"),
    "password": env("ELASTICSEARCH_PASSWORD"),
    "ca_certs": env("ELASTICSEARCH_CA"),
    "index": env("ELASTICSEARCH_INDEX"),
    "replicas": env("ELASTICSEARCH_REPLICAS"),
}

# -- Mail and logs --------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL"))
# Well under the lease of the worker, which else would hand a mail over a second time.
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env("MAIL_FROM")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "intranet.logs.NoSecretAddresses"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Who took how many rows of what out of the house; ids only.
        "documents.exports": {"level": "INFO"},
        # A page that is not there, or not theirs, is everyday.
        "django.request": {"level": "ERROR"},
    },
}

VAR_DIR.mkdir(exist_ok=True)
