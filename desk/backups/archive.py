"""What is inside a backup: a tar of its description, the database in pieces, the stored files and a count of all of them.

    backup.json         the service it came from, when, its version and its migrations
    database/000000...  what pg_dump writes in its custom format, or the file of SQLite
    media/...           evidence and other stored files
    end.json            how many bytes and files there are

`age --decrypt` and `tar` open it too, without this product.
"""

import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from desk.backups.encryption import BackupError

FORMAT = 1
DESCRIPTION, DATABASE, MEDIA, END = "backup.json", "database/", "media/", "end.json"
# Names have a length of their own, and no piece of the database is ever on the disk.
PIECE_BYTES = 8 * 1024 * 1024
READ_BYTES = 1024 * 1024
INCOMPLETE = "The backup is not complete."


@dataclass(frozen=True)
class Description:
    """Where a backup came from, and what it takes to read it."""

    service: str
    at: str
    version: str
    engine: str
    migrations: list[list[str]]
    format: int = FORMAT


@dataclass
class Contents:
    """What was found in a backup that was read to its end."""

    description: Description
    files: int = 0
    file_bytes: int = 0
    database_bytes: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "files": self.files,
            "file_bytes": self.file_bytes,
            "database_bytes": self.database_bytes,
        }


def pack(description: Description, database: Iterable[bytes], media: Path) -> Iterator[bytes]:
    """Yield the bytes of an archive. The files are read after the database, so that none is missing."""
    contents = Contents(description)
    yield from _member(DESCRIPTION, json.dumps(asdict(description)).encode())
    for number, piece in enumerate(_even(database)):
        contents.database_bytes += len(piece)
        yield from _member(f"{DATABASE}{number:06}", piece)
    for path in sorted(path for path in media.rglob("*") if path.is_file()):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # deleted since it was listed; what the record names is never deleted
        with file:
            size = path.stat().st_size
            contents.files += 1
            contents.file_bytes += size
            yield from _file(f"{MEDIA}{path.relative_to(media).as_posix()}", file, size)
    yield from _member(END, json.dumps(contents.counts).encode())
    yield bytes(2 * tarfile.BLOCKSIZE)


def unpack(
    stream: IO[bytes],
    *,
    accept: Callable[[Description], None],
    database: Callable[[bytes], object] | None = None,
    media: Path | None = None,
) -> Contents:
    """Read an archive to its end.

    Args:
        accept: raises when this service must not restore the backup.
        database: takes each piece of the database; without it they are only counted.
        media: the folder for the stored files; without it they are only counted.

    Raises:
        BackupError: it is not a backup, from a later format, or not complete.
    """
    contents: Contents | None = None
    end: dict[str, int] | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=READ_BYTES) as archive:
            for member in archive:
                file: Any = archive.extractfile(member)
                if contents is None:
                    contents = Contents(_description(member.name, file))
                    accept(contents.description)
                elif member.name.startswith(DATABASE):
                    contents.database_bytes += _each(file, database)
                elif member.name.startswith(MEDIA):
                    contents.files += 1
                    contents.file_bytes += _store(file, member.name.removeprefix(MEDIA), media)
                elif member.name == END:
                    end = json.loads(file.read())
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(INCOMPLETE) from error
    if contents is None or end != contents.counts:
        raise BackupError(INCOMPLETE)
    return contents


def _description(name: str, file: IO[bytes]) -> Description:
    if name != DESCRIPTION:
        raise BackupError("The file is encrypted to this key, but it is not a backup of Prevent Tracker.")
    values = json.loads(file.read())
    if values.get("format") != FORMAT:
        raise BackupError("A later version made this backup: restore it with that version.")
    return Description(**values)


def _each(file: IO[bytes], take: Callable[[bytes], object] | None) -> int:
    total = 0
    while piece := file.read(READ_BYTES):
        total += len(piece)
        if take:
            take(piece)
    return total


def _store(file: IO[bytes], name: str, media: Path | None) -> int:
    if media is None:
        return _each(file, None)
    path = media / name
    if not path.resolve().is_relative_to(media.resolve()):
        raise BackupError(f"The backup has a file outside its folder: {name}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as copy:
        return _each(file, copy.write)


def _member(name: str, content: bytes) -> Iterator[bytes]:
    yield _header(name, len(content))
    yield content
    yield _padding(len(content))


def _file(name: str, file: IO[bytes], size: int) -> Iterator[bytes]:
    yield _header(name, size)
    left = size
    while left:
        piece = file.read(min(left, READ_BYTES))
        if not piece:
            raise BackupError(f"{name} became shorter while it was read. Try again.")
        left -= len(piece)
        yield piece
    yield _padding(size)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o640
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one size."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= PIECE_BYTES:
            yield bytes(rest[:PIECE_BYTES])
            del rest[:PIECE_BYTES]
    if rest:
        yield bytes(rest)
