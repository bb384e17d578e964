"""What one request changes is one act in the ledger, and one event of the timeline for each action."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.bulk.services import change_many
from actions.dates.services import request_date_change
from actions.evidence.services import NewEvidence
from actions.history.services import timeline_of
from actions.models import Action
from audit.models import Entry
from audit.services import verify
from tests.actions.handover.handover import over
from tests.cast import AT, Cast
from tests.factories import ActionFactory, close_action, submit_progress
from tests.importing.plans.tables import import_plan, name_as_in_plans
from tests.meetings.factories import board_minute

UPDATE = {"narrative": "Four of five teams are briefed.", "rag": "green", "percent": 80}


def new_entries(act: Callable[[], Any]) -> list[Entry]:
    last = Entry.objects.order_by("pk").last()
    act()
    return list(Entry.objects.filter(pk__gt=last.pk if last else 0).order_by("pk"))


def verbs(entries: list[Entry]) -> list[str]:
    return [entry.verb for entry in entries]


def acts(entries: list[Entry]) -> int:
    return len({entry.act for entry in entries})


def test_an_update_with_evidence_is_one_act(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    entries = new_entries(
        lambda: submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            evidence=NewEvidence(title="Attendance", url="https://example.org/a"),
            at=AT,
            **UPDATE,
        )
    )
    assert verbs(entries) == ["progress.submitted", "evidence.added", "action.reported"]
    assert acts(entries) == 1
    (newest, *_) = timeline_of(action=action)
    assert (newest.title, newest.text) == ("Progress reported", UPDATE["narrative"])
    assert newest.lines[0] == "Evidence: Attendance"


def test_an_import_is_one_act(cast: Cast) -> None:
    name_as_in_plans(cast)
    entries = new_entries(lambda: import_plan(cast))
    assert verbs(entries).count("action.imported") == 3
    assert acts(entries) == 1


def test_a_bulk_change_is_one_act(cast: Cast) -> None:
    actions = [
        ActionFactory(cast=cast, allocated=True, ref="WY20-01"),
        ActionFactory(cast=cast, allocated=True, ref="WY20-02"),
    ]
    entries = new_entries(
        lambda: change_many(
            actor=cast.manager,
            name="owner",
            partnership=cast.yorkshire,
            versions={action.pk: action.version for action in actions},
            reason="Moves to Leeds.",
            owner=cast.leeds_spoc,
            at=AT,
        )
    )
    assert len({entry.target_id for entry in entries}) == 2
    assert acts(entries) == 1


@pytest.fixture
def action_with_request(cast: Cast) -> Action:
    """An action with an open request for a new due date."""
    action = ActionFactory(cast=cast, in_progress=True)
    request_date_change(
        actor=cast.bradford_spoc, action=action, new_due=date(2020, 11, 30), reason="Sickness.", at=AT
    )
    return action


def test_a_closure_and_the_requests_that_end_with_it_are_one_act(
    cast: Cast, action_with_request: Action
) -> None:
    board_minute(cast)
    entries = new_entries(lambda: close_action(cast, action_with_request))
    proposal, decision = entries[:2], entries[2:]
    assert acts(proposal) == acts(decision) == 1
    assert acts(entries) == 2
    assert "request.lapsed" in verbs(decision)


def test_two_requests_are_two_acts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    entries = new_entries(
        lambda: [submit_progress(actor=cast.bradford_spoc, action=action, at=AT, **UPDATE) for _ in range(2)]
    )
    assert verbs(entries) == ["progress.submitted", "action.reported"] * 2
    assert acts(entries) == 2
    assert entries[0].act == entries[1].act
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_a_request_that_ends_with_a_closure_is_an_event_after_it(
    cast: Cast, action_with_request: Action
) -> None:
    close_action(cast, action_with_request)
    newest, closure, *_ = timeline_of(action=action_with_request)
    assert newest.text == "The action was closed."
    assert (closure.title, closure.text) == ("Withdrawn by a board's decision", "Done nationally.")


def test_several_actions_handed_over_at_once_each_say_what_else_moved(
    cast: Cast, action_with_request: Action
) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    request_date_change(
        actor=cast.bradford_spoc, action=other, new_due=date(2020, 12, 1), reason="Sickness.", at=AT
    )
    assert acts(new_entries(lambda: over(cast))) == 1
    for action in (action_with_request, other):
        newest, request, *_ = timeline_of(action=action)
        assert newest.title == "Handed over"
        assert "Open request handed over to Leeds spoc" in newest.lines
        assert request.title == "New due date requested"
