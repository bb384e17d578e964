"""What stands after the question mark of DATABASE_URL reaches the driver, beside what the settings set themselves."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.architecture.source import ROOT

PRINT = """
import json, django
django.setup()
from django.db import connection
print(json.dumps({name: str(value) for name, value in connection.get_connection_params().items()}))
"""
ASK = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("foreign_keys", "journal_mode", "cache_size"):
        print(name, cursor.execute(f"PRAGMA {name}").fetchone()[0])
"""


def run(url: str, program: str, **settings: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "prevent_tracker.settings",
        "MODE": "demo",
        "SECRET_KEY": "for-this-test-only",
        "DATABASE_URL": url,
        **settings,
    }
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def parameters(url: str) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(run(url, PRINT))
    return options


def test_postgresql_is_connected_to_as_its_address_says() -> None:
    options = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ssl/ca.pem",
        "connect_timeout": "5",
        "application_name": "prevent-tracker",
        "options": "-c statement_timeout=30000",
        "prepare_threshold": "3",
        "target_session_attrs": "read-write",
    }
    query = "&".join(f"{name}={quote(value)}" for name, value in options.items())
    connection_options = parameters(f"postgresql://tracker:p@db.example.org:5433/record?{query}")
    assert connection_options["options"].split(" -c ")[-1] == "statement_timeout=30000"  # the last one counts
    assert {name: connection_options[name] for name in options} == options | {
        "options": connection_options["options"]
    }
    assert (connection_options["host"], connection_options["port"], connection_options["dbname"]) == (
        "db.example.org",
        "5433",
        "record",
    )


@pytest.mark.parametrize("query", ["", "?sslmode=require"])
def test_settings_for_postgresql_stay(query: str) -> None:
    program = "from prevent_tracker import settings; print(settings.DATABASES['default']['OPTIONS'])"
    printed = run(f"postgresql://tracker@db.example.org/record{query}", program)
    assert "'server_side_binding': True" in printed
    assert "'prepare_threshold': 5" in printed
    assert "'connect_timeout': 5" in printed
    # Five seconds for a lock, half a minute for a statement, a minute for a transaction in which nothing happens.
    limits = "-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
    assert f"'options': '{limits}'" in printed


def test_the_limits_of_a_connection_are_settings() -> None:
    address = "postgresql://tracker@db.example.org/record"
    limits = {
        "DATABASE_CONNECT_SECONDS": "7",
        "DATABASE_LOCK_SECONDS": "2",
        "DATABASE_STATEMENT_SECONDS": "0",
    }
    options = json.loads(run(address, PRINT, **limits))
    assert options["connect_timeout"] == "7"
    assert options["options"] == "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=60000"


def test_sqlite_is_opened_as_its_address_says_and_still_safely(tmp_path: Path) -> None:
    file = tmp_path / "record.sqlite3"
    query = f"timeout=7&transaction_mode=EXCLUSIVE&init_command={quote('PRAGMA cache_size=-4321')}"
    options = parameters(f"sqlite:///{file}?{query}")
    assert options["timeout"] == "7"
    printed = run(f"sqlite:///{file}?{query}", ASK).split("\n")
    assert printed[:3] == ["foreign_keys 1", "journal_mode wal", "cache_size -4321"]
