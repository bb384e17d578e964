"""Updates that whoever runs a plan asked for: one line for each plan, however many actions they asked about."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.text import Truncator

from actions.models import UpdateRequest
from desk.tasks.tasks import DUE_SOON, OVERDUE, Listed, Task
from standards import marking

LONGEST = 200


def asked(*, requests: Iterable[UpdateRequest], on: date) -> Iterator[Task]:
    """Say what is wanted, the first wanted first: of one action its update, of more of a plan the list of them."""
    by_plan: dict[int, list[UpdateRequest]] = {}
    for row in sorted(requests, key=lambda row: (row.wanted_by, row.action.ref)):
        by_plan.setdefault(row.action.plan_id, []).append(row)
    for rows in by_plan.values():
        first = rows[0]
        urgency = OVERDUE if first.wanted_by < on else DUE_SOON
        if len(rows) == 1:
            yield Task(
                first.action, "Update", words(rows), "actions:progress-create", urgency, first.wanted_by
            )
            continue
        yield Listed(
            first.action,
            "Update",
            words(rows),
            "actions:action-list",
            urgency,
            first.wanted_by,
            subject=f"{len(rows)} actions that were asked about",
            query=f"?asked=yes&owner=me&plan={first.action.plan_id}",
            highest=marking.highest(row.action.marking for row in rows),
        )


def words(rows: Iterable[UpdateRequest]) -> str:
    """Say who asks what, in words without a full stop; what they ask only where it is the same of all."""
    said = {(str(row.asked_by), row.question): None for row in rows}
    if len(said) == 1:
        ((who, question),) = said
        return f"{who} asks: “{Truncator(question).chars(LONGEST)}”"
    return f"Asked for by {' and '.join(dict.fromkeys(who for who, _ in said))}"
