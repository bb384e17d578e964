"""Whatever happened in whatever order, the record read as at a past moment is what was read at that moment."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import Model
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from actions.lists.views.listing import list_actions
from actions.models import Action, Assurance, ClosureProposal, DateChange, Dependency, Plan, ProgressUpdate
from actions.slippage.queries import latest_changes, slippage_of, slipped_first
from actions.waits.queries import with_waits
from audit.past import reading_as_at
from audit.state import states_of
from meetings.models import Minute
from tests.actions.core.test_any_sequence import STEPS, Life
from tests.cast import Cast

MODELS: tuple[type[Model], ...] = (
    *(Action, Assurance, ClosureProposal, DateChange, Dependency, Minute, Plan, ProgressUpdate),
)
# The most moments of one walk: reading everything again takes the time of this test.
MOMENTS = 3
COLUMNS = ("ref", "state", "rag", "computed", "percent", "due", "owner__name", "lead__name")
QUERIES = ("sort=-due", "overdue=yes", "moved=yes", "rag_differs=any")


def whole_record(cast: Cast, on: date) -> dict[str, Any]:
    """Every row of the work and every list that is read from them."""
    record: dict[str, Any] = {
        model.__name__: states_of(list(model._base_manager.order_by("pk"))) for model in MODELS
    }
    for user in (cast.manager, cast.wakefield_contact):
        visible = Action.objects.visible_to(user, on)
        record |= {
            f"{user}: {query}": list(
                list_actions(user, QueryDict(query), on).rows.with_computed_rag(on).values_list(*COLUMNS)
            )
            for query in QUERIES
        }
        record[f"{user}: counts"] = list(
            visible.tally("plan", "pillar", "area", on=on).order_by("state", "rag")
        )
        slipped = list(slipped_first(rows=visible))
        record[f"{user}: slipped"] = [(row.ref, row.days_slipped) for row in slipped]
        record[f"{user}: reasons"] = {pk: row.reason for pk, row in latest_changes(actions=slipped).items()}
        tallies = slippage_of(rows=visible)
        record[f"{user}: slippage"] = sorted(tallies, key=lambda tally: str(sorted(tally.items(), key=str)))
        record[f"{user}: waiting"] = [
            (action.ref, [str(wait.organisation) for wait in action.waits])
            for action in with_waits(visible.order_by("ref"))
        ]
    return record


class History(Life):
    """A walk that keeps what was read whenever time passes, and reads all of it again at the end."""

    def __init__(self) -> None:
        self.moments: list[tuple[datetime, dict[str, Any]]] = []
        super().__init__()

    def five_actions(self) -> None:
        super().five_actions()
        # Later it would be recorded at a moment that was read before.
        assert self.minute

    def time_passes(self, days: int) -> None:
        if len(self.moments) < MOMENTS:
            self.moments.append((self.now, whole_record(self.cast, self.now.date())))
        super().time_passes(days)

    def teardown(self) -> None:
        try:
            for at, record in self.moments:
                with reading_as_at(at):
                    then = whole_record(self.cast, at.date())
                assert then.keys() == record.keys()
                for name, rows in record.items():
                    assert then[name] == rows, (at, name)
        finally:
            super().teardown()


@pytest.mark.django_db
def test_the_past_is_what_was_read_then(cast: Cast) -> None:
    assert "time_passes" in STEPS
    walk = type("Walk", (History,), {"cast": cast})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=2,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
