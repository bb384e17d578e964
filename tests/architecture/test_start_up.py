"""Production does not start with a setting that is unsafe, and nothing starts with one that is misspelt."""

import os
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from prevent_tracker.malformed_settings import LARGEST_UPLOAD
from prevent_tracker.setting_values import is_guessable
from tests.architecture.source import ROOT
from web.uploads import CappedUploadHandler

RANDOM_KEY = "Wm3vQx8_TzrK1bYpE6cHs0nLgDjU5aF-oR2iVt9XwMqBk4GdSyN7"

PROVIDER = {
    "OIDC_ISSUER": "https://login.example.org/tenant/v2.0",
    "OIDC_CLIENT_ID": "tracker",
    "OIDC_CLIENT_SECRET": "secret",
}
SAFE = {
    "MODE": "production",
    "SECRET_KEY": RANDOM_KEY,
    "ALLOWED_HOSTS": "tracker.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://tracker.example.org",
    "DATABASE_URL": "postgresql://tracker@localhost/tracker",
    "LEDGER_SIGNING_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "EMAIL_URL": "smtp://localhost",
    "SITE_ADDRESS": "https://tracker.example.org",
}


def start(*, show: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, as a server does when it starts, and print those named in `show`."""
    environment = {"PATH": os.environ["PATH"]} | {name: value for name, value in settings.items() if value}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import prevent_tracker.settings as s; print(*(getattr(s, n) for n in {show.split()}))",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("outbound", "backend"), [("off", "dummy"), ("on", "smtp")])
def test_with_outbound_off_mail_reaches_no_server(outbound: str, backend: str) -> None:
    done = start(show="EMAIL_BACKEND", **SAFE | {"OUTBOUND": outbound})
    assert done.stdout == f"django.core.mail.backends.{backend}.EmailBackend\n", done.stderr


def test_production_starts_with_safe_settings() -> None:
    done = start(**SAFE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 50 characters"),
        ({"DEBUG": "true"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"CSRF_TRUSTED_ORIGINS": "http://tracker.example.org"}, "CSRF_TRUSTED_ORIGINS must use https://"),
        ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must name a PostgreSQL database"),
        ({"DEMO_DATE": "2020-06-19"}, "DEMO_DATE must not be set"),
        ({"LEDGER_SIGNING_KEY": ""}, "LEDGER_SIGNING_KEY must be set"),
        ({"EMAIL_URL": ""}, "EMAIL_URL must be set"),
        ({"SITE_ADDRESS": ""}, "SITE_ADDRESS must begin with https://"),
        ({"SITE_ADDRESS": "http://tracker.example.org"}, "SITE_ADDRESS must begin with https://"),
        ({"SIGN_IN": "oidc", **PROVIDER}, "EMERGENCY_ACCOUNTS must name an account for when"),
    ],
)
def test_production_refuses_what_is_unsafe(unsafe: dict[str, str], named: str) -> None:
    done = start(**SAFE | unsafe)
    assert done.returncode != 0
    assert named in done.stderr


def test_everything_unsafe_is_named_at_once_and_production_is_the_default() -> None:
    done = start(SECRET_KEY="short")
    assert done.returncode != 0
    assert done.stderr.count("\n- ") == 6


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"MODE": "prodution"}, "MODE must be production, demo or test"),
        ({"DEBUG": "flase"}, "DEBUG"),
        ({"EVIDENCE_MAX_BYTES": "ten"}, "EVIDENCE_MAX_BYTES"),
        ({"ESCALATE_AFTER_DAYS": "1,7"}, "ESCALATE_AFTER_DAYS must be three numbers of days"),
        ({"ESCALATE_AFTER_DAYS": "0,7,7"}, "ESCALATE_AFTER_DAYS must be three numbers of days"),
        ({"API_READS_PER_MINUTE": "0"}, "API_READS_PER_MINUTE and API_WRITES_PER_MINUTE must be 1 or more"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES must be a whole number from 1 to 100"),
        ({"SIGN_IN_FAILURES_PER_ACCOUNT": "-1"}, "SIGN_IN_FAILURES_PER_ACCOUNT must be a whole number"),
        ({"RATE_LIMIT_CACHE_URL": "memcached://x"}, "RATE_LIMIT_CACHE_URL must begin with redis://"),
        ({"ESCALATE_RETURNS_AFTER_DAYS": "1,2"}, "ESCALATE_RETURNS_AFTER_DAYS must be three numbers"),
    ],
)
def test_a_missing_or_misspelt_setting_stops_the_start(wrong: dict[str, str], named: str) -> None:
    done = start(**SAFE | wrong)
    assert done.returncode != 0
    assert named in done.stderr


# Many at once: each setting has a line of its own --------------------------------------------------------------

Cases = dict[str, tuple[str, str]]


def in_base64(key: bytes) -> str:
    return b64encode(key).decode()


UNSAFE: list[Cases] = [
    {
        "MFA_REQUIRED": ("none", "must be all or privileged"),
        "OIDC_ISSUER": ("http://login.example.org", "must begin with https://"),
        "OIDC_CLIENT_ID": ("", "must be set where OIDC_ISSUER is"),
        "OIDC_CLIENT_SECRET": ("", "must be set where OIDC_ISSUER is"),
        "SECRET_KEY": ("a" * 64, "must be random"),
        "WEBHOOK_SECRET_KEYS": (f"{RANDOM_KEY[::-1]},short", "must have at least 50 random characters each"),
        "SECRET_KEY_FALLBACKS": (f"{RANDOM_KEY},short", "must have at least 50 random characters each"),
        "LEDGER_SIGNING_KEY": ("abc", "must be 32 random bytes in base64"),
        "ALLOWED_HOSTS": (".example.org", "must name the hosts, without wildcards"),
        "CSRF_TRUSTED_ORIGINS": ("https://*.example.org", "without wildcards"),
        "DATABASE_URL": ("postgresql://u:hidden@db.example.org/x", "must use TLS"),
        "EMAIL_URL": ("smtp://u:hidden@mail.example.org", "must use TLS"),
        "RATE_LIMIT_CACHE_URL": ("redis://:hidden@cache.example.org", "must use TLS"),
        "CLAMD_ADDRESS": ("tcp://scanner.example.org:3310", "must be this machine or in PRIVATE_HOSTS"),
    },
    {
        "SECRET_KEY": ("change-me-" * 6, "must be random"),
        "SECRET_KEY_FALLBACKS": ("b" * 60, "random characters each"),
        "LEDGER_SIGNING_KEY": (in_base64(bytes(32)), "must be random"),
        "ALLOWED_HOSTS": ("tracker.example.org,*", "without wildcards"),
        "DATABASE_URL": ("postgresql://u@db.example.org/x?sslmode=prefer", "must use TLS"),
        "EMAIL_URL": ("console:", "must name a mail server"),
        "RATE_LIMIT_CACHE_URL": ("rediss://cache.example.org?ssl_cert_reqs=none", "must use TLS"),
    },
    {
        "SECRET_KEY": ("ab" * 40, "must be random"),
        "LEDGER_SIGNING_KEY": (in_base64(b"\x01\x02" * 16), "must be random"),
        "DATABASE_URL": ("postgresql://u@localhost,db.example.org/x", "db.example.org is not this machine"),
        "EMAIL_URL": ("smtp://10.0.0.5:25", "must use TLS"),
        "RATE_LIMIT_CACHE_URL": ("rediss://a.example.org,redis://b.example.org", "b.example.org is not"),
    },
]
MALFORMED: list[Cases] = [
    {
        "SITE_ADDRESS": ("https://", "must be an address such as"),
        "CORS_ORIGINS": ("dashboard.example.org", "must be addresses such as"),
        "CSRF_TRUSTED_ORIGINS": ("https://tracker.example.org/path", "must be addresses such as"),
        "ALLOWED_HOSTS": ("https://tracker.example.org", "must be names of hosts"),
        "DEFAULT_FROM_EMAIL": ("tracker", "must be an address such as"),
        "DATABASE_URL": ("postgresql://u:hidden/word@db.example.org/x", "must be an address such as"),
        "EMAIL_URL": ("submission://u:hidden@mail.example.org:smtp", "must be an address such as"),
        "RATE_LIMIT_CACHE_URL": ("redis://", "must begin with redis://"),
        "EVIDENCE_MAX_BYTES": ("-1", "must be a whole number from 1"),
        "IMPORT_MAX_BYTES": ("5 MB", "cannot be read"),
        "ACCESS_TOKEN_SECONDS": ("0", "must be a whole number from 1"),
        "WEBHOOK_KEEP_DAYS": ("99999999999", "must be a whole number from 1"),
        "UNUSED_ACCOUNT_DAYS": ("-1", "must be a whole number from 0"),
        "CLOCK_TOLERANCE_SECONDS": ("-5", "must be a whole number from 1"),
        "WEBHOOK_ALLOWED_NETWORKS": ("10.0.0.0/33", "must be networks such as"),
        "WEBHOOK_CA_FILE": ("/nowhere/ca.pem", "must name a file that exists"),
        "LEDGER_FORMER_PUBLIC_KEYS": ("abc", "must be public keys"),
        "ESCALATE_AFTER_DAYS": ("1,7,x", "must be three numbers of days"),
        "DEMO_DATE": ("2020-02-30", "cannot be read"),
        "DEBUG": ("flase", "cannot be read"),
        "SYSLOG_ADDRESS": ("udp://logs.example.org:514", "must be an address such as tls:"),
        "SYSLOG_CA_FILE": ("/nowhere/ca.pem", "must name a file that exists"),
        "CLAMD_ADDRESS": ("clamd:3310", "must be an address such as unix:"),
        "SECURITY_CONTACT": ("security@example.org", "must begin with mailto:"),
        "SECURITY_CONTACT_UNTIL": ("", "must be a date such as"),
        "MFA_REQUIRED": ("some", "must be all, privileged or none"),
        "SIGN_IN": ("saml", "must be password or oidc"),
        "OIDC_ISSUER": ("https://login.example.org/?tenant=1", "must be an address such as"),
        "OIDC_CLIENT_ID": ("", "must be set where OIDC_ISSUER is"),
        "OIDC_CLIENT_SECRET": ("", "must be set where OIDC_ISSUER is"),
        "EMERGENCY_ACCOUNTS": ("administrator", "must be email addresses"),
        "BEHIND_PROXY": ("behind", "cannot be read"),
        "LOG_LEVEL": ("LOUD", "cannot be read"),
        "SECRET_KEY": ("", "must be set"),
    },
    {
        "SITE_ADDRESS": ("https://tracker.example.org:https", "must be an address such as"),
        "CORS_ORIGINS": ("https://a.example.org,*", "must be addresses such as"),
        "CSRF_TRUSTED_ORIGINS": ("tracker.example.org", "must be addresses such as"),
        "ALLOWED_HOSTS": ("tracker.example.org:443", "must be names of hosts"),
        "DEFAULT_FROM_EMAIL": ("a@example.org, b@example.org", "must be an address such as"),
        "DATABASE_URL": ("mysql://u:hidden@localhost/x", "must be an address such as"),
        "EMAIL_URL": ("mail.example.org", "must be an address such as"),
        "EVIDENCE_MAX_BYTES": (str(LARGEST_UPLOAD + 1), "must be a whole number from 1"),
        "LEDGER_SIGNING_KEY": (in_base64(bytes(31)), "must be 32 random bytes"),
    },
    {
        "SITE_ADDRESS": ("https://tracker.example.org/app", "without a path"),
        "CORS_ORIGINS": ("https://a.example.org/", "must be addresses such as"),
        "DATABASE_URL": ("postgresql://u:hidden@localhost", "must be an address such as"),
        "RATE_LIMIT_CACHE_URL": ("redis://localhost:port", "must begin with redis://"),
        "DEFAULT_FROM_EMAIL": ("Tracker <tracker>", "must be an address such as"),
        "ESCALATE_RETURNS_AFTER_DAYS": ("1,2,99999999", "must be three numbers of days"),
        "MODE": ("prodution", "must be production, demo or test"),
    },
]


@pytest.mark.parametrize("cases", [*UNSAFE, *MALFORMED])
def test_all_that_is_unfit_is_named_at_once(cases: Cases) -> None:
    done = start(**SAFE | {name: value for name, (value, _) in cases.items()})
    assert done.returncode != 0
    lines = {line.split(" ")[1]: line for line in done.stderr.splitlines() if line.startswith("- ")}
    assert lines.keys() == cases.keys()
    for name, (_, words) in cases.items():
        assert words in lines[name]
    assert "hidden" not in done.stderr


@pytest.mark.parametrize("query", ["sslmode=verify_full", "ssl_mode=require", "nonsense=1"])
def test_an_option_that_the_database_driver_does_not_know_stops_the_start(query: str) -> None:
    done = start(**SAFE | {"DATABASE_URL": f"postgresql://u:hidden@localhost/x?{query}"})
    assert done.returncode != 0
    assert "\n- DATABASE_URL must be an address such as" in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {
            "DATABASE_URL": "postgresql://u:p@db.example.org/x?sslmode=verify-full",
            "EMAIL_URL": "submission://u:p@mail.example.org:587",
            "RATE_LIMIT_CACHE_URL": "rediss://cache.example.org:6379/1",
            "DEFAULT_FROM_EMAIL": "Prevent Tracker <tracker@example.org>",
            "CORS_ORIGINS": "https://dashboard.example.org:8443,http://localhost:3000",
            "SECRET_KEY_FALLBACKS": RANDOM_KEY[::-1],
            **PROVIDER,
            "SIGN_IN": "oidc",
            "EMERGENCY_ACCOUNTS": "a@example.org,b@example.org",
            "OIDC_AMR": "mfa",
        },
        {
            "DATABASE_URL": "postgresql:///x?host=/var/run/postgresql",
            "EMAIL_URL": "smtp://127.0.0.1:25",
            "RATE_LIMIT_CACHE_URL": "unix:///run/redis.sock",
            "ALLOWED_HOSTS": "tracker.example.org,10.0.0.7,[::1]",
        },
        {
            "DATABASE_URL": "postgresql://u:p@postgres:5432/x",
            "EMAIL_URL": "smtp://mail:25",
            "RATE_LIMIT_CACHE_URL": "redis://cache:6379",
            "PRIVATE_HOSTS": "postgres,mail,cache",
            "SITE_ADDRESS": "https://tracker.example.org:8443/",
        },
        {"DATABASE_URL": "postgresql://u:p@db.example.org/x", "PGSSLMODE": "require"},
        {"DATABASE_URL": "postgresql://u@[::1]/x", "RATE_LIMIT_CACHE_URL": "redis://localhost"},
        {"DATABASE_URL": "postgresql://u@%2Fvar%2Frun%2Fpostgresql/x"},
    ],
)
def test_production_starts_with_what_is_fit(settings: dict[str, str]) -> None:
    done = start(**SAFE | settings)
    assert done.returncode == 0, done.stderr


def test_the_demonstration_is_exempt_from_production_checks() -> None:
    done = start(MODE="demo", SECRET_KEY="short", EMAIL_URL="smtp://mail.example.org", ALLOWED_HOSTS="*")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "manage.py", "check"],
        [sys.executable, "manage.py", "verify_ledger"],
        [sys.executable, "-c", "import prevent_tracker.wsgi"],
        [sys.executable, "-m", "prevent_tracker.serve", "--port", "0"],
    ],
    ids=["a command", "another command", "the application", "the server"],
)
def test_there_is_a_plain_message_and_no_traceback(command: list[str]) -> None:
    environment = {"PATH": os.environ["PATH"]} | SAFE | {"LEDGER_SIGNING_KEY": "abc", "IMPORT_MAX_BYTES": "x"}
    del environment["SECRET_KEY"]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    for line in ("SECRET_KEY must be set", "LEDGER_SIGNING_KEY must be", "IMPORT_MAX_BYTES cannot be read"):
        assert f"\n- {line}" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with manage.py and the keys that `make run` wrote."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.env").write_text(f"SECRET_KEY={RANDOM_KEY}\nLEDGER_SIGNING_KEY=\n", "utf-8")
    return tmp_path


def run_in(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder)} | settings
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


SHOW_SETTINGS = (
    "manage.py",
    *("shell", "--no-imports", "--command"),
    "from django.conf import settings as s; print(s.MODE, s.SECRET_KEY, s.DEMO_DATE)",
)


def test_manage_py_uses_the_demonstration_after_make_run(clone: Path) -> None:
    done = run_in(clone, *SHOW_SETTINGS)
    assert (done.stdout, done.stderr) == (f"demo {RANDOM_KEY} 2020-06-19\n", "")


def test_the_environment_moves_the_day_of_the_demonstration(clone: Path) -> None:
    assert run_in(clone, *SHOW_SETTINGS, DEMO_DATE="2020-07-01").stdout.endswith(" 2020-07-01\n")


@pytest.mark.parametrize("name", ["MODE", "SECRET_KEY", "DATABASE_URL", "LEDGER_SIGNING_KEY"])
def test_manage_py_reads_no_file_in_a_deployment(clone: Path, name: str) -> None:
    done = run_in(clone, "manage.py", "check", **{name: SAFE[name]})
    assert done.returncode != 0
    assert "Prevent Tracker cannot start with these settings" in done.stderr
    assert ("- SECRET_KEY must be set" in done.stderr) == (name != "SECRET_KEY")


def test_the_web_service_reads_no_file(clone: Path) -> None:
    done = run_in(clone, "-c", "import prevent_tracker.wsgi")
    assert done.returncode != 0
    assert "\n- SECRET_KEY must be set\n" in done.stderr


def test_without_a_demonstration_a_missing_setting_is_one_line(clone: Path) -> None:
    (clone / "var" / "demo.env").unlink()
    done = run_in(clone, "manage.py", "check", MODE="demo")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Prevent Tracker cannot start with these settings:",
        "- SECRET_KEY must be set",
    ]


def test_random_keys_are_not_called_guessable() -> None:
    assert not is_guessable(RANDOM_KEY)
    assert not is_guessable(
        "3f9c0a7be1d24586af03c91e7d5b2846f0a9cd13e7b85264"
    )  # hexadecimal has 16 characters
    assert not is_guessable("50178236459081726354901827364550918273640592817364")  # and decimal has 10
    assert is_guessable("0123456789" * 5)
    assert is_guessable("")


def test_no_upload_may_be_larger_than_what_is_received() -> None:
    assert LARGEST_UPLOAD == CappedUploadHandler.LIMIT


def test_the_cookies_of_production_belong_to_its_host_alone() -> None:
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE"]
    done = start(show=" ".join(names), **SAFE)
    assert done.stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
        "True",
        "Lax",
        "Lax",
    ]


def test_production_demands_https_for_a_year() -> None:
    done = start(show="SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS", **SAFE)
    assert done.stdout.split() == ["True", str(365 * 24 * 60 * 60), "True"]
