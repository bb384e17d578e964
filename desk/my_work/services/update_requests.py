"""Updates that managers requested: one task per plan, for any number of actions."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.models import UpdateRequest
from desk.tasks.subjects import of_action, of_actions
from desk.tasks.task import DUE_SOON, OVERDUE, Task
from web.language import lazy_text

LONGEST_QUOTE = 200
UPDATE = lazy_text("Update")


def update_requests(*, requests: Iterable[UpdateRequest], on: date) -> Iterator[Task]:
    """Yield one task per plan, the earliest first: the update of one action, or the list of several."""
    by_plan: dict[int, list[UpdateRequest]] = {}
    for row in sorted(requests, key=lambda row: (row.due_on, row.action.ref)):
        by_plan.setdefault(row.action.plan_id, []).append(row)
    for rows in by_plan.values():
        first = rows[0]
        urgency = OVERDUE if first.due_on < on else DUE_SOON
        if len(rows) == 1:
            subject, route, query = of_action(first.action), "actions:progress-create", ""
        else:
            subject = of_actions(
                [row.action for row in rows],
                gettext("{number} actions you were asked about").format(number=len(rows)),
            )
            route, query = (
                "actions:action-list",
                f"?update_requested=yes&owner=me&plan={first.action.plan_id}",
            )
        yield Task(
            subject,
            UPDATE,
            request_reason(rows),
            route,
            urgency,
            first.due_on,
            query=query,
            dated=gettext("Update due"),
        )


def request_reason(rows: Iterable[UpdateRequest]) -> str:
    """Name who asked, and quote the question if it is the same for all; without a full stop."""
    questions = list(dict.fromkeys((str(row.requested_by), row.question) for row in rows))
    if len(questions) == 1:
        ((person, question),) = questions
        return gettext("{person} asks: “{longest_quote}”").format(
            person=person, longest_quote=Truncator(question).chars(LONGEST_QUOTE)
        )
    return gettext("Requested by {questions}").format(
        questions=" and ".join(dict.fromkeys((person for person, _ in questions)))
    )
