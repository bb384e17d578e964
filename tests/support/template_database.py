"""The migrated database: built once, then copied for every run and for every process of a run.

Templates lie in .cache/template_databases. Each is named after a fingerprint of everything that decides its content, so
none is ever stale. Runs that find none build their own at the same time, and the first to finish leaves it for the rest.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.cluster import Cluster, copy_files, unprivileged_user

ROOT = Path(__file__).resolve().parent.parent.parent
DIRECTORY = ROOT / ".cache" / "template_databases"
TEMPLATES_OF_EACH_KIND = 6
# The migrated database's name in a PostgreSQL cluster.
TEMPLATE = "template_database"


def fingerprint(server: str) -> str:
    """Identify a template by the migrations, by the packages that run them, and by the server."""
    sources = [
        *ROOT.glob("*/migrations/*.py"),
        ROOT / "audit/triggers.py",
        ROOT / "prevent_tracker/settings.py",
        ROOT / "tests/support/quick_migrate.py",
    ]
    total = hashlib.sha256(server.encode())
    total.update(repr(sorted((package.name, package.version) for package in distributions())).encode())
    for path in sorted(sources):
        total.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:24]


def migrate(url: str, program: tuple[str, ...] = ("django", "migrate")) -> None:
    command = [sys.executable, "-m", *program, "--run-syncdb", "--skip-checks", "--verbosity=0"]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "prevent_tracker.settings"}
    process = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if process.returncode:
        raise pytest.UsageError(f"The migrations failed:\n{process.stdout}{process.stderr}")


def find_or_build(kind: str, server: str, build: Callable[[Path], None]) -> Path:
    """Return the file or directory to copy from. Where there is none, `build` writes it to the path it gets."""
    name = f"{fingerprint(server)}.{kind}"
    if not (DIRECTORY / name).exists():
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix="building-", dir=DIRECTORY))
        try:
            build(workshop / name)
            _publish(workshop / name)
        finally:
            shutil.rmtree(workshop)
        if name != f"{fingerprint(server)}.{kind}":
            # A migration was edited meanwhile: there is no telling which version of it ran.
            _remove(DIRECTORY / name)
            return find_or_build(kind, server, build)
    os.utime(DIRECTORY / name)
    by_age = sorted(DIRECTORY.glob(f"*.{kind}"), key=lambda path: path.stat().st_mtime)
    for unused in by_age[:-TEMPLATES_OF_EACH_KIND]:
        _remove(unused)
    return DIRECTORY / name


def _publish(template: Path) -> None:
    try:
        template.rename(DIRECTORY / template.name)
    except OSError:  # another run was quicker; a file is replaced by its equal, a directory is not
        if not (DIRECTORY / template.name).exists():
            raise


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def sqlite_template() -> Path:
    def build(path: Path) -> None:
        migrate(f"sqlite:///{path}", ("tests.support.quick_migrate",))

    return find_or_build("sqlite3", sqlite3.sqlite_version, build)


def postgresql_template(programs: Path) -> Path:
    def build(path: Path) -> None:
        cluster = Cluster(programs)
        try:
            cluster.start()
            with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(cluster.url(TEMPLATE))
            cluster.shut_down()
            copy_files(cluster.data, path)
        finally:
            cluster.stop()

    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    return find_or_build("postgresql", f"{version.stdout} {unprivileged_user()}", build)


def copy_for_this_process(connection: Any) -> None:
    """Point the connection, which is not open yet, to a new copy of the run's migrated database."""
    if connection.vendor == "sqlite":
        name = str(Path(os.environ["DATA_DIR"]) / "test.sqlite3")
        shutil.copyfile(os.environ["TEST_TEMPLATE"], name)
    else:
        name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        connection.close()
    connection.settings_dict["NAME"] = name
