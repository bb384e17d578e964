"""The rehearsal of a restore: back up a service, restore it elsewhere, verify ledger and evidence, and sign in.

`make rehearse` runs it and shows what the commands print.
"""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, connection

from audit.roles import grant_statements, role_statements
from desk.backups.databases import dump
from desk.backups.encryption import BackupError, create_key
from tests.service.rig import Service
from tests.service.world import EMAIL, PASSWORD, fill_service
from tests.support.template_database import TEMPLATE

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
OWNER, SERVICE = "prevent_tracker_owner", "prevent_tracker"


@contextmanager
def step(name: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    print(f"| {name} | {time.monotonic() - start:.1f} s |")


def url(service: Service, role: str, database: str = TEMPLATE) -> str:
    return service.cluster.url(database).replace("suite@", f"{role}@")


def as_superuser(service: Service, database: str, *statements: str) -> None:
    with psycopg.connect(service.cluster.url(database), autocommit=True) as superuser:
        for statement in statements:
            superuser.execute(statement)


@pytest.fixture(scope="module")
def original() -> Iterator[Service]:
    """A service with data, that connects as the manual says; no web process runs."""
    service = Service()
    try:
        as_superuser(
            service,
            TEMPLATE,
            *role_statements(owner=OWNER, service=SERVICE, database=TEMPLATE),
            *grant_statements(service=SERVICE),
        )
        fill_service(service)
        service.environment["DATABASE_URL"] = url(service, SERVICE)
        yield service
    finally:
        service.stop()


@pytest.fixture
def copy() -> Iterator[Service]:
    """Another machine: an empty database with the two roles, and an empty folder."""
    service = Service(OUTBOUND="off")
    try:
        as_superuser(service, "postgres", f"DROP DATABASE {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        as_superuser(service, TEMPLATE, *role_statements(owner=OWNER, service=SERVICE, database=TEMPLATE))
        yield service
    finally:
        service.stop()


def sign_in(service: Service) -> str:
    """Sign in as a person does, and return the page that follows."""
    address = f"http://localhost:{service.port}/accounts/login/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(address, timeout=20).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    fields = {"csrfmiddlewaretoken": token, "login": EMAIL, "password": PASSWORD}
    with browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=20) as answer:
        return str(answer.read().decode())


def test_a_backup_is_restored_elsewhere_verified_and_signed_in_to(
    original: Service, copy: Service, tmp_path: Path
) -> None:
    key, folder = tmp_path / "key", tmp_path / "backups"
    private, public = create_key()
    key.write_text(private)
    with step("back up"):
        done = original.manage("backup", str(folder), "--skip-checks", BACKUP_RECIPIENTS=public)
    assert (done.returncode, done.stderr) == (0, "")
    (backup,) = folder.iterdir()
    restore = ("restore", str(backup), "--key", str(key), "--skip-checks")

    refused = copy.manage(*restore, DATABASE_URL=url(copy, SERVICE))
    assert "permission denied" in refused.stderr
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, "Nothing was restored.")
    assert list(copy.data.iterdir()) == []

    with step("restore, verify evidence and ledgers"):
        done = copy.manage(*restore, DATABASE_URL=url(copy, OWNER))
    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 file, 0 missing, 0 altered, 0 unreadable, 0 orphaned" in done.stdout
    assert "West Yorkshire: whole" in done.stdout
    as_superuser(copy, TEMPLATE, f"SET ROLE {OWNER}", *grant_statements(service=SERVICE))
    copy.environment["DATABASE_URL"] = url(copy, SERVICE)
    with step("start and sign in"):
        copy.start()
        assert "Sign out" in sign_in(copy)


@pytest.mark.django_db
def test_the_database_says_why_it_cannot_be_read(
    original: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    parameters = connection.settings_dict | {"NAME": TEMPLATE, "HOST": str(original.cluster.directory)}
    database = ConnectionHandler({"default": parameters | {"USER": SERVICE}})["default"]
    table = "GRANT SELECT ON audit_entry TO", "REVOKE SELECT ON audit_entry FROM"
    as_superuser(original, TEMPLATE, f"{table[1]} {SERVICE}")
    with pytest.raises(BackupError, match="permission denied for table audit_entry"):
        list(dump(database))
    as_superuser(original, TEMPLATE, f"{table[0]} {SERVICE}")
    assert next(iter(dump(database))).startswith(b"PGDMP")
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        with pytest.raises(BackupError, match="pg_dump is not installed here"):
            list(dump(database))
    monkeypatch.setattr("desk.management.commands.backup.connection", database)
    settings.BACKUP_RECIPIENTS = [create_key()[1]]
    database.close()
    original.cluster.shut_down()
    with pytest.raises(CommandError, match="The database does not answer: "):
        call_command("backup", tmp_path)
    original.cluster.start_again()
