"""The database as the migrations leave it, cast once and copied for every run and every process of it.

Moulds lie in .cache/moulds under a digest of all that decides what is in them, so none is ever stale. Runs that find none
each cast their own, and the first that is ready leaves it for the rest.
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

from tests.cluster import Cluster, copy_files, unprivileged_user

ROOT = Path(__file__).resolve().parent.parent
MOULDS = ROOT / ".cache" / "moulds"
KEPT = 6
# The migrated database's name in a PostgreSQL cluster.
DATABASE = "mould"


def digest(server: str) -> str:
    """Tell one mould from another: by what migrates, by what is migrated, and by the server."""
    sources = [
        *ROOT.glob("*/migrations/*.py"),
        ROOT / "audit/triggers.py",
        ROOT / "prevent_tracker/settings.py",
    ]
    total = hashlib.sha256(server.encode())
    total.update(repr(sorted((each.name, each.version) for each in distributions())).encode())
    for path in sorted(sources):
        total.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:24]


def migrate(url: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--skip-checks", "--verbosity=0"]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "prevent_tracker.settings"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise pytest.UsageError(f"The migrations failed:\n{done.stdout}{done.stderr}")


def mould(kind: str, server: str, cast: Callable[[Path], None]) -> Path:
    """Return the file or directory to copy from; where there is none yet, `cast` makes it at the path it is given."""
    name = f"{digest(server)}.{kind}"
    if not (MOULDS / name).exists():
        MOULDS.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix="casting-", dir=MOULDS))
        try:
            cast(workshop / name)
            _put_on_the_shelf(workshop / name)
        finally:
            shutil.rmtree(workshop)
        if (
            name != f"{digest(server)}.{kind}"
        ):  # a migration was edited meanwhile: who knows which one was run
            _remove(MOULDS / name)
            return mould(kind, server, cast)
    os.utime(MOULDS / name)
    for forgotten in sorted(MOULDS.glob(f"*.{kind}"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        _remove(forgotten)
    return MOULDS / name


def _put_on_the_shelf(made: Path) -> None:
    try:
        made.rename(MOULDS / made.name)
    except OSError:  # another run was quicker; a file is replaced by its equal, a directory is not
        if not (MOULDS / made.name).exists():
            raise


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def sqlite_mould() -> Path:
    return mould("sqlite3", sqlite3.sqlite_version, lambda path: migrate(f"sqlite:///{path}"))


def postgresql_mould(programs: Path) -> Path:
    def cast(path: Path) -> None:
        cluster = Cluster(programs)
        try:
            cluster.start()
            with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            migrate(cluster.url(DATABASE))
            cluster.shut_down()
            copy_files(cluster.data, path)
        finally:
            cluster.stop()

    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    return mould("postgresql", f"{version.stdout} {unprivileged_user()}", cast)


def copy_for_this_process(connection: Any) -> None:
    """Turn the connection, not open yet, to a new copy of the run's migrated database."""
    if connection.vendor == "sqlite":
        name = str(Path(os.environ["DATA_DIR"]) / "test.sqlite3")
        shutil.copyfile(os.environ["TEST_MOULD"], name)
    else:
        name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
        connection.close()
    connection.settings_dict["NAME"] = name
