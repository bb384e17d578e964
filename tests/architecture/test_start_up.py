"""Production does not start with a setting that is unsafe, and nothing starts with one that is misspelt."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "MODE": "production",
    "SECRET_KEY": "k" * 50,
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
        ({"RATE_LIMIT_CACHE_URL": "memcached://x"}, "RATE_LIMIT_CACHE_URL must begin with redis://"),
        ({"ESCALATE_RETURNS_AFTER_DAYS": "1,2"}, "ESCALATE_RETURNS_AFTER_DAYS must be three numbers"),
    ],
)
def test_a_missing_or_misspelt_setting_stops_the_start(wrong: dict[str, str], named: str) -> None:
    done = start(**SAFE | wrong)
    assert done.returncode != 0
    assert named in done.stderr


def test_the_cookies_of_production_belong_to_its_host_alone() -> None:
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    done = start(show=" ".join(names), **SAFE)
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True"]
