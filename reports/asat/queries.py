"""What the reader of a past moment may view, and where the record they read begins."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Model

from actions.models import Action
from audit.actors import Reader
from audit.models import Entry
from audit.past import Seen
from inspections.models import Inspection, Recommendation
from partners.models import Partnership

# Every other row is reached through one of these.
SEEN_APART = (Action, Inspection, Recommendation)


def seen_by(user: Reader, on: date) -> Seen:
    """Return what tells the ids of a model's rows that a user may view today; None for all of them."""

    def seen(model: type[Model]) -> Collection[int] | None:
        if model not in SEEN_APART:
            return None
        rows: Any = model._default_manager
        return set(rows.visible_to(user, on).values_list("pk", flat=True))

    return seen


def ledger_began(ledger_id: int) -> datetime | None:
    """Return the moment of a ledger's first entry; None while it has none."""
    return Entry.objects.filter(ledger=ledger_id, sequence=1).values_list("at", flat=True).first()


def record_began(user: Reader, on: date) -> datetime | None:
    """Return the first moment of the record of a user's partnerships; None for a user without one."""
    ledgers = Partnership.objects.visible_to(user, on).values("ledger")
    first: datetime | None = Entry.objects.filter(ledger__in=ledgers, sequence=1).aggregate(at=Min("at"))[
        "at"
    ]
    return first
