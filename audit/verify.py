"""Checks an exported ledger with nothing but Python: no database, no Django, no settings, no packages.

    python -m audit.verify LEDGER.jsonl        or, with this one file copied to a laptop,        python verify.py LEDGER.jsonl

The application chains and checks its own entries with the same functions, so there is one definition of both.

Exit status: 0 the ledger is whole, 1 it is not (the first bad sequence is named), 2 the file cannot be read as one.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "prevent-tracker-ledger"
VERSION = 2  # 1 had no acts
GENESIS = "0" * 64
EXACT_INTEGER = 2**53 - 1
PROBLEMS_SHOWN = 20


class NotCanonicalError(ValueError):
    """A value that the ledger's canonical JSON cannot represent."""


class UnreadableError(Exception):
    """The file is not an exported ledger, at a line that the message names."""


def instant(at: datetime) -> str:
    """Return a moment as ISO 8601 in UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a ledger's values: texts, whole numbers, booleans, nulls, lists and objects.

    Raises:
        NotCanonicalError: for anything else, such as a fraction, whose form would depend on who writes it.
    """
    try:
        text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError("a text contains half a surrogate pair") from error
    except RecursionError as error:
        raise NotCanonicalError("nested too deeply") from error


def _ordered(value: Any) -> Any:
    """Check a value and put the members of its objects in the order of their UTF-16 code units, as RFC 8785 wants."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if abs(value) > EXACT_INTEGER:
            raise NotCanonicalError(f"{value} is too large to be exact everywhere")
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonicalError("a member's name is not a text")
        return {
            key: _ordered(value[key]) for key in sorted(value, key=_utf_16 if _beyond_ascii(value) else None)
        }
    raise NotCanonicalError(f"a {type(value).__name__} has no place in a ledger")


def _beyond_ascii(names: dict[str, Any]) -> bool:
    return not all(map(str.isascii, names))


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def digest_of(content: Any) -> str:
    """Return the SHA-256 of a value's canonical form, in hexadecimal.

    Raises:
        NotCanonicalError: as `canonical`.
    """
    return hashlib.sha256(canonical(content)).hexdigest()


class Chain:
    """Follows a ledger entry by entry and says what is wrong with each, from the first on."""

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        self.sequence = 0
        self.digest = GENESIS
        self.at = ""

    def follow(self, content: Any, digest: Any) -> tuple[int, str] | None:
        """Return the sequence that is bad and what is wrong, or None, and take the entry as the one to follow next."""
        wrong = self._wrong(content, digest)
        if isinstance(content, dict):
            sequence = content.get("sequence")
            self.sequence = sequence if type(sequence) is int else self.sequence + 1
            self.at = str(content.get("at", ""))
        self.digest = str(digest)
        return wrong

    def _wrong(self, content: Any, digest: Any) -> tuple[int, str] | None:
        expected = self.sequence + 1
        if not isinstance(content, dict) or type(content.get("sequence")) is not int:
            return expected, f"entry {expected} cannot be read"
        sequence = content["sequence"]
        if sequence > expected:
            return expected, f"entry {expected} is missing: {sequence} comes after {self.sequence}"
        if sequence < expected:
            return sequence, f"entry {sequence} is out of order: it comes after {self.sequence}"
        return self._altered(content, sequence, digest) or self._misplaced(content, sequence)

    def _altered(self, content: dict[str, Any], sequence: int, digest: Any) -> tuple[int, str] | None:
        try:
            computed = digest_of(content)
        except NotCanonicalError as error:
            return sequence, f"entry {sequence} was altered: {error}"
        if computed != digest:
            return sequence, f"entry {sequence} was altered: its digest does not match what it says"
        if content.get("ledger") != self.ledger:
            return sequence, f"entry {sequence} belongs to another ledger: {content.get('ledger')!r}"
        return None

    def _misplaced(self, content: dict[str, Any], sequence: int) -> tuple[int, str] | None:
        if content.get("previous_digest") != self.digest:
            # This entry says truly what it was written with, so the one before it is not the one it was written after.
            before = max(self.sequence, 1)
            return (
                before,
                f"entry {before} was replaced: it is not the one that entry {sequence} was written after",
            )
        if str(content.get("at", "")) < self.at:
            return sequence, f"entry {sequence} is dated before the one it follows"
        return None


def cryptography_is_here() -> bool:
    try:
        import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401, PLC0415  absent on a bare machine
    except ImportError:
        return False
    return True


def signature_is_good(content: dict[str, Any], public_key: str, signature: str) -> bool:
    """Say whether an Ed25519 signature over a checkpoint's canonical form is that key's. Needs `cryptography`."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), canonical(content))
    except (InvalidSignature, ValueError):
        return False
    return True


class Check:
    """Reads an export from its first line to its last, once, holding one line at a time."""

    def __init__(self, file: BinaryIO, public_key: str = "") -> None:
        self.lines = _objects(file)
        self.public_key = public_key
        self.problems: list[tuple[int, str]] = []
        self.first_bad: int | None = None
        self.entries = 0
        self.checkpoints = 0
        self.unchecked_signatures = 0
        self.keys: set[str] = set()
        self.other_keys: set[str] = set()
        self.header: dict[str, Any] = {}

    def run(self) -> None:
        """Raises UnreadableError, naming the line, when the file is not an exported ledger."""
        self.header = self._read_header()
        self.chain = Chain(str(self.header["ledger"]))
        # Checkpoints come last and each asks for one of these.
        digests: list[bytes] = []
        for number, line in self.lines:
            if "entry" in line and not self.checkpoints:
                self._entry(line, digests)
            elif "checkpoint" in line:
                self._checkpoint(number, line, digests)
            else:
                raise UnreadableError(
                    f"line {number} is neither an entry nor, after the entries, a checkpoint"
                )
        self._head()

    def _read_header(self) -> dict[str, Any]:
        _, line = next(self.lines, (1, {}))
        header = line.get("header")
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise UnreadableError("line 1 is not the header of an exported ledger")
        if header.get("version") != VERSION:
            raise UnreadableError(
                f"line 1: this program reads version {VERSION}, not {header.get('version')!r}"
            )
        head = header.get("head")
        if not isinstance(head, dict) or not {"ledger", "entries"} <= header.keys():
            raise UnreadableError("line 1: the header lacks the ledger, its head or the number of entries")
        return header

    def _bad(self, sequence: int, message: str) -> None:
        self.problems.append((sequence, message))
        self.first_bad = sequence if self.first_bad is None else min(self.first_bad, sequence)

    def _entry(self, line: dict[str, Any], digests: list[bytes]) -> None:
        self.entries += 1
        wrong = self.chain.follow(line["entry"], line.get("digest"))
        digests.append(self.chain.digest.encode("utf-8", "replace")[:64])
        if wrong:
            self._bad(*wrong)

    def _checkpoint(self, number: int, line: dict[str, Any], digests: list[bytes]) -> None:
        self.checkpoints += 1
        content = line["checkpoint"]
        if (
            not isinstance(content, dict)
            or type(content.get("sequence")) is not int
            or content["sequence"] < 1
        ):
            raise UnreadableError(f"line {number}: the checkpoint has no sequence")
        sequence, key = content["sequence"], str(content.get("public_key", ""))
        if sequence > len(digests):
            self._bad(
                len(digests) + 1, f"entry {len(digests) + 1} is missing: a checkpoint was made at {sequence}"
            )
        elif str(content.get("digest", "")).encode("utf-8", "replace") != digests[sequence - 1]:
            self._bad(sequence, f"entry {sequence} is not the one that the checkpoint was made over")
        if content.get("ledger") != self.chain.ledger:
            self._bad(sequence, f"the checkpoint at {sequence} is of the ledger {content.get('ledger')!r}")
        self._signature(content, key, str(line.get("signature", "")))

    def _signature(self, content: dict[str, Any], key: str, signature: str) -> None:
        sequence = content["sequence"]
        self.keys.add(key)
        if not cryptography_is_here():
            self.unchecked_signatures += 1
        elif not signature_is_good(content, key, signature):
            self._bad(sequence, f"the signature of the checkpoint at {sequence} is not good")
            return
        if self.public_key and key != self.public_key:
            self.other_keys.add(key)

    def _head(self) -> None:
        head, end = self.header["head"], self.chain.sequence
        if self.header["entries"] != self.entries or head.get("sequence") != end:
            self._bad(
                end + 1, f"entry {end + 1} is not as the header says: it ends at {head.get('sequence')!r}"
            )
        elif head.get("digest") != self.chain.digest:
            self._bad(end, f"entry {end} is not the head that the header names")


def _objects(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, raw in enumerate(file, start=1):
        try:
            line = json.loads(raw.decode("utf-8"), object_pairs_hook=_members)
        except UnicodeDecodeError as error:
            raise UnreadableError(f"line {number} is not UTF-8 text: {error.reason}") from error
        except RecursionError as error:
            raise UnreadableError(f"line {number} is nested too deeply") from error
        except ValueError as error:
            raise UnreadableError(f"line {number} is not JSON: {error}") from error
        if not isinstance(line, dict):
            raise UnreadableError(f"line {number} is not a JSON object")
        yield number, line


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name appears twice in one object")
    return members


def report(check: Check) -> None:
    head = check.chain
    print(f"Ledger:      {check.header['ledger']}")
    print(f"Exported at: {check.header.get('exported_at', 'unknown')}")
    print(f"Entries:     {check.entries}, up to {head.sequence} {head.digest}")
    print(f"Checkpoints: {check.checkpoints}{_about_signatures(check)}")
    for _, message in check.problems[:PROBLEMS_SHOWN]:
        print(f"BAD {message}")
    if len(check.problems) > PROBLEMS_SHOWN:
        print(f"... and {len(check.problems) - PROBLEMS_SHOWN} more")
    if check.problems:
        print(f"NOT WHOLE. First bad sequence: {check.first_bad}")
    elif check.other_keys:
        print(
            f"THE KEY DOES NOT MATCH. Checkpoints were signed with another key than the one you gave: "
            f"{', '.join(sorted(check.other_keys))}. Every entry follows the one before it. Compare your key with the "
            "one that was published, and ask for keys that were used before. If your key is the right one and nobody "
            "knows the other, treat the ledger as altered."
        )
    else:
        print("WHOLE. Every entry follows the one before it and says what it said when it was written.")


def _about_signatures(check: Check) -> str:
    if not check.checkpoints:
        return ": no signature says that entries at the end, or all of them, were not remade"
    if check.unchecked_signatures:
        return "; SIGNATURES NOT CHECKED, for want of the Python package 'cryptography'"
    if check.public_key and not check.other_keys:
        return ", signatures checked against the key you gave"
    return f"; signed with {', '.join(sorted(check.keys))}: compare it with the key that was published"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="verify", description="Check an exported ledger of Prevent Tracker."
    )
    parser.add_argument("file", help="the exported ledger, one JSON object a line")
    parser.add_argument(
        "--public-key", default="", help="the Ed25519 key (base64) that checkpoints must be signed with"
    )
    options = parser.parse_args(arguments)
    try:
        with open(options.file, "rb") as file:  # noqa: PTH123  a path may be anything the shell hands over
            check = Check(file, options.public_key.strip())
            check.run()
    except (OSError, UnreadableError) as error:
        print(f"Cannot read {options.file}: {error}", file=sys.stderr)
        return 2
    report(check)
    if not check.problems and check.public_key and check.unchecked_signatures:
        print("Cannot check against a key without the Python package 'cryptography'", file=sys.stderr)
        return 2
    return 1 if check.problems or check.other_keys else 0


if __name__ == "__main__":
    sys.exit(main())
