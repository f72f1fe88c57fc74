"""Django's settings, computed from `mailcenter.toml`; nothing is configured here that the file does not say."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from mailcenter.settings.identities import CENTER_ROLE, DATABASE, POSTGRES_PORT, ROLE_OF_USER, TENANT_ROLE
from mailcenter.settings.load import CONFIG_VARIABLE, SERVER_CONFIG, load
from mailcenter.settings.model import Settings
from mailcenter.settings.paths import Paths

_PACKAGE = Path(__file__).resolve().parent.parent


def _settings() -> Settings:
    if CONFIG_VARIABLE in os.environ or SERVER_CONFIG.exists():
        return load()
    # Type checking, translations and other build steps run without a state; they touch neither database nor secrets.
    return Settings(host_name="localhost", state_dir=Path("/nonexistent"))


MAILCENTER = _settings()
MAILCENTER_PATHS = Paths(MAILCENTER.state_dir)

_secret_file = MAILCENTER_PATHS.secrets / "center.key"
SECRET_KEY = _secret_file.read_text().strip() if os.access(_secret_file, os.R_OK) else os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = [MAILCENTER.host_name, "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "mailcenter.directory",
    "mailcenter.ledger",
    "mailcenter.center",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mailcenter.center.web.security.SecurityHeadersMiddleware",
    "mailcenter.center.api.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mailcenter.center.web.barrier.BarrierMiddleware",
    "mailcenter.center.web.seen.SeenMiddleware",
    "mailcenter.center.web.language.LanguageMiddleware",
    "mailcenter.center.web.acting.ActingMiddleware",
    "mailcenter.center.web.weak_password.WeakPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mailcenter.center.urls"
WSGI_APPLICATION = "mailcenter.run.center.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mailcenter.center.web.context.center",
            ],
        },
    }
]

_ROLE = ROLE_OF_USER.get(getpass.getuser(), "nobody")
DATABASES = {
    "default": {
        "ENGINE": "mailcenter.directory.postgres",
        "NAME": DATABASE,
        "HOST": str(MAILCENTER_PATHS.postgres_socket_dir),
        "PORT": str(POSTGRES_PORT),
        "USER": _ROLE,
        # Outside of a transaction the center sees nothing of any tenant.
        "OPTIONS": {"assume_role": TENANT_ROLE} if _ROLE == CENTER_ROLE else {},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["mailcenter.center.web.barrier.Backend"]
AUTH_USER_MODEL = "directory.User"
PASSWORD_HASHERS = [f"mailcenter.directory.passwords.{name}" for name in ("MailArgon2Hasher", "ImportedHasher")]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = MAILCENTER.language
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [_PACKAGE / "center" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = MAILCENTER_PATHS.static
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_ENGINE = "mailcenter.directory.sessions"
SESSION_COOKIE_AGE = MAILCENTER.web.session_hours * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "mailcenter.center.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
