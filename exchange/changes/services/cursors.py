"""How far a reader has come in each ledger it follows, as one word that it keeps.

The word is not secret and not signed: it has positions only, and what the reader may see from a position is decided again by
who asks. A forged one shows nothing that a request without one would not.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from partners.policies import Rights

FORM = 1
LONGEST = 4000
MOST_LEDGERS = 100
HIGHEST = 2**63 - 1
NOT_A_CURSOR = gettext_lazy("This is no cursor of the change feed. Start again without one.")


@dataclass(frozen=True)
class Cursor:
    """The last position seen of each partnership, by its id, and what the reader was entitled to then."""

    positions: dict[int, int] = field(default_factory=dict)
    reach: str = ""

    def __str__(self) -> str:
        content = [FORM, {str(pk): self.positions[pk] for pk in sorted(self.positions)}, self.reach]
        raw = json.dumps(content, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(*, word: str) -> Cursor:
    """Return what `str(cursor)` wrote.

    Raises:
        ValidationError: keyed `after`, when it is nothing of the kind.
    """
    try:
        cursor = _read(word)
    except (ValueError, TypeError, AttributeError, RecursionError):
        cursor = None
    if cursor is None:
        raise ValidationError({"after": NOT_A_CURSOR})
    return cursor


def _read(word: str) -> Cursor | None:
    if len(word) > LONGEST:
        return None
    raw = base64.b64decode(f"{word}{'=' * (-len(word) % 4)}".encode("ascii"), altchars=b"-_", validate=True)
    form, positions, reach = json.loads(raw)
    known = {int(pk): position for pk, position in positions.items()}
    numbers = [*known, *known.values()]
    sound = (
        form == FORM
        and isinstance(reach, str)
        and len(known) <= MOST_LEDGERS
        and all(type(number) is int and 0 <= number <= HIGHEST for number in numbers)
    )
    return Cursor(known, reach) if sound else None


def reach_of(rights: Rights, scopes: Iterable[str]) -> str:
    """Return a hash of the reader's current memberships and the token's scopes."""
    grants = sorted((grant.role, grant.partnership_id, grant.organisation_id) for grant in rights.grants)
    return hashlib.sha256(json.dumps([grants, sorted(scopes)]).encode()).hexdigest()[:16]
