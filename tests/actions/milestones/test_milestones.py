"""Milestones on the way to the due date: set, moved, reached, dropped, and what is refused."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.assurance.services import submit_action
from actions.milestones.services import add_milestone, change_milestone, drop_milestone, reach_milestone
from actions.milestones.views import milestones_of
from actions.models import Action, Milestone
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory

JULY = date(2020, 7, 31)


def add(cast: Cast, action: Action, **fields: Any) -> Milestone:
    facts = {"actor": cast.bradford_spoc, "title": "Name the trainers", "due": JULY, "at": AT} | fields
    return add_milestone(action=action, **facts)


def statuses(action: Action, on: date = TODAY) -> list[tuple[str, bool]]:
    return [(step.status, step.overdue) for step in milestones_of(action, on)]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_lead_and_the_manager_set_and_settle_milestones(cast: Cast, name: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    actor = cast.person(name)
    ours = [add(cast, action, title=title) for title in ("One", "Two", "Three")]
    acts = [
        lambda: add(cast, action, actor=actor, title="Four"),
        lambda: change_milestone(actor=actor, milestone=ours[0], title="Zero", at=AT),
        lambda: reach_milestone(actor=actor, milestone=ours[1], reached_on=TODAY, at=AT),
        lambda: drop_milestone(actor=actor, milestone=ours[2], reason="Not needed.", at=AT),
    ]
    for act in acts:
        if name in ("bradford_spoc", "manager"):
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"title": "  "}, "title", "blank"),
        ({"title": "x" * 201}, "title", "200"),
        ({"due": date(2020, 10, 1)}, "due", "The action is due on 30 September 2020"),
        ({"due": date(2020, 3, 31)}, "due", "The action starts on 1 April 2020"),
        ({"due": date(2020, 6, 18)}, "due", "18 June 2020 has passed"),
    ],
)
def test_a_milestone_that_cannot_be_is_refused_in_words(
    cast: Cast, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        add(cast, ActionFactory(cast=cast, in_progress=True), **fields)
    assert set(raised.value.message_dict) == {field}
    assert words in raised.value.message_dict[field][0]
    assert not Milestone.objects.exists()


@pytest.mark.parametrize("due", [TODAY, date(2020, 9, 30)])
def test_the_first_and_the_last_possible_day(cast: Cast, due: date) -> None:
    assert add(cast, ActionFactory(cast=cast, in_progress=True), due=due).original_due == due


def test_a_moved_milestone_keeps_its_original_date_and_says_why(cast: Cast) -> None:
    milestone = add(cast, ActionFactory(cast=cast, in_progress=True))
    arguments = {"actor": cast.bradford_spoc, "milestone": milestone, "at": AT}
    with pytest.raises(ValidationError) as raised:
        change_milestone(**arguments, due=date(2020, 8, 31))
    assert set(raised.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError) as raised:
        change_milestone(**arguments, due=date(2020, 10, 1), reason="Illness.")
    assert set(raised.value.message_dict) == {"due"}
    row = change_milestone(**arguments, due=date(2020, 8, 31), reason="Illness.")
    assert (row.original_due, row.due, row.note) == (JULY, date(2020, 8, 31), "Illness.")
    with pytest.raises(ValidationError, match="Nothing has changed"):
        change_milestone(**arguments, due=date(2020, 8, 31), reason="Illness.")


def test_an_overdue_milestone_can_be_worded_better_without_a_new_date(cast: Cast) -> None:
    milestone = add(cast, ActionFactory(cast=cast, in_progress=True))
    later = AT.replace(month=9)
    row = change_milestone(
        actor=cast.bradford_spoc, milestone=milestone, title="Name four trainers", due=JULY, at=later
    )
    assert (row.title, row.due) == ("Name four trainers", JULY)


@pytest.mark.parametrize(
    ("day", "words"), [(date(2020, 6, 20), "in the future"), (date(2020, 3, 31), "starts on 1 April 2020")]
)
def test_it_is_reached_on_a_day_that_was(cast: Cast, day: date, words: str) -> None:
    milestone = add(cast, ActionFactory(cast=cast, in_progress=True))
    with pytest.raises(ValidationError) as raised:
        reach_milestone(actor=cast.bradford_spoc, milestone=milestone, reached_on=day, at=AT)
    assert words in raised.value.message_dict["reached_on"][0]


def test_it_is_dropped_with_a_reason(cast: Cast) -> None:
    milestone = add(cast, ActionFactory(cast=cast, in_progress=True))
    with pytest.raises(ValidationError) as raised:
        drop_milestone(actor=cast.bradford_spoc, milestone=milestone, reason=" ", at=AT)
    assert set(raised.value.message_dict) == {"reason"}


@pytest.mark.parametrize("first", ["reach", "drop"])
def test_a_settled_milestone_stays_settled(cast: Cast, first: str) -> None:
    milestone = add(cast, ActionFactory(cast=cast, in_progress=True))
    arguments = {"actor": cast.bradford_spoc, "milestone": milestone, "at": AT}
    acts = {
        "reach": lambda: reach_milestone(**arguments, reached_on=TODAY),
        "drop": lambda: drop_milestone(**arguments, reason="Not needed."),
        "change": lambda: change_milestone(**arguments, title="Other"),
    }
    acts[first]()
    for act in acts.values():
        with pytest.raises(ValidationError, match=f"was {first}.*on 19 June 2020") as raised:
            act()
        assert raised.value.code == "state"


def test_out_of_state_it_is_refused_naming_the_state(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first, second = add(cast, action), add(cast, action, title="Train them")
    action.refresh_from_db()
    submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT)
    for act in (
        lambda: add(cast, action),
        lambda: change_milestone(actor=cast.bradford_spoc, milestone=first, title="Other", at=AT),
    ):
        with pytest.raises(ValidationError, match="is awaiting assurance") as raised:
            act()
        assert raised.value.code == "state"
    # What was reached or given up can still be said.
    reach_milestone(actor=cast.bradford_spoc, milestone=first, reached_on=TODAY, at=AT)
    drop_milestone(actor=cast.bradford_spoc, milestone=second, reason="Not needed.", at=AT)


def test_a_stale_form_conflicts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    add(cast, action)
    with pytest.raises(ValidationError) as raised:
        add(cast, action, version=action.version)
    assert raised.value.code == "conflict"


def test_the_status_of_a_milestone_is_shown_in_words(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    reached, dropped = add(cast, action), add(cast, action, title="Train them")
    add(cast, action, title="Report")
    assert statuses(action, JULY)[0] == ("Not reached yet", False)
    assert statuses(action, date(2020, 8, 1))[0] == ("Overdue by 1 day", True)
    reach_milestone(
        actor=cast.bradford_spoc, milestone=reached, reached_on=date(2020, 8, 2), at=AT.replace(month=8)
    )
    drop_milestone(actor=cast.bradford_spoc, milestone=dropped, reason="No.", at=AT.replace(month=8))
    assert statuses(action, date(2020, 8, 20)) == [
        ("Reached on 2 August 2020, 2 days late", False),
        ("Dropped on 19 August 2020", False),
        ("Overdue by 20 days", True),
    ]
