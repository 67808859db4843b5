"""Django's own settings, computed from tidings.settings; nothing here is for an operator."""

from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from tidings.core import secrets
from tidings.privacy import cookies
from tidings.settings import settings

_ours = settings()
_ours.home.mkdir(parents=True, exist_ok=True)
if _ours.keys:
    secrets.use(secrets.Ring.parse(_ours.keys))
else:
    secrets.use(secrets.Ring.at(_ours.home / "keys.json"), _ours.home / "keys.json")

SECRET_KEY = _ours.secret_key or _ours.kept("secret.key")
DEBUG = False
_anywhere = _ours.hostname in ("127.0.0.1", "localhost", "0.0.0.0")  # noqa: S104
ALLOWED_HOSTS = ["*"] if _anywhere else [_ours.hostname, "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [_ours.url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "tidings.workspaces",
    "tidings.notifications",
    "tidings.channels",
    "tidings.media",
    "tidings.posts",
    "tidings.deliveries",
    "tidings.analytics",
    "tidings.inbox",
    "tidings.privacy",
    "tidings.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "tidings.web.compress.Compress",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tidings.web.unkept.unkept",
    "tidings.web.limits.Limits",
    "tidings.web.second_factor.SecondFactor",
    "tidings.web.middleware.plain",
    "tidings.web.middleware.activity",
    "tidings.web.middleware.person",
    "tidings.web.leaving.Leaving",
]

ROOT_URLCONF = "tidings.urls"
WSGI_APPLICATION = "tidings.asgi.pages"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tidings.web.context.page",
            ]
        },
    }
]


def database(address: str) -> dict[str, Any]:
    """Django's entry for a database: postgresql://…, sqlite:///… or a path; empty: the one in the home folder."""
    if not address.startswith(("postgresql://", "postgres://")):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(address.removeprefix("sqlite:///") or _ours.home / "tidings.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
            "TEST": {"NAME": _ours.home / "test.sqlite3"},
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "tidings.database.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {**dict(parse_qsl(parts.query)), "pool": {"min_size": 2, "max_size": 24, "timeout": 10}},  # seconds
    }


DATABASES = {"default": database(_ours.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

AUTH_USER_MODEL = "workspaces.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique: in lower case, by a constraint
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["tidings.workspaces.passwords.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "tidings.workspaces.passwords.NotOurName"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "tidings.workspaces.accounts.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "tidings.web.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _ours.mail else "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _ours.secure else "http"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{_ours.name}] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**9 if _ours.demo else 300  # seconds; nobody knows the password of a demo
# Limits are ours (tidings.web.limits), for allauth counts in each process alone. One is kept: a mail in three minutes.
ACCOUNT_RATE_LIMITS = {
    **dict.fromkeys(("change_password", "manage_email", "reset_password", "reauthenticate", "reset_password_from_key")),
    **dict.fromkeys(("signup", "login", "login_failed", "request_login_code")),
    "confirm_email": "1/180s/key",
}
MFA_RATE_LIMITS = False
MFA_FORMS = {"authenticate": "tidings.web.codes.SignInForm", "reauthenticate": "tidings.web.codes.AgainForm"}
USERSESSIONS_ADAPTER = "tidings.workspaces.accounts.SessionsAdapter"
MFA_ADAPTER = "tidings.workspaces.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _ours.secure
MFA_ALLOW_UNVERIFIED_EMAIL = not _ours.mail
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = True
FORM_RENDERER = "tidings.web.forms.Renderer"
CSRF_FAILURE_VIEW = "tidings.errors.csrf"

EMAIL_BACKEND = "tidings.workspaces.mail.Backend"
_sender, _address = parseaddr(_ours.mail_from or f"tidings@{_ours.hostname}")
DEFAULT_FROM_EMAIL = formataddr((_sender or _ours.name, _address))

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_ENGINE = "tidings.workspaces.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = cookies.SESSION.name, cookies.CSRF.name
SESSION_COOKIE_AGE, CSRF_COOKIE_AGE = cookies.SESSION.seconds, cookies.CSRF.seconds
SESSION_COOKIE_HTTPONLY, CSRF_COOKIE_HTTPONLY = cookies.SESSION.unseen, cookies.CSRF.unseen
SESSION_COOKIE_SAMESITE, CSRF_COOKIE_SAMESITE = cookies.SESSION.same_site, cookies.CSRF.same_site
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _ours.secure
CONTENT_SECURITY_POLICY = {  # of pages; everything else about browsers is in tidings.web.headers
    "EXCLUDE_URL_PREFIXES": ("/api/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # data: the QR code of a second factor; blob: a picture being uploaded
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
        "upgrade-insecure-requests": _ours.secure,
    },
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).with_name("locale")]  # whole catalogues only: tests/house/test_speech.py

STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "tidings.web.static_files.Storage"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["tidings.web.handed_in.HandedIn"]
FILE_UPLOAD_TEMP_DIR = _ours.home / "cache"
FILE_UPLOAD_TEMP_DIR.mkdir(0o700, exist_ok=True)
LOGGING_CONFIG = None
