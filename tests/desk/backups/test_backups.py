"""A backup opens with its key alone, is all there or refused in words, and leaves nothing behind when it fails.

tests/service/test_rehearsal.py restores one with the commands, on PostgreSQL.
"""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, connection

from desk.backups import archive, databases, encryption
from desk.backups.encryption import BackupError, create_key, decrypted, encrypt, is_recipient, read_key
from desk.backups.making import make_backup
from desk.backups.restoring import in_words, read_backup, restore_backup
from tests.cast import AT

pytestmark = pytest.mark.django_db
SERVICE = "http://127.0.0.1:8000"


def open_database(folder: Path) -> Any:
    """A database that belongs to no request: an SQLite file, whatever the suite runs on."""
    name = folder / "tracker.sqlite3"
    return ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": name}})["default"]


class Place(NamedTuple):
    """Where a service keeps its database and its files."""

    folder: Path
    database: Any

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def names(self) -> list[str]:
        with self.database.cursor() as cursor:
            cursor.execute("SELECT name FROM people ORDER BY name")
            return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Iterator[Callable[[str], Place]]:
    """Move the service to an empty place of its own."""
    places = []

    def move(name: str) -> Place:
        folder = tmp_path / name
        folder.mkdir()
        settings.MEDIA_ROOT = folder / "media"
        places.append(Place(folder, open_database(folder)))
        return places[-1]

    yield move
    for each in places:
        each.database.close()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    call_command("create_backup_key", tmp_path / "key", stdout=io.StringIO())
    return tmp_path / "key"


def recipient(key: Path) -> str:
    return str(read_key(key)[0].to_public())


@pytest.fixture
def backup(place: Callable[[str], Place], tmp_path: Path, key: Path) -> Path:
    """A backup of two people and two files, the larger of them of more than one piece."""
    origin = place("origin")
    with origin.database.cursor() as cursor:
        cursor.execute("CREATE TABLE people (name text)")
        cursor.execute("INSERT INTO people VALUES ('Ada'), ('Grace')")
    (origin.media / "evidence").mkdir(parents=True)
    (origin.media / "evidence" / "list of names é.txt").write_text("attended", "utf-8")
    (origin.media / "large").write_bytes(os.urandom(archive.READ_BYTES + 17))
    return make(origin.database, tmp_path, key)


def make(database: Any, tmp_path: Path, key: Path) -> Path:
    folder = tmp_path / "backups"
    return make_backup(connection=database, folder=folder, recipients=[recipient(key)], at=AT)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_database_and_files_come_back(
    backup: Path, place: Callable[[str], Place], tmp_path: Path, key: Path
) -> None:
    elsewhere = place("elsewhere")
    contents = restore_backup(connection=elsewhere.database, path=backup, keys=read_key(key), service=SERVICE)
    assert elsewhere.names() == ["Ada", "Grace"]
    assert files_below(elsewhere.media) == files_below(tmp_path / "origin" / "media")
    assert {path.name for path in elsewhere.folder.iterdir()} == {"media", "tracker.sqlite3"}
    assert in_words(contents).startswith(f"Backup of {SERVICE}, 19 June 2020, 10:00, version ")
    assert " 2 files " in in_words(contents)


def test_only_its_owner_reads_the_file_and_it_shows_nothing(backup: Path, key: Path) -> None:
    assert [path.stat().st_mode & 0o777 for path in (backup, key)] == [0o600, 0o600]
    assert [path.name for path in backup.parent.iterdir()] == ["prevent-tracker-20200619-090000Z.age"]
    for plain in (b"Grace", b"SQLite", b"backup.json", b"attended", b"127.0.0.1"):
        assert plain not in backup.read_bytes()


def test_a_standard_program_could_read_it(backup: Path, key: Path) -> None:
    """Inside is an ordinary tar, so the data is not lost with this product."""
    with decrypted(backup, read_key(key)) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        names = tar.getnames()
    assert [names[0], names[1], names[-1]] == ["backup.json", "database/000000", "end.json"]
    assert set(names[2:-1]) == {"media/evidence/list of names é.txt", "media/large"}


def damage(backup: Path, kind: str) -> None:
    content = bytearray(backup.read_bytes())
    if kind == "its beginning":
        content[60] ^= 1
    elif kind == "its middle":
        content[len(content) // 2] ^= 1
    elif kind == "its end":
        content[-1] ^= 1
    elif kind == "cut between two pieces":
        header = content.index(b"\n--- ") + 1
        del content[content.index(b"\n", header) + 1 + 16 + 64 * 1024 + 16 :]
    elif kind == "cut":
        del content[-70_000:]
    elif kind == "empty":
        content.clear()
    else:
        content[:] = b"something else altogether"
    backup.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("its beginning", "damaged"),
        ("its middle", "is damaged or not complete"),
        ("its end", "is damaged or not complete"),
        ("cut between two pieces", "is damaged or not complete"),
        ("cut", "is damaged or not complete"),
        ("empty", "is not a backup, or its beginning is damaged"),
        ("no backup", "is not a backup, or its beginning is damaged"),
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    backup: Path, place: Callable[[str], Place], key: Path, kind: str, words: str
) -> None:
    damage(backup, kind)
    elsewhere = place("elsewhere")
    arguments: dict[str, Any] = {"path": backup, "keys": read_key(key), "service": SERVICE}
    with pytest.raises(BackupError, match=words):
        restore_backup(connection=elsewhere.database, **arguments)
    assert databases.is_empty(elsewhere.database)
    assert [path.name for path in elsewhere.folder.iterdir()] == ["tracker.sqlite3"]
    with pytest.raises(BackupError, match=words):
        read_backup(**arguments)


def test_another_key_does_not_open_it(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(create_key()[0])
    with pytest.raises(BackupError, match="This key does not open prevent-tracker-20200619-090000Z.age"):
        read_backup(path=backup, keys=read_key(tmp_path / "other"), service=SERVICE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "has no private key"),
        ("# a comment\n", "has no private key"),
        ("age1public", "is not a private key"),
    ],
)
def test_a_file_without_a_private_key_is_named(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "wrong").write_text(content)
    with pytest.raises(BackupError, match=words):
        read_key(tmp_path / "wrong")
    with pytest.raises(BackupError, match="cannot be read: No such file or directory"):
        read_key(tmp_path / "missing")


def test_a_backup_of_another_service_is_refused_until_it_is_named(
    backup: Path, place: Callable[[str], Place], key: Path, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://tracker.example.org"
    elsewhere = place("elsewhere")
    with pytest.raises(CommandError, match="add --from http://127.0.0.1:8000"):
        call_command("restore", backup, key=key, check=True)
    arguments: dict[str, Any] = {"path": backup, "keys": read_key(key)}
    with pytest.raises(
        BackupError, match=f"This is a backup of {SERVICE}, and this service is https://tracker"
    ):
        restore_backup(connection=elsewhere.database, **arguments, service=settings.SITE_ADDRESS)
    assert databases.is_empty(elsewhere.database)
    restore_backup(connection=elsewhere.database, **arguments, service=SERVICE)
    assert elsewhere.names() == ["Ada", "Grace"]


def test_it_goes_into_an_empty_place_only(backup: Path, tmp_path: Path, key: Path, settings: Any) -> None:
    arguments: dict[str, Any] = {"path": backup, "keys": read_key(key), "service": SERVICE}
    with pytest.raises(BackupError, match="has files already. Move them away first"):
        restore_backup(connection=connection, **arguments)
    settings.MEDIA_ROOT = tmp_path / "new"
    with pytest.raises(BackupError, match="The database has tables already"):
        restore_backup(connection=connection, **arguments)
    assert not settings.MEDIA_ROOT.exists()


def rewrite(backup: Path, key: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Write the backup again with another description."""
    with decrypted(backup, read_key(key)) as stream:
        content = bytearray(stream.read())
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        member: Any = tar.extractfile("backup.json")
        description = json.loads(member.read())
        start = tar.getmembers()[1].offset
    change(description)
    pieces = [*archive._member("backup.json", json.dumps(description).encode()), bytes(content[start:])]
    with backup.open("wb") as file:
        encrypt(pieces, file, [recipient(key)])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"format": 99}, "A later version made this backup"),
        ({"migrations": [["desk", "9999_later"]], "version": "9.0"}, "Version 9.0 made .* desk 9999_later"),
        ({"engine": "postgresql"}, "of a postgresql database, not sqlite"),
    ],
)
def test_what_this_service_cannot_read_is_refused(
    backup: Path, place: Callable[[str], Place], key: Path, values: dict[str, Any], words: str
) -> None:
    rewrite(backup, key, lambda description: description.update(values))
    elsewhere = place("elsewhere")
    with pytest.raises(BackupError, match=words):
        restore_backup(connection=elsewhere.database, path=backup, keys=read_key(key), service=SERVICE)
    assert databases.is_empty(elsewhere.database)


def test_a_file_outside_its_folder_is_refused(tmp_path: Path) -> None:
    description = archive.Description(SERVICE, AT.isoformat(), "1", "sqlite", [])
    (tmp_path / "media").mkdir()
    pieces = list(archive.pack(description, [b"rows"], tmp_path / "media"))
    outside = [*archive._member("media/../outside", b"x")]
    with pytest.raises(BackupError, match="outside its folder"):
        archive.unpack(
            io.BytesIO(b"".join(pieces[:-4] + outside + pieces[-4:])),
            accept=lambda description: None,
            media=tmp_path / "media",
        )
    assert not (tmp_path / "outside").exists()


class FullDisk(io.BytesIO):
    """Takes some bytes, then has no room."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_writer_is_discarded_after_its_file(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        writer = encryption._Writer(file)
        writer.write(b"rows")
    writer.close()
    assert (tmp_path / "file").read_bytes() == b"rows"


@pytest.mark.parametrize("room", [0, 100, 70_000])
def test_a_full_disk_is_never_taken_for_success(key: Path, room: int) -> None:
    with pytest.raises(OSError, match="No space left"):
        encrypt([b"x" * 100_000], FullDisk(room), [recipient(key)])


def test_a_backup_that_fails_leaves_no_file(
    backup: Path, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.unlink()

    def break_off(connection: Any) -> Iterator[bytes]:
        yield b"half"
        raise BackupError("pg_dump: error: connection to server was lost")

    monkeypatch.setattr("desk.backups.making.dump", break_off)
    with pytest.raises(BackupError, match="connection to server was lost"):
        make(open_database(tmp_path / "origin"), tmp_path, key)
    assert list(backup.parent.iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupError, match="could not be written to .*: Not a directory"):
        make_backup(connection=connection, folder=tmp_path / "file" / "x", recipients=[recipient(key)], at=AT)


def test_without_a_key_nothing_is_written_in_the_open(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Set BACKUP_RECIPIENTS"):
        call_command("backup", tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_a_key_is_not_written_over(key: Path) -> None:
    before = key.read_text()
    with pytest.raises(CommandError, match="cannot be made: File exists"):
        call_command("create_backup_key", key)
    assert key.read_text() == before
    assert is_recipient(recipient(key))
    assert not is_recipient(before)
