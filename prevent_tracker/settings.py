"""Settings of Prevent Tracker, read from the environment.

`MODE` decides how strict start-up is: `production` (the default) refuses unsafe values, `demo` serves the
demonstration plan, `test` runs the tests. docs/operations.md describes each variable; a test compares the two.
"""

import logging
import tomllib
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from partners.scopes import SCOPES
from prevent_tracker import api_description, content_security, error_reports, rest_framework, start_up
from prevent_tracker.database import with_options
from prevent_tracker.logs import logging_settings
from prevent_tracker.setting_files import SettingsReader

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
env = SettingsReader()

MODE = env.str("MODE", "production")
PRODUCTION = MODE == "production"

# --- Settings of a deployment ---------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
DATABASES: dict[str, Any] = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'prevent_tracker.sqlite3'}")
}
DATABASE_LIMITS = {
    "DATABASE_CONNECT_SECONDS": env.int("DATABASE_CONNECT_SECONDS", 5),
    "DATABASE_LOCK_SECONDS": env.int("DATABASE_LOCK_SECONDS", 5),
    "DATABASE_STATEMENT_SECONDS": env.int("DATABASE_STATEMENT_SECONDS", 30),
    "DATABASE_IDLE_SECONDS": env.int("DATABASE_IDLE_SECONDS", 60),
}
LANGUAGE_CODE = env.str("SITE_LANGUAGE", "en-gb")
DEMO_DATE: date | None = env.date("DEMO_DATE", None)
LEDGER_SIGNING_KEY = env.str("LEDGER_SIGNING_KEY", "")
LEDGER_FORMER_PUBLIC_KEYS: list[str] = env.list("LEDGER_FORMER_PUBLIC_KEYS", [])
OUTBOUND = env.bool("OUTBOUND", True)
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", [])
EMAIL_URL = env.str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "prevent-tracker@localhost")
CLOCK_TOLERANCE_SECONDS = env.int("CLOCK_TOLERANCE_SECONDS", 10)
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", 10 * 1024 * 1024)
EVIDENCE_BYTES_PER_ACTION = env.int("EVIDENCE_BYTES_PER_ACTION", 512 * 2**20)
EVIDENCE_BYTES_PER_ORGANISATION = env.int("EVIDENCE_BYTES_PER_ORGANISATION", 10 * 2**30)
EVIDENCE_BYTES_PER_DAY = env.int("EVIDENCE_BYTES_PER_DAY", 2**30)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 5 * 1024 * 1024)
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")
FILE_PARSER_SECONDS = env.int("FILE_PARSER_SECONDS", 10)
FILE_PARSER_MEMORY_MB = env.int("FILE_PARSER_MEMORY_MB", 512)
RETURN_MAX_BYTES = env.int("RETURN_MAX_BYTES", 50 * 1024 * 1024)
ACCESS_TOKEN_SECONDS = env.int("ACCESS_TOKEN_SECONDS", 900)
PUBLICATIONS = env.bool("PUBLICATIONS", False)
SMALL_NUMBERS_UP_TO = env.int("SMALL_NUMBERS_UP_TO", 4)
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", 600)
API_WRITES_PER_MINUTE = env.int("API_WRITES_PER_MINUTE", 120)
RATE_LIMIT_CACHE_URL = env.str("RATE_LIMIT_CACHE_URL", "")
CORS_ORIGINS: list[str] = env.list("CORS_ORIGINS", [])
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1)
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", 60)
SIGN_IN_FAILURES_PER_ACCOUNT = env.int("SIGN_IN_FAILURES_PER_ACCOUNT", 5)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.int("SESSION_HOURS", 8)
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")
# Single sign-on by OpenID Connect, where OIDC_ISSUER names a provider.
SIGN_IN = env.str("SIGN_IN", "password")
EMERGENCY_ACCOUNTS: list[str] = env.list("EMERGENCY_ACCOUNTS", [], subcast=str.lower)
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.str("OIDC_NAME", "Microsoft")
OIDC_ACR: list[str] = env.list("OIDC_ACR", [])
OIDC_AMR: list[str] = env.list("OIDC_AMR", [])
APPROVAL_DAYS = env.int("APPROVAL_DAYS", 14)
SECRET_LINK_HOURS = env.int("SECRET_LINK_HOURS", 72)
MFA_REQUIRED = env.str("MFA_REQUIRED", "none" if MODE in {"demo", "test"} else "all")
# Nobody signs in to the accounts of a demonstration for months, or reviews their access.
UNUSED_ACCOUNT_DAYS = env.int("UNUSED_ACCOUNT_DAYS", 0 if DEMO_DATE else 90)
MEMBERSHIP_REVIEW_GRACE_DAYS = env.int("MEMBERSHIP_REVIEW_GRACE_DAYS", 365 if DEMO_DATE else 30)
WEBHOOK_ALLOWED_NETWORKS: list[IPv4Network | IPv6Network] = env.list(
    "WEBHOOK_ALLOWED_NETWORKS", [], subcast=start_up.network
)
WEBHOOK_SECRET_KEYS: list[str] = env.list("WEBHOOK_SECRET_KEYS", [])
WEBHOOK_CA_FILE = env.str("WEBHOOK_CA_FILE", "")
WEBHOOK_KEEP_DAYS = env.int("WEBHOOK_KEEP_DAYS", 30)
READS_KEEP_DAYS = env.int("READS_KEEP_DAYS", 400)
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
LOG_FORMAT = env.str("LOG_FORMAT", "line")
SYSLOG_ADDRESS = env.str("SYSLOG_ADDRESS", "")
SYSLOG_CA_FILE = env.str("SYSLOG_CA_FILE", "")
# For the pages of help: an address to write to, and who is responsible for personal data.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
SECURITY_CONTACT_UNTIL: date | None = env.date("SECURITY_CONTACT_UNTIL", None)
DATA_CONTROLLER = env.str("DATA_CONTROLLER", "")
ERROR_REPORTS_DSN = env.str("ERROR_REPORTS_DSN", "")
SITE_ADDRESS = env.str("SITE_ADDRESS", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ESCALATE_AFTER_DAYS: list[int] = env.list("ESCALATE_AFTER_DAYS", [1, 7, 7], subcast=int)
ESCALATE_RETURNS_AFTER_DAYS: list[int] = env.list("ESCALATE_RETURNS_AFTER_DAYS", [1, 2, 2], subcast=int)

PRIVATE_HOSTS: list[str] = env.list("PRIVATE_HOSTS", [])
DATABASE_SUPERUSER_ALLOWED = env.bool("DATABASE_SUPERUSER_ALLOWED", False)
DISK_FREE_BYTES = env.int("DISK_FREE_BYTES", 256 * 1024 * 1024)
OPERATIONS_ADDRESS = env.str("OPERATIONS_ADDRESS", "")
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
MAIL: dict[str, Any] = env.dj_email_url("EMAIL_URL") if EMAIL_URL else {}
start_up.refuse_unfit(env, globals())

# --- Composition ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "prevent_tracker.admin_apps.RecordsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "csp",
    "corsheaders",
    "django_linear_migrations",
    "django_tasks",
    "django_tasks_db",
    "desk",
    "exchange",
    "reports",
    "returns",
    "programme",
    "importing",
    "inspections",
    "actions",
    "meetings",
    "partners",
    "web",
    "audit",
    "demo",
]
MIDDLEWARE = [
    "web.middleware.RequestIdMiddleware",
    "web.language.LanguageMiddleware",
    "web.request_log.RequestLogMiddleware",
    "web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "web.headers.RefusePlainHttpMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # responds itself: middleware below adds no headers
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ORIGINS else []),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.ExtendSessionMiddleware",
    "web.bodies.BodyLimitMiddleware",
    "web.unsaved.UnsavedFormMiddleware",
    "web.wrong_method.WrongMethodMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "web.screening.RetentionReasonMiddleware",
    "web.temporary_files.TemporaryFilesMiddleware",
    "web.fault_pages.FaultMiddleware",
    "partners.middleware.RightsMiddleware",
    "partners.second_factor.middleware.SecondFactorMiddleware",
    "web.reading.ReadsMiddleware",  # records what the middleware below reads of the past, outside of it
    "reports.asat.middleware.AsAtMiddleware",
]
ROOT_URLCONF = "prevent_tracker.urls"
WSGI_APPLICATION = "prevent_tracker.wsgi.application"
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
                "web.context.page_context",
                "partners.context.membership_context",
                "reports.asat.context.as_at_context",
            ],
            "builtins": ["django.templatetags.i18n", "web.templatetags.govuk"],
        },
    }
]
FILTERS_EMPTY_CHOICE_LABEL = "Any"
FORM_RENDERER = "web.forms.GovukRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -------------------------------------------------------------------------------------------------
DATABASES["default"] = with_options(DATABASES["default"], DATABASE_LIMITS)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    if PRODUCTION
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Never the database, because a GET must not write to it.
    "limits": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": RATE_LIMIT_CACHE_URL}
    if RATE_LIMIT_CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- People ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
# A case-insensitive constraint makes email addresses unique; this check does not recognise it.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "partners.accounts.passwords.BreachedPasswordValidator"},
    # The demonstration's one password has the service's name in it, and tests load the demonstration.
    *([] if MODE in {"demo", "test"} else [{"NAME": "partners.accounts.passwords.KnownWordsValidator"}]),
]
# A password that was stored in the second way is stored in the first at its next sign-in.
PASSWORD_HASHERS = [
    "partners.accounts.passwords.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":
    # Tests create hundreds of accounts, and their passwords need no protection.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "partners.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "partners.single_sign_on.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_ADAPTER = "partners.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Accounts are created by administrators, who check the email address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Prevent Tracker"
# Codes of the half minute before and after are valid too, because clocks of phones differ.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "web.sign_in.CodeForm",
    "reauthenticate": "web.sign_in.ConfirmCodeForm",
    "activate_totp": "web.sign_in.AddAppForm",
    "add_webauthn": "web.sign_in.AddPasskeyForm",
    "authenticate_webauthn": "web.sign_in.PasskeyForm",
    "reauthenticate_webauthn": "web.sign_in.ConfirmPasskeyForm",
}
# Lifetime of the link in the email, which mentions it.
PASSWORD_RESET_TIMEOUT = 60 * 60
# allauth's own generator stores email addresses in its own table, where an old address would remain valid for ever.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "partners.accounts.reset_links.ResetLinks"  # noqa: S105  a class
# Each limit counts one network, with "key" one network and account: nobody can use up the attempts of others.
SIGN_IN_FAILURES_OF_ACCOUNT = f"{SIGN_IN_FAILURES_PER_ACCOUNT}/5m/key"
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": f"{SIGN_IN_FAILURES_PER_ADDRESS}/m/ip,{SIGN_IN_FAILURES_OF_ACCOUNT}",
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "5/m/user",
    # Emails to one person, from all callers together. Above this limit the response is the same, but no email is sent.
    "reset_mail": "5/15m/key",
}
ACCOUNT_FORMS = {
    "login": "web.sign_in.LoginForm",
    "change_password": "web.sign_in.ChangePasswordForm",
    "reset_password": "web.sign_in.ResetPasswordForm",
    "reset_password_from_key": "web.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "web.sign_in.ReauthenticateForm",
}

# --- API ------------------------------------------------------------------------------------------------------
OAUTH2_PROVIDER_APPLICATION_MODEL = "partners.ApiClient"
OAUTH2_PROVIDER: dict[str, Any] = {
    "SCOPES": SCOPES,
    "SCOPES_BACKEND_CLASS": "partners.scoping.ClientScopes",
    "OAUTH2_VALIDATOR_CLASS": "partners.clients.api.tokens.SecretsValidator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": ACCESS_TOKEN_SECONDS,
    "ACCESS_TOKEN_GENERATOR": "partners.clients.api.tokens.new_token",
    # Client credentials are the only grant; every other one is an unsupported_grant_type.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    # Store tokens as checksums, and accept them only in the Authorization header (RFC 9700).
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
}
REST_FRAMEWORK = rest_framework.SETTINGS
# Pages of these origins may use the API with a token, never with a session.
CORS_ALLOWED_ORIGINS = CORS_ORIGINS
CORS_URLS_REGEX = r"^/(api|oauth)/"
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-type", "idempotency-key"),
    *("if-match", "if-none-match", "x-request-id"),
]
CORS_EXPOSE_HEADERS = [
    *("Deprecation", "ETag", "Idempotency-Replayed", "Link", "Location", "RateLimit"),
    *("RateLimit-Policy", "Retry-After", "Sunset", "X-Request-ID"),
]
SPECTACULAR_SETTINGS = api_description.settings(VERSION)

# --- Language and time ----------------------------------------------------------------------------------------
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE, USE_TZ = "Europe/London", True
DATE_FORMAT, YEAR_MONTH_FORMAT = "j F Y", "F Y"  # for a language without formats of its own

# --- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "web.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # public, and often collected by another account
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "test"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A return is one form, with about ten fields and a file for each action.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "web.uploads.CappedUploadHandler",
]

# --- Mail -----------------------------------------------------------------------------------------------------
if not OUTBOUND:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
elif EMAIL_URL:
    EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = MAIL["EMAIL_HOST"], MAIL["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_USER"], MAIL["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL["EMAIL_USE_TLS"], MAIL["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# Seconds to wait for the mail server, well before an email counts as lost.
EMAIL_TIMEOUT = 30

# --- Background work ------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Hardening ------------------------------------------------------------------------------------------------
SESSION_ENGINE = "web.sessions"
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
_HOST = "__Host-" if PRODUCTION else ""  # browsers accept such a cookie only over TLS and from this host
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
KNOWN_BROWSER_COOKIE_NAME = f"{_HOST}known_browser"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION
REFUSED_WITHOUT_TLS = r"^(api|oauth)/|^calendar/[^/]+\.ics$"  # a secret comes with the request
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$", REFUSED_WITHOUT_TLS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "web.views.csrf_failure"
CONTENT_SECURITY_POLICY = content_security.policy(OIDC_ISSUER)

# --- Log ------------------------------------------------------------------------------------------------------
LOGGING = logging_settings(LOG_LEVEL, LOG_FORMAT, SYSLOG_ADDRESS, SYSLOG_CA_FILE)
error_reports.start(ERROR_REPORTS_DSN, version=VERSION)
