"""What an action waits for from a partner: who names it, who answers, and the clock it keeps."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action
from actions.assurance.services import assure_action
from actions.core.states import State
from actions.models import Action, Dependency
from actions.waits.states import DependencyState
from audit.models import Entry
from tests.actions.waits.waiting import (
    JUNE,
    LATER,
    SENSITIVE,
    answered,
    declined,
    ended,
    fresh,
    in_dependency_state,
    refusal,
    supported,
    waits,
)
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory

# Naming it ----------------------------------------------------------------------------------------------------


def test_a_wait_is_on_the_action_and_in_the_ledger(cast: Cast) -> None:
    action = supported(cast)
    row = waits(cast, action, needed="  The list of schools ", needed_by=date(2020, 6, 30))
    assert (row.state, row.needed, row.since) == (DependencyState.REQUESTED, "The list of schools", JUNE)
    assert (row.raised_by, row.raised_at, row.answered_at, row.ended_on) == (
        cast.bradford_spoc,
        AT,
        None,
        None,
    )
    after = fresh(action)
    assert (after.waiting_since, after.version) == (JUNE, action.version + 1)
    own, child = Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("-sequence")[:2]
    assert [child.verb, own.verb] == ["dependency.raised", "action.dependency_raised"]
    assert (child.target_type, own.target_type) == ("actions.dependency", "actions.action")
    assert own.changes["waiting_since"] == [None, "2020-06-01"]


def test_a_wait_without_a_day_starts_today(cast: Cast) -> None:
    row = waits(cast, supported(cast), since=None)
    assert row.since == TODAY
    assert row.days_waiting(TODAY) == 0
    assert row.days_waiting(date(2020, 7, 1)) == 12


@pytest.mark.parametrize("person", PEOPLE)
def test_roles_that_record_a_wait(cast: Cast, person: str) -> None:
    action = supported(cast)
    if person in {"bradford_spoc", "manager"}:
        assert waits(cast, action, actor=cast.person(person)).raised_by == cast.person(person)
    else:
        with pytest.raises(PermissionDenied):
            waits(cast, action, actor=cast.person(person))
        assert fresh(action).waiting_since is None


def test_the_alternate_names_it_too(cast: Cast) -> None:
    action = supported(cast)
    allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        alternate=cast.leeds_spoc,
        at=AT,
    )
    assert waits(cast, action, actor=cast.leeds_spoc).is_open


@pytest.mark.parametrize("state", State.values)
def test_only_an_action_under_way_waits(cast: Cast, state: str) -> None:
    action = IN_STATE[state](cast)
    if state in {State.NOT_STARTED, State.IN_PROGRESS, State.AWAITING_ASSURANCE}:
        assert waits(cast, action, actor=cast.manager).is_open
        return
    with pytest.raises(ValidationError) as refused:
        waits(cast, action, actor=cast.manager)
    assert refused.value.code == "state"
    assert State(state).label.lower() in refused.value.messages[0]


def in_state(cast: Cast, state: str) -> Action:
    """A board's decision has a test of its own; here only the state counts."""
    action = supported(cast)
    successor = (
        ActionFactory(cast=cast, unallocated=True, ref="WY20-02") if state == State.SUPERSEDED else None
    )
    Action.objects.filter(pk=action.pk).update(
        state=state, rag="", closed_on=TODAY, board_reference="Gold 1", superseded_by=successor
    )
    return fresh(action)  # type: ignore[no-any-return]


def complete(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council])
    return assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT).action


IN_STATE: dict[str, Any] = {
    State.DRAFT: lambda cast: ActionFactory(
        cast=cast, unallocated=True, draft=True, supporting=[cast.wakefield_council]
    ),
    State.AWAITING_ALLOCATION: lambda cast: ActionFactory(
        cast=cast, unallocated=True, supporting=[cast.wakefield_council]
    ),
    State.NOT_STARTED: lambda cast: ActionFactory(
        cast=cast, allocated=True, supporting=[cast.wakefield_council]
    ),
    State.IN_PROGRESS: supported,
    State.AWAITING_ASSURANCE: lambda cast: ActionFactory(
        cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council]
    ),
    State.COMPLETE: complete,
    State.WITHDRAWN: lambda cast: in_state(cast, State.WITHDRAWN),
    State.SUPERSEDED: lambda cast: in_state(cast, State.SUPERSEDED),
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"needed": "  "}, "needed"),
        ({"needed": "x" * 1001}, "needed"),
        ({"since": date(2020, 6, 20)}, "since"),
        ({"since": date(2020, 3, 31)}, "since"),
        ({"needed_by": date(2020, 5, 31)}, "needed_by"),
        ({"organisation": "bradford_district"}, "organisation"),
        ({"organisation": "city_council"}, "organisation"),
        ({"organisation": "opcc"}, "organisation"),
    ],
)
def test_each_impossible_value_is_an_error_of_its_field(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    action = supported(cast)
    if "organisation" in changes:
        changes = {"organisation": getattr(cast, changes["organisation"])}
    with pytest.raises(ValidationError) as refused:
        waits(cast, action, **changes)
    assert set(refusal(refused)) == {field}
    assert fresh(action).version == action.version
    assert not Dependency.objects.exists()


def test_a_start_before_the_allocation_is_refused_and_the_same_day_accepted(cast: Cast) -> None:
    action = supported(cast)
    with pytest.raises(ValidationError) as refused:
        waits(cast, action, since=date(2020, 3, 31))
    assert "allocated on 1 April 2020" in refusal(refused)["since"][0]
    assert waits(cast, action, since=date(2020, 4, 1), needed_by=date(2020, 4, 1)).is_open


def test_a_partner_is_waited_on_once_at_a_time(cast: Cast) -> None:
    action = supported(cast)
    first = waits(cast, action)
    with pytest.raises(ValidationError) as refused:
        waits(cast, action, needed="Another list")
    assert "already waiting on Wakefield Council, since 1 June 2020" in refusal(refused)["organisation"][0]
    assert waits(cast, action, organisation=cast.leeds_district).is_open
    ended(cast, first)
    assert waits(cast, action, needed="Another list", since=None).is_open


def test_the_manager_adds_a_partner_and_others_are_referred_to_the_manager(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, **SENSITIVE)
    with pytest.raises(ValidationError) as refused:
        waits(cast, action)
    assert "Ask the programme manager" in refusal(refused)["organisation"][0]
    visible = Action.objects.visible_to(cast.wakefield_contact, TODAY)
    assert not visible.filter(pk=action.pk).exists()
    waits(cast, action, actor=cast.manager)
    assert visible.filter(pk=action.pk).exists()
    own = Entry.objects.filter(target_type="actions.action", target_id=str(action.pk)).latest("sequence")
    assert own.verb == "action.dependency_raised"
    assert own.changes["supporting"] == [[], [cast.wakefield_council.pk]]


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    action = supported(cast)
    with pytest.raises(ValidationError) as refused:
        waits(cast, action, version=action.version - 1)
    assert refused.value.code == "conflict"


# Answering ----------------------------------------------------------------------------------------------------


def test_an_acknowledgement_keeps_the_clock_running(cast: Cast) -> None:
    action = supported(cast)
    row = answered(cast, waits(cast, action), answer="From the registry.", expected_on=date(2020, 7, 3))
    row = fresh(row)
    assert (row.state, row.answered_by, row.answered_at) == ("acknowledged", cast.wakefield_contact, AT)
    assert (row.answer, row.expected_on, row.ended_on) == ("From the registry.", date(2020, 7, 3), None)
    assert fresh(action).waiting_since == JUNE
    assert row.days_waiting(TODAY) == 18


def test_a_decline_stops_the_clock_and_gives_its_reason(cast: Cast) -> None:
    action = supported(cast)
    row = fresh(declined(cast, waits(cast, action)))
    assert (row.state, row.answer, row.ended_on, row.ended_by) == (
        "declined",
        "We hold no such list.",
        TODAY,
        None,
    )
    assert fresh(action).waiting_since is None
    assert row.days_waiting(date(2020, 12, 31)) == 18


@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_organisation_waited_on_answers(cast: Cast, person: str) -> None:
    row = waits(cast, supported(cast))
    for accept in (True, False):
        if person == "wakefield_contact":
            assert answered(cast, row, accept=accept, answer="Said.").answered_by == cast.wakefield_contact
        else:
            with pytest.raises(PermissionDenied):
                answered(cast, row, actor=cast.person(person), accept=accept, answer="Said.")
    assert fresh(row).state == ("declined" if person == "wakefield_contact" else "requested")


def test_a_district_and_the_force_answer_for_themselves(cast: Cast) -> None:
    """A SPOC for the district; for the force, those who run its plan or sit on its board."""
    row = waits(cast, supported(cast), organisation=cast.leeds_district)
    assert answered(cast, row, actor=cast.leeds_spoc).state == "acknowledged"
    row = waits(cast, supported(cast, "WY20-02"), actor=cast.manager, organisation=cast.police)
    assert answered(cast, row, actor=cast.gold).state == "acknowledged"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"accept": False, "answer": " "}, "answer"),
        ({"accept": False, "answer": "No.", "expected_on": date(2020, 7, 1)}, "expected_on"),
        ({"expected_on": date(2020, 6, 18)}, "expected_on"),
        ({"answer": "x" * 1001}, "answer"),
    ],
)
def test_an_answer_must_make_sense(cast: Cast, changes: dict[str, Any], field: str) -> None:
    row = waits(cast, supported(cast))
    with pytest.raises(ValidationError) as refused:
        answered(cast, row, **changes)
    assert set(refusal(refused)) == {field}
    assert fresh(row).state == "requested"


def test_it_may_be_expected_today(cast: Cast) -> None:
    assert answered(cast, waits(cast, supported(cast)), expected_on=TODAY).expected_on == TODAY


@pytest.mark.parametrize("state", DependencyState.values)
@pytest.mark.parametrize("accept", [True, False])
def test_waits_that_can_be_answered(cast: Cast, state: str, accept: bool) -> None:
    """Once, save that what was acknowledged may still be declined."""
    row = in_dependency_state(cast, state)
    if state == "requested" or (state == "acknowledged" and not accept):
        assert answered(cast, row, accept=accept, answer="Said.").state == (
            "acknowledged" if accept else "declined"
        )
        return
    with pytest.raises(ValidationError) as refused:
        answered(cast, row, accept=accept, answer="Said.", at=LATER)
    assert refused.value.code == "conflict"
    who = "Bradford spoc" if state in {"met", "ended"} else "Wakefield contact"
    assert who in refused.value.messages[0]
    assert "19 June 2020" in refused.value.messages[0]
    assert fresh(row).state == state


def test_a_decline_forgets_the_day_it_was_expected(cast: Cast) -> None:
    row = answered(cast, waits(cast, supported(cast)), expected_on=date(2020, 7, 1))
    assert declined(cast, row).expected_on is None
