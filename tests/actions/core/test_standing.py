"""Where an action stands that its districts deliver: worked out from its parts, and nothing else."""

from datetime import date
from typing import Any

import pytest

from actions.core.services.consequences import rolled_up_fields
from actions.core.states import State
from actions.models import Action

S = State
EARLY, LATER, LATE = date(2020, 5, 1), date(2020, 6, 1), date(2020, 9, 30)


def part(state: str, **fields: Any) -> Action:
    """A part that was never saved: what follows from it needs no database."""
    if state in (S.COMPLETE, S.WITHDRAWN, S.SUPERSEDED):
        fields = {"closed_on": LATER} | fields
    return Action(state=state, **fields)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([S.DRAFT], S.AWAITING_ALLOCATION),
        ([S.AWAITING_ALLOCATION], S.AWAITING_ALLOCATION),
        ([S.DRAFT, S.AWAITING_ALLOCATION], S.AWAITING_ALLOCATION),
        ([S.NOT_STARTED], S.NOT_STARTED),
        ([S.AWAITING_ALLOCATION, S.NOT_STARTED], S.NOT_STARTED),
        ([S.IN_PROGRESS], S.IN_PROGRESS),
        ([S.NOT_STARTED, S.IN_PROGRESS], S.IN_PROGRESS),
        ([S.AWAITING_ALLOCATION, S.AWAITING_ASSURANCE], S.IN_PROGRESS),
        ([S.NOT_STARTED, S.COMPLETE], S.IN_PROGRESS),
        ([S.AWAITING_ALLOCATION, S.COMPLETE], S.IN_PROGRESS),
        ([S.IN_PROGRESS, S.AWAITING_ASSURANCE, S.COMPLETE], S.IN_PROGRESS),
        ([S.AWAITING_ASSURANCE], S.AWAITING_ASSURANCE),
        ([S.AWAITING_ASSURANCE, S.COMPLETE], S.AWAITING_ASSURANCE),
        ([S.COMPLETE], S.COMPLETE),
        ([S.COMPLETE, S.COMPLETE], S.COMPLETE),
        ([S.WITHDRAWN], S.WITHDRAWN),
        ([S.WITHDRAWN, S.NOT_STARTED], S.NOT_STARTED),
        ([S.WITHDRAWN, S.IN_PROGRESS, S.COMPLETE], S.IN_PROGRESS),
        ([S.WITHDRAWN, S.COMPLETE], S.COMPLETE),
        ([S.SUPERSEDED, S.AWAITING_ASSURANCE], S.AWAITING_ASSURANCE),
        ([S.WITHDRAWN, S.SUPERSEDED], S.WITHDRAWN),
    ],
)
def test_the_state_of_the_whole_follows_from_its_parts(states: list[str], expected: str) -> None:
    successor = Action(pk=7)
    for order in (states, states[::-1]):
        parts = [part(each, superseded_by=successor if each == S.SUPERSEDED else None) for each in order]
        assert rolled_up_fields(parts)["state"] == expected


def test_an_action_that_replaces_every_part_replaces_the_joint_action() -> None:
    one, other = Action(pk=7), Action(pk=8)
    fields = {"board_reference": "CSB 12/20"}
    same = rolled_up_fields([part(S.SUPERSEDED, superseded_by=one, **fields) for _ in range(2)])
    assert (same["state"], same["superseded_by"], same["board_reference"]) == (S.SUPERSEDED, one, "CSB 12/20")
    assert same["closed_on"] == LATER
    apart = rolled_up_fields([part(S.SUPERSEDED, superseded_by=each, **fields) for each in (one, other)])
    assert (apart["state"], apart["superseded_by"]) == (S.WITHDRAWN, None)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (["green", "amber", "red"], "red"),
        (["green", "amber"], "amber"),
        (["green", "green"], "green"),
        (["", "green"], "green"),
        (["", ""], ""),
    ],
)
def test_the_rating_of_the_whole_is_the_worst(ratings: list[str], expected: str) -> None:
    assert rolled_up_fields([part(S.IN_PROGRESS, rag=rag) for rag in ratings])["rag"] == expected


def test_only_work_under_way_is_rated_and_what_was_withdrawn_is_not() -> None:
    assert rolled_up_fields([part(S.IN_PROGRESS, rag="red"), part(S.COMPLETE)])["rag"] == "red"
    assert rolled_up_fields([part(S.AWAITING_ASSURANCE, rag="amber"), part(S.COMPLETE)])["rag"] == "amber"
    assert rolled_up_fields([part(S.NOT_STARTED), part(S.COMPLETE)])["rag"] == ""
    assert rolled_up_fields([part(S.IN_PROGRESS, rag="green"), part(S.WITHDRAWN)])["rag"] == "green"
    for state in (S.NOT_STARTED, S.AWAITING_ALLOCATION, S.COMPLETE, S.WITHDRAWN):
        assert rolled_up_fields([part(state)])["rag"] == ""


def test_the_percentage_is_the_mean_of_the_parts_that_count() -> None:
    assert rolled_up_fields([part(S.IN_PROGRESS, percent=50), part(S.COMPLETE, percent=100)])["percent"] == 75
    assert rolled_up_fields([part(S.IN_PROGRESS, percent=33), part(S.NOT_STARTED)])["percent"] == 16
    assert rolled_up_fields([part(S.IN_PROGRESS, percent=40), part(S.WITHDRAWN, percent=90)])["percent"] == 40
    assert rolled_up_fields([part(S.COMPLETE, percent=100)] * 3)["percent"] == 100
    assert rolled_up_fields([part(S.WITHDRAWN, percent=30), part(S.WITHDRAWN, percent=50)])["percent"] == 40


def test_it_starts_with_the_first_and_is_due_with_the_last() -> None:
    first = {"starts_on": EARLY, "allocated_on": EARLY, "due": LATER, "original_due": EARLY}
    second = {"starts_on": LATER, "allocated_on": LATER, "due": LATE, "original_due": LATE}
    gone = {"starts_on": date(2020, 1, 1), "due": date(2021, 3, 31), "original_due": date(2021, 3, 31)}
    fields = rolled_up_fields(
        [part(S.IN_PROGRESS, **second), part(S.NOT_STARTED, **first), part(S.WITHDRAWN, **gone)]
    )
    assert {name: fields[name] for name in first} == {
        "starts_on": EARLY,
        "allocated_on": EARLY,
        "due": LATE,
        "original_due": LATE,
    }


def test_it_never_starts_after_it_is_due() -> None:
    """A part without a due date yet may be meant to begin once the others are done."""
    fields = rolled_up_fields([part(S.AWAITING_ALLOCATION, starts_on=LATE), part(S.NOT_STARTED, due=LATER)])
    assert (fields["starts_on"], fields["due"]) == (None, LATER)
    assert rolled_up_fields([part(S.AWAITING_ALLOCATION, starts_on=LATE)])["starts_on"] == LATE


def test_it_is_heard_of_when_any_part_is() -> None:
    fields = rolled_up_fields([part(S.IN_PROGRESS, last_reported_on=LATER), part(S.NOT_STARTED)])
    assert fields["last_reported_on"] == LATER


def test_it_closes_on_the_day_of_its_last_part_and_opens_with_any() -> None:
    parts = [part(S.COMPLETE, closed_on=EARLY), part(S.WITHDRAWN, closed_on=LATE, board_reference="CSB 1")]
    fields = rolled_up_fields(parts)
    assert (fields["state"], fields["closed_on"], fields["board_reference"]) == (S.COMPLETE, LATE, "")
    again = rolled_up_fields([*parts, part(S.IN_PROGRESS)])
    assert (again["state"], again["closed_on"]) == (S.IN_PROGRESS, None)
