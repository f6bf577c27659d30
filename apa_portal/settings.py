"""Settings, read from the environment and from ``portal.env`` in the instance's home.

Without any, the embedded default starts: SQLite, a file-system broker and files under ``var/``. A wrong value stops
the start with one line that names it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from apa_portal import environment

# Makes ModelForm[…] and ModelAdmin[…] possible at run time, so that `mypy --strict` can hold.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def _default_home() -> Path:
    real = BASE_DIR / "var" / "portal"
    return real if real.exists() else BASE_DIR / "var" / "demo"


def _kept_secret(path: Path) -> str:
    """A secret of the instance: read it, or make it once, readable by its owner alone."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Whole or not at all: web and worker may start together, and both must read the same secret.
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        environment.stop("PORTAL_SECRETS_DIR", f"{path}: {error.strerror}")


PORTAL_HOME = environment.read("PORTAL_HOME", str(_default_home()), environment.made_folder)
environment.load_file(PORTAL_HOME / "portal.env")

# Server secrets live apart from database, files and backups; production points this at another volume.
PORTAL_SECRETS_DIR = environment.read("PORTAL_SECRETS_DIR", str(PORTAL_HOME / "secrets"), environment.folder)
PORTAL_FILES_DIR = environment.read("PORTAL_FILES_DIR", str(PORTAL_HOME / "files"), environment.folder)
PORTAL_BACKUP_DIR = environment.read("PORTAL_BACKUP_DIR", str(PORTAL_HOME / "backups"), environment.folder)
PORTAL_BACKUP_PASSPHRASE = environment.read("PORTAL_BACKUP_PASSPHRASE", "", str)
PORTAL_DEMO = environment.read("PORTAL_DEMO", "0", environment.flag)
PORTAL_VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
PORTAL_ADDRESS = environment.read("PORTAL_ADDRESS", "http://127.0.0.1:8000", environment.address)
PORTAL_CLOCK: datetime | None = environment.read("PORTAL_CLOCK", "", environment.instant)
PORTAL_TESTS = False  # only tests/settings.py says otherwise

DEBUG = environment.read("DEBUG", "0", environment.flag)
SECRET_KEY = environment.read("SECRET_KEY", "", environment.secret) or _kept_secret(PORTAL_SECRETS_DIR / "django")
_own_host = urlsplit(PORTAL_ADDRESS).hostname or "localhost"
ALLOWED_HOSTS = environment.read("ALLOWED_HOSTS", f"{_own_host},127.0.0.1,localhost", environment.hosts)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "heroicons",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "import_export",
    "core",
    "jobs",
    "offices",
    "documents",
    "societies",
    "audits",
    "returns",
    "contracts",
    "reports",
]
if PORTAL_DEMO:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    # First, so that no answer leaves without its policy: redirects, static files and errors included.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "core.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "offices.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "apa_portal.urls"
WSGI_APPLICATION = "apa_portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
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
                "core.context.portal",
            ],
            "builtins": ["core.templatetags.figures"],
        },
    }
]

FORM_RENDERER = "core.renderer.PortalRenderer"

if PORTAL_DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("demo.context.log_in_extras")

DATABASES = {
    "default": environment.read("DATABASE_URL", f"sqlite:///{PORTAL_HOME / 'db.sqlite3'}", environment.database)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Log-in
AUTH_USER_MODEL = "offices.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "offices.passwords.LongEnoughValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "reports:start"
LOGOUT_REDIRECT_URL = "reports:home"
# An office day: whoever is away longer logs in again; closing the browser ends it at once.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "offices.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "offices.account_forms.LoginForm",
    "reauthenticate": "offices.account_forms.ReauthenticateForm",
    "change_password": "offices.account_forms.ChangePasswordForm",
}
MFA_ADAPTER = "offices.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "offices.account_forms.AuthenticateForm",
    "reauthenticate": "offices.account_forms.MFAReauthenticateForm",
    "activate_totp": "offices.account_forms.ActivateTOTPForm",
}
MFA_SECRET = _kept_secret(PORTAL_SECRETS_DIR / "second-factor")
MFA_TOTP_ISSUER = "APA portal"
# Paths whose own software decides who may enter; AccessMiddleware refuses every other view without a decision.
PATHS_WITH_OWN_ACCESS = ["/admin/", "/accounts/", "/i18n/", "/static/"]

# Languages: Bangla first
LANGUAGE_CODE = "bn"
LANGUAGES = [("bn", _("Bangla")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Dhaka"
USE_TZ = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = PORTAL_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PORTAL_FILES_DIR}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Counts for rate limits must be shared by all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": PORTAL_HOME / "cache",
    }
}

# Jobs: Redis in production, the file system in the embedded default
BROKER_DIR = PORTAL_HOME / "broker"
CELERY_BROKER_URL = environment.read("BROKER_URL", "filesystem://", environment.broker)
if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_URL = "filesystem://localhost"  # kombu warns of a broker without a host
    BROKER_DIR.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": BROKER_DIR,
        "data_folder_out": BROKER_DIR,
        "control_folder": PORTAL_HOME / "broker-control",
        "polling_interval": 0.2,
    }
else:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CELERY_BROKER_URL,
        "KEY_PREFIX": "portal",
    }
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}
# Who asks for a job waits no longer than this for a broker that is down: the sweeper sends its message later.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS |= {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
# The job row is the truth, so that a message needs neither result nor late acknowledgement; beat keeps its schedule in
# memory, so that no file of it can break when the machine stops.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "jobs.sweep_jobs", "schedule": 2.5, "options": {"expires": 5}},
    "reminders": {"task": "returns.send_reminders", "schedule": 3600, "options": {"expires": 3600}},
    # Hourly, not nightly: a machine that is switched off at night would never come to it.
    "sessions": {"task": "core.clear_sessions", "schedule": 3600, "options": {"expires": 3600}},
    "bundles": {"task": "documents.let_go_of_bundles", "schedule": 3600, "options": {"expires": 3600}},
    "scores": {"task": "contracts.sweep_scores", "schedule": 20, "options": {"expires": 20}},
}
CELERY_TIMEZONE = TIME_ZONE
# A worker owns a job for so many seconds and renews that four times as often; a dead worker's jobs pass on after them.
JOB_LEASE_SECONDS = environment.read("JOB_LEASE_SECONDS", "15", environment.seconds)

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
USE_HTTPS = environment.read("USE_HTTPS", "0", environment.flag)
if USE_HTTPS and not PORTAL_ADDRESS.startswith("https://"):
    environment.stop("PORTAL_ADDRESS", f"{PORTAL_ADDRESS} must begin with https:// when USE_HTTPS is set")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = USE_HTTPS
SECURE_SSL_REDIRECT = USE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if USE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = USE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USE_HTTPS else None
# The log-in's rate limits count the visitor's address, not that of the reverse proxy in front.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if USE_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.failures.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# E-mail: smtp+tls://USER:PASSWORD@HOST:PORT; without it the portal's own inbox is all there is
vars().update(environment.read("EMAIL_URL", "dummymail://", environment.email))
PORTAL_SENDS_EMAIL = vars()["EMAIL_BACKEND"] != "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = environment.read("EMAIL_FROM", f"portal@{_own_host}", str)

# Log: standard error, one line each
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "core.logs.OneLineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"first line": {"()": "core.logs.FirstLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own handlers would write each line a second time, or mail it to nobody.
    "loggers": {"django": {"handlers": [], "level": "INFO"}, "celery.beat": {"filters": ["first line"]}},
}
