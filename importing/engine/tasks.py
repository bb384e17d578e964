"""Long imports as the workers run them: the same for every kind of import."""

from collections.abc import Callable
from typing import Any

from audit import clock
from audit.models import Tracked
from importing.engine.services.flow import Importer
from importing.engine.services.running import run_import
from partners.models import User

Find = Callable[[User], tuple[Importer[Any], Tracked]]


def run_long(*, user: int, find: Find, token: str, undo: str, reason: str, leave_out: bool) -> dict[str, Any]:
    """Import the file of a token, or undo an import, for the user who confirmed it; return the result in words.

    Args:
        find: returns the importer and the row that the user imports into.
        token, undo, reason, leave_out: as for `run_import`.
    """
    actor = User.objects.get(pk=user, is_active=True)
    importer, target = find(actor)
    return run_import(
        actor=actor,
        importer=importer,
        target=target,
        token=token,
        undo=undo,
        reason=reason,
        leave_out=leave_out,
        at=clock.now(),
    )
