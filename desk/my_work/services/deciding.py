"""What others ask and the actor decides, judges or answers: the part of My work that nobody else can go on without."""

from datetime import date
from typing import Any

from desk.my_work.services import assurance, closing, letters, recommendations
from desk.my_work.services import dates as schedule
from desk.my_work.services import waits as dependencies
from desk.tasks.tasks import OnFinding, OnReport, Task
from partners.policies import rights_of

ROOMS = (assurance, closing, dependencies, letters, recommendations, schedule)
# The pages on which a request of somebody else is answered.
ROUTES = frozenset(
    {
        *("actions:assurance-give", "actions:action-retest", "actions:closure-decide"),
        *("actions:date-change-decide", "actions:dependency-answer"),
        *("inspections:letter-approve", "inspections:recommendation-judge"),
    }
)


def my_decisions(*, actor: Any, on: date) -> list[Task | OnFinding | OnReport]:
    """List what waits for the actor's decision, the earliest date first; what is another's to decide is left out."""
    rights = rights_of(actor, on)
    found: list[Task | OnFinding | OnReport] = []
    for room in ROOMS:
        found += room.tasks(actor=actor, rights=rights, on=on)
    return sorted((task for task in found if task.route in ROUTES), key=lambda task: task.order())
