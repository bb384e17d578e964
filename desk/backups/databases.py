"""The database as a stream of bytes, and back: pg_dump and pg_restore, or the file of SQLite."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.db.backends.postgresql.client import DatabaseClient

from desk.backups.encryption import BackupError

READ_BYTES = 1024 * 1024
NO_ANSWER = "The database does not answer: {}"
NOT_INSTALLED = "{} is not installed here. It comes with PostgreSQL's client programs, of the server's version or a later one."


def dump(connection: Any) -> Iterator[bytes]:
    """Yield the whole database as it is at one moment.

    Raises:
        BackupError: the database could not be read, with what its program said.
    """
    return _dump_postgresql(connection) if connection.vendor == "postgresql" else _dump_sqlite(connection)


def is_empty(connection: Any) -> bool:
    """Return whether the database has no table. SQLite makes the file of a new one here."""
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    return not connection.introspection.table_names()


@contextmanager
def restoring(connection: Any) -> Iterator[Callable[[bytes], object]]:
    """Give what takes the pieces of a dump. The database has all of them when this context ends, and nothing if it fails.

    Raises:
        BackupError: the database refused them, with what its program said.
    """
    restore = _restore_postgresql if connection.vendor == "postgresql" else _restore_sqlite
    with restore(connection) as take:
        yield take


def _dump_sqlite(connection: Any) -> Iterator[bytes]:
    connection.ensure_connection()
    content = memoryview(connection.connection.serialize())
    for start in range(0, len(content), READ_BYTES):
        yield bytes(content[start : start + READ_BYTES])


@contextmanager
def _restore_sqlite(connection: Any) -> Iterator[Callable[[bytes], object]]:
    path = Path(connection.settings_dict["NAME"])
    part = path.with_name(f"{path.name}.restoring")
    try:
        with part.open("wb") as file:
            yield file.write
            os.fsync(file.fileno())
        connection.close()
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _dump_postgresql(connection: Any) -> Iterator[bytes]:
    with _program("pg_dump", connection, "--format=custom", "--no-comments") as program:
        assert program.stdout is not None
        while piece := program.stdout.read(READ_BYTES):
            yield piece


@contextmanager
def _restore_postgresql(connection: Any) -> Iterator[Callable[[bytes], object]]:
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    connection.close()
    with _program("pg_restore", connection, *options, stdin=subprocess.PIPE) as program:
        pipe: IO[bytes] = program.stdin  # type: ignore[assignment]

        def take(piece: bytes) -> None:
            with suppress(BrokenPipeError):  # it has ended, and says why
                pipe.write(piece)

        yield take


@contextmanager
def _program(
    name: str, connection: Any, *options: str, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's programs on the database; it is killed when the work with it fails."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    database = ["--dbname", arguments[-1]]
    with tempfile.TemporaryFile() as messages:
        try:
            program = subprocess.Popen(  # noqa: S603  one of two fixed programs
                [name, *options, "--no-password", *arguments[1:-1], *database],
                env=os.environ | (environment or {}),
                stdin=stdin,
                stdout=subprocess.PIPE if stdin == subprocess.DEVNULL else subprocess.DEVNULL,
                stderr=messages,
            )
        except FileNotFoundError as error:
            raise BackupError(NOT_INSTALLED.format(name)) from error
        try:
            yield program
        except BaseException:
            program.kill()
            raise
        finally:
            for pipe in (program.stdin, program.stdout):
                if pipe and not pipe.closed:
                    _close(pipe)
            status = program.wait()
        if status:
            messages.seek(0)
            raise BackupError(messages.read().decode("utf-8", "replace").strip() or f"{name} failed.")


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # it has ended
        pipe.close()
