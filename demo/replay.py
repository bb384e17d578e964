"""Replay history: each row of a history table calls one service as the person who acted."""

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError

from demo.reading import Row, Tables, moment
from demo.steps import access, decisions, inspections, meetings, papers, partners, returns, work
from demo.steps.step import ReplayError, Step, Verb
from partners.models import Partnership, User

__all__ = ["VERBS", "ReplayError", "replay"]

VERBS: dict[str, Verb] = {
    **work.VERBS,
    **decisions.VERBS,
    **meetings.VERBS,
    **partners.VERBS,
    **inspections.VERBS,
    **returns.VERBS,
    **papers.VERBS,
    **access.VERBS,
}


def replay(row: Row, partnership: Partnership, tables: Tables) -> None:
    """Replay one row of a history table.

    Raises:
        ReplayError: when the row names something unknown, or the service refuses it.
    """
    try:
        actor = User.objects.get_by_natural_key(row["actor"])
        step = Step(row, partnership, actor, moment(row["at"]), tables)
        VERBS[row["verb"]](step)
    except (ValidationError, PermissionDenied, ObjectDoesNotExist, LookupError, ValueError) as error:
        raise ReplayError(f"{row['at']} {row['actor']} {row['verb']} {_about(row)}: {error!r}") from error


def _about(row: Row) -> str:
    """Return what a row is about: its action, finding, inspection or organisation."""
    names = (row.get(column) for column in ("ref", "finding", "key", "organisation", "title", "owner"))
    return next((name for name in names if name), "")
