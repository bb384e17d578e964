"""Taking a ledger to write in it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import transaction

from audit.models import SYSTEM_LEDGER, Ledger
from audit.skew import Comparison, DatabaseClock
from audit.transactions import atomic


@dataclass(frozen=True, slots=True)
class _Act:
    """What one request changes: the id that its entries share, and the ledgers it has locked, in their order."""

    pk: uuid.UUID
    places: tuple[tuple[bool, int], ...] = ()


# The act that the outermost `writing` began; None outside of it.
_act: ContextVar[_Act | None] = ContextVar("act", default=None)


class NotWritingError(RuntimeError):
    """A ledger was written to, or taken, against the order that keeps it whole: the calling code is wrong."""


@contextmanager
def writing(ledger_id: int) -> Iterator[Ledger]:
    """Open a transaction and lock a ledger, before anything else is read or locked.

    Writers of one partnership so queue at its ledger, never at each other's rows: there are no deadlocks, what a
    service checks stays true until it commits, and a rolled-back change leaves no gap. It may be nested; a service
    that needs several ledgers takes the partnerships' in the order of their ids and the system's last.

    The outermost block starts an act: all entries made inside it, in any ledger, share one id.

    Raises:
        Ledger.DoesNotExist: when there is no such ledger.
        ClockError: when this machine's clock and the database's differ.
        NotWritingError: when a ledger that comes later in that order is locked already.
    """
    with atomic():
        comparison = Comparison()
        locked = Ledger.objects.select_for_update().annotate(database_time=DatabaseClock())
        ledger = locked.get(pk=ledger_id)
        comparison.require(ledger.database_time)
        place = (ledger.name == SYSTEM_LEDGER, ledger.pk)
        act = _act.get() or _Act(uuid.uuid4())
        if place not in act.places and any(other > place for other in act.places):
            raise NotWritingError(f"Lock the ledger {ledger.name!r} before the others.")
        token = _act.set(replace(act, places=(*act.places, place)))
        try:
            yield ledger
        finally:
            _act.reset(token)


def head_for_append(ledger: Ledger) -> Ledger:
    """Return the ledger's present head, under the lock that `writing` took.

    It is read again for every append: an entry written earlier in the transaction counts, one that a savepoint took
    back does not.

    Raises:
        NotWritingError: outside of `writing`.
    """
    act = _act.get()
    locked = {pk for _, pk in act.places} if act else set()
    if ledger.pk not in locked or not transaction.get_connection().in_atomic_block:
        raise NotWritingError(f"Append to {ledger.name!r} only inside `with writing({ledger.pk})`.")
    return Ledger.objects.select_for_update().get(pk=ledger.pk)


def act_id() -> uuid.UUID:
    """Return the id of the act under way.

    Raises:
        NotWritingError: outside of `writing`.
    """
    act = _act.get()
    if act is None:
        raise NotWritingError("An act begins with `with writing(...)`.")
    return act.pk


def system_ledger() -> Ledger:
    """Return the ledger of what belongs to no partnership, such as user accounts; the first call creates it."""
    return Ledger.objects.get_or_create(name=SYSTEM_LEDGER)[0]
