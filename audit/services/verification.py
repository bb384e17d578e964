"""Checking a ledger against itself, against its signatures, and against the rows it vouches for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from audit import triggers
from audit.models import Checkpoint, Entry, Ledger
from audit.services.checkpoints import trusted_keys
from audit.services.rows import row_problems
from audit.verify import Chain, signature_is_good

PAGE = 1000
Link = tuple[dict[str, Any] | None, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; `sequence` is None for a row without an entry."""

    sequence: int | None
    message: str
    of_row: bool = False


@dataclass(slots=True)
class Verdict:
    """The result of a verification. `notes` do not prove tampering, but show that it was possible."""

    ledger: str
    entries: int = 0
    checkpoints: int = 0
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown_keys: dict[str, list[int]] = field(default_factory=dict)
    """Public keys that good signatures name and the settings do not, with the sequences that were signed."""

    @property
    def ok(self) -> bool:
        return not self.problems and not self.unknown_keys

    @property
    def key_mismatches(self) -> list[str]:
        """Say for each unknown key what it signed and what to do. It is no tampering as long as somebody knows the key."""
        return [
            f"{len(sequences)} checkpoint{'s' if len(sequences) > 1 else ''} up to entry {max(sequences)} "
            f"{'were' if len(sequences) > 1 else 'was'} signed with another key: {key}. It belongs neither to "
            "LEDGER_SIGNING_KEY nor to LEDGER_FORMER_PUBLIC_KEYS. If LEDGER_SIGNING_KEY is wrong, set the right key; "
            "if this service signed with the other key before, add it to LEDGER_FORMER_PUBLIC_KEYS. "
            "If nobody knows the other key, treat the ledger as altered."
            for key, sequences in self.unknown_keys.items()
        ]

    @property
    def first_bad_sequence(self) -> int | None:
        """Where the chain first fails; if it is whole, the earliest entry that a row contradicts.

        A broken chain throws up rows that only seem to have strayed, so it is named before them.
        """
        for of_row in (False, True):
            bad = [p.sequence for p in self.problems if p.of_row is of_row and p.sequence is not None]
            if bad:
                return min(bad)
        return None


def verify(*, ledger: Ledger) -> Verdict:
    """Check that a ledger is whole and that its rows match their last entries.

    It sees one moment of the database: on PostgreSQL a snapshot that delays nobody, on SQLite writers wait for it.
    Inside a caller's transaction it sees what that transaction sees.
    """
    with _one_moment():
        head = Ledger.objects.get(pk=ledger.pk)
        verdict = Verdict(ledger=head.name)
        _check_chain(head, verdict)
        _check_checkpoints(head, verdict)
        for sequence, message in row_problems(ledger=head, count=verdict):
            verdict.problems.append(Problem(sequence, message, of_row=True))
        verdict.notes += [
            f"The database no longer refuses changes: {name} is missing."
            for name in triggers.missing(connection)
        ]
    return verdict


@contextmanager
def _one_moment() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _check_chain(head: Ledger, verdict: Verdict) -> None:
    chain = Chain(head.name)
    for content, digest in _entries(head):
        verdict.entries += 1
        if wrong := chain.follow(content, digest):
            verdict.problems.append(Problem(*wrong))
    if chain.sequence != head.sequence:
        missing = min(chain.sequence, head.sequence) + 1
        message = f"entry {missing} is {'missing' if chain.sequence < head.sequence else 'beyond the head'}"
        verdict.problems.append(Problem(missing, f"{message}: the ledger's head is {head.sequence}"))
    elif chain.digest != head.digest:
        verdict.problems.append(
            Problem(max(head.sequence, 1), f"entry {head.sequence} is not the ledger's head")
        )


def _entries(ledger: Ledger) -> Iterator[Link]:
    """Yield (content, digest) in pages; no content where the database has a row that cannot be an entry."""
    sequences = [-1]
    while sequences:
        following = ledger.entries.filter(sequence__gt=sequences[-1]).order_by("sequence")
        sequences = list(following.values_list("sequence", flat=True)[:PAGE])
        if sequences:
            page = following.filter(sequence__lte=sequences[-1])
            yield from _links(ledger.name, page) or [_link(ledger, sequence) for sequence in sequences]
        if len(sequences) < PAGE:
            return


def _link(ledger: Ledger, sequence: int) -> Link:
    links = _links(ledger.name, ledger.entries.filter(sequence=sequence))
    return links[0] if links else (None, "")


def _links(name: str, page: QuerySet[Entry]) -> list[Link] | None:
    try:
        return [(entry.content(name), entry.digest) for entry in page]
    except (AttributeError, TypeError, ValueError):
        return None


def _check_checkpoints(head: Ledger, verdict: Verdict) -> None:
    trusted = trusted_keys()
    if not trusted:
        verdict.notes.append(
            "LEDGER_SIGNING_KEY is not set: checkpoints were checked against the keys they name."
        )
    for made in head.checkpoints.order_by("sequence", "pk").iterator(chunk_size=PAGE):
        verdict.checkpoints += 1
        verdict.problems += _checkpoint_problems(head, made)
        if trusted and made.public_key not in trusted and _is_signed(head, made):
            verdict.unknown_keys.setdefault(made.public_key, []).append(made.sequence)


def _is_signed(head: Ledger, made: Checkpoint) -> bool:
    return signature_is_good(made.content(head.name), made.public_key, made.signature)


def _checkpoint_problems(head: Ledger, made: Checkpoint) -> Iterator[Problem]:
    sequence = made.sequence
    digest = head.entries.filter(sequence=sequence).values_list("digest", flat=True).first()
    if sequence > head.sequence:
        missing = head.sequence + 1
        yield Problem(missing, f"entry {missing} is missing: a checkpoint was made at {sequence}")
    elif digest != made.digest:
        yield Problem(sequence, f"entry {sequence} is not the one that the checkpoint was made over")
    if not _is_signed(head, made):
        yield Problem(sequence, f"the signature of the checkpoint at {sequence} is not good")
