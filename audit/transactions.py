"""Transactions that can undo what a rollback does not: files, which no database takes back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

logger = logging.getLogger(__name__)
Undo = Callable[[], object]

# What the open transaction would have to undo; None outside of `atomic`.
_undo: ContextVar[list[Undo] | None] = ContextVar("undo", default=None)


@contextmanager
def atomic() -> Iterator[None]:
    """Open a transaction, or a savepoint inside one, whose rollback calls what `on_rollback` was given.

    Once COMMIT was sent, nothing is undone, even when sending it raised an error: a connection can break after the
    database has committed, and then the rows are there and need what belongs to them.
    """
    outer = _undo.get()
    own: list[Undo] = []
    token = _undo.set(own)
    rolls_back = True
    try:
        with transaction.atomic():
            yield
            rolls_back = transaction.get_rollback()
    finally:
        _undo.reset(token)
        if rolls_back:
            _call(own)
        elif outer is not None:
            outer.extend(own)


def on_rollback(undo: Undo) -> None:
    """Call a function if the transaction or savepoint that is open now rolls back.

    Outside of `atomic` there is no rollback to wait for, and nothing is called.
    """
    undos = _undo.get()
    if undos is not None:
        undos.append(undo)


def _call(undos: list[Undo]) -> None:
    """Undo all, the last first; one that fails is logged and hides neither the others nor why it was called."""
    for undo in reversed(undos):
        try:
            undo()
        except Exception:
            logger.exception("After a rollback something could not be undone.")
