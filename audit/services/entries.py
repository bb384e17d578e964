"""Appending: the only way anything enters a ledger."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import rfc8785
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from audit.actors import Actor
from audit.models import LABEL_LENGTH, Entry, Ledger, Tracked
from audit.request_id import request_id
from audit.screening import free_text, masked, new_findings, questions, reason_to_keep, retention_note
from audit.security_events import is_watched, log_entries
from audit.services.ledgers import act_id, head_for_append
from audit.skew import require_not_ahead
from audit.state import model_of, states_of
from audit.verify import canonical

NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

State = dict[str, Any]
LANGUAGE = "en-gb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change to record: what was done to which row, and its state before (None: it was created)."""

    verb: str
    target: Tracked
    before: State | None = None
    note: str = ""
    removed: bool = False


def append(
    *,
    actor: Actor,
    ledger: Ledger,
    at: datetime,
    verb: str,
    target: Tracked,
    before: State | None = None,
    note: str = "",
    removed: bool = False,
) -> Entry:
    """Record one change of a row, in the transaction that makes it.

    Args:
        verb: namespaced, past tense, such as `action.submitted`.
        target: the row as saved; for a removal the row about to be deleted.
        before: `state_of` the row before the change; None when it was created.
        at: the moment; an entry is never dated before the one it follows.

    Raises:
        NotWritingError: outside of `writing(ledger.pk)`.
        ValueError: a moment without a time zone, a row without an id, a text or number that canonical JSON cannot represent.
        ClockError: a moment that has not come yet.
        TypeError: a field whose value has no exact JSON form.
        ValidationError: code `personal_data`, keyed by field or by `note`, for personal data that was not screened before.
    """
    item = Item(verb=verb, target=target, before=before, note=note, removed=removed)
    return append_many(actor=actor, ledger=ledger, at=at, items=[item])[0]


def append_many(*, actor: Actor, ledger: Ledger, at: datetime, items: Sequence[Item]) -> list[Entry]:
    """Record many changes in order, in a number of queries that does not grow with them (but for insert batches).

    Raises:
        as `append`.
    """
    if at.tzinfo is None:
        raise ValueError("The moment of an entry needs a time zone.")
    require_not_ahead(at)
    head = head_for_append(ledger)
    if not items:
        return []
    moment = max(at, head.last_at) if head.last_at else at
    states = states_of([item.target for item in items])
    entries = []
    for item, state in zip(items, states, strict=True):
        entry = _entry(actor, item, state)
        entry.act, entry.at = act_id(), moment
        _chain(entry, head)
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.last_at = moment
    head.save(update_fields=["sequence", "digest", "last_at"])
    if watched := [entry for entry in entries if is_watched(entry.verb)]:
        transaction.on_commit(partial(log_entries, watched, head.name), robust=True)
    return entries


def _entry(actor: Actor, item: Item, state: State) -> Entry:
    if item.target.pk is None:
        raise ValueError(
            f"{item.verb}: the row has no id; record it after it is saved and before it is deleted."
        )
    after = None if item.removed else state
    changes = _changes(item.before if item.before is not None or not item.removed else state, after)
    return Entry(
        actor_type=actor.actor_type,
        actor_id="" if actor.pk is None else str(actor.pk),
        actor_label=_label(actor.actor_label),
        verb=item.verb,
        target_type=item.target._meta.label_lower,
        target_id=str(item.target.pk),
        target_label=_label(item.target),
        changes=changes,
        state=after,
        note=_in_english(_note(item, changes)),
        request_id=request_id.get(),
    )


def _note(item: Item, changes: dict[str, list[Any]]) -> str:
    """Return the entry's note. It names the kind of personal data that was kept and the reason, never the data.

    A row's text can be corrected, but a note is permanent, so personal data in the note is masked.

    Raises:
        ValidationError: when there is personal data without a reason to keep it.
    """
    labels = free_text(model_of(item.target))
    written = {name: new for name, (_, new) in changes.items() if name in labels}
    findings = new_findings({"note": item.note}, tuple) | new_findings(written, lambda: _words_before(item))
    if not findings:
        return item.note
    reason = reason_to_keep()
    if not reason:
        raise ValidationError(questions(findings, labels))
    return "\n".join(filter(None, [masked(item.note), retention_note(findings, labels, reason)]))


def _words_before(item: Item) -> Iterator[Any]:
    for name in free_text(model_of(item.target)):
        yield (item.before or {}).get(name)
    for row in item.target.carried_over():
        yield from row.free_words()


def _chain(entry: Entry, head: Ledger) -> None:
    entry.ledger = head
    entry.sequence = head.sequence + 1
    entry.previous_digest = head.digest
    entry.digest = hashlib.sha256(_exact(entry.content(head.name))).hexdigest()
    head.sequence, head.digest = entry.sequence, entry.digest


def _exact(content: State) -> bytes:
    """Return the RFC 8785 form, once both of its writers agree on it: an auditor's laptop has only the second."""
    form = rfc8785.dumps(content)
    if form != canonical(content):
        raise ValueError(f"{content['verb']}: no two programs would write this value alike.")
    if b"\\u0000" in form and NUL.search(form):
        raise ValueError(f"{content['verb']}: a text contains a NUL, which PostgreSQL cannot store.")
    return form


def _changes(before: State | None, after: State | None) -> dict[str, list[Any]]:
    """Return {field: [old, new]} for what differs; a created row changes from nothing, a removed one to nothing."""
    old, new = before or {}, after or {}
    names = [*new, *(name for name in old if name not in new)]
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _in_english(value: object) -> str:
    """Return a text of the record, which reads the same in every language of the service."""
    with translation.override(LANGUAGE):
        return str(value)


def _label(value: object) -> str:
    text = _in_english(value)
    return text if len(text) <= LABEL_LENGTH else f"{text[: LABEL_LENGTH - 1]}…"
