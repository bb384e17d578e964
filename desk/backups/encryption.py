"""Encrypt and decrypt a stream in the age format: authenticated piece by piece, to public keys whose private halves are elsewhere."""

import io
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

PIPE_BYTES = 64 * 1024
BEGINNING = b"age-encryption.org/v1\n"


class BackupError(Exception):
    """Why a backup cannot be made, read or restored, in words for the operator."""


class _Pieces(io.BufferedIOBase):
    """A reader over an iterable of bytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self.error: BaseException | None = None

    def read(self, size: int | None = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        size = len(self._rest) if size is None or size < 0 else size
        piece, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return piece


class _Writer(io.BufferedIOBase):
    """A writer that keeps its error: the library drops the one of its last piece."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.error: BaseException | None = None

    def write(self, data: Any) -> int:
        try:
            return self._file.write(data)
        except BaseException as error:
            self.error = error
            raise

    def flush(self) -> None:
        # Python flushes once more when it discards the writer, and by then its file is closed.
        if not self._file.closed:
            self._file.flush()


def create_key() -> tuple[str, str]:
    """Return a new private key and its public half."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_recipient(text: str) -> bool:
    """Return whether this is the public half of a key."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def read_key(file: Path) -> list[Any]:
    """Read the private keys of a file, one a line; lines that begin with # are comments.

    Raises:
        BackupError: the file cannot be read or has no key.
    """
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise BackupError(f"The key {file} cannot be read: {error.strerror}.") from error
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise BackupError(f"{file} is not a private key of a backup.") from error
    if not keys:
        raise BackupError(f"{file} has no private key.")
    return keys


def encrypt(pieces: Iterable[bytes], file: IO[bytes], recipients: Sequence[str]) -> None:
    """Write an iterable of bytes to a file, encrypted.

    Raises:
        whatever the iterable or the file raised.
    """
    reader, writer = _Pieces(pieces), _Writer(file)
    failure: BaseException | None = None
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
        pyrage.encrypt_io(reader, writer, keys)
    except (pyrage.EncryptError, OSError) as error:
        failure = error
    if original := reader.error or writer.error or failure:
        raise original


@contextmanager
def decrypted(path: Path, keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Open an encrypted file for reading, from its beginning to its end.

    Everything that is read has been authenticated. That it is complete is known only when this context ends, without an error.

    Raises:
        BackupError: the key does not open the file, or the file is damaged or cut short.
    """
    failures: list[Exception] = []
    source, sink = os.pipe()

    def work() -> None:
        try:
            with os.fdopen(sink, "wb", PIPE_BYTES) as pipe, path.open("rb") as file:
                writer = _Writer(pipe)
                try:
                    pyrage.decrypt_io(file, writer, keys)
                except (pyrage.DecryptError, OSError) as error:
                    if writer.error is None:
                        failures.append(error)
        except BrokenPipeError:
            pass  # the reader has stopped, and says why
        except OSError as error:
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    fault: Exception | None = None
    try:
        with os.fdopen(source, "rb") as pipe:
            yield pipe
            while pipe.read(PIPE_BYTES):
                pass
    except Exception as error:  # noqa: BLE001  the cause of an error of the archive may be here
        fault = error
    thread.join()
    if failures:
        raise _in_words(failures[0], path) from failures[0]
    if fault:
        raise fault


def _in_words(error: Exception, path: Path) -> BackupError:
    if isinstance(error, FileNotFoundError):
        return BackupError(f"There is no backup {path}.")
    if "No matching keys" in str(error):
        return BackupError(
            f"This key does not open {path.name}: it was encrypted to another one, or its beginning is damaged."
        )
    with path.open("rb") as file:
        if file.read(len(BEGINNING)) != BEGINNING:
            return BackupError(f"{path.name} is not a backup, or its beginning is damaged.")
    return BackupError(f"{path.name} is damaged or not complete.")
