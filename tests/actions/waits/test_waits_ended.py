"""How a wait on a partner ends, what it leaves to settle, and what holds as long as it lasts."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action, edit_action
from actions.assurance.services import assure_action, submit_action
from actions.models import Action, Dependency
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
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import submit_progress
from tests.importing.plans.tables import import_plan, name_as_in_plans, with_cell, workbook

# Ending -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("met", [True, False])
def test_the_lead_and_the_manager_close_a_wait(cast: Cast, person: str, met: bool) -> None:
    row = waits(cast, supported(cast))
    if person in {"bradford_spoc", "manager"}:
        row = ended(cast, row, actor=cast.person(person), met=met, ending="By post.")
        assert (row.state, row.ended_by) == ("met" if met else "ended", cast.person(person))
        assert (row.ended_on, row.ending) == (TODAY, "By post.")
    else:
        with pytest.raises(PermissionDenied):
            ended(cast, row, actor=cast.person(person), met=met, ending="By post.")


def test_no_longer_needed_needs_a_reason_and_received_does_not(cast: Cast) -> None:
    row = waits(cast, supported(cast))
    with pytest.raises(ValidationError) as refused:
        ended(cast, row, met=False, ending=" ")
    assert set(refusal(refused)) == {"ending"}
    assert ended(cast, row).state == "met"


@pytest.mark.parametrize("state", ["met", "ended"])
def test_it_ends_once(cast: Cast, state: str) -> None:
    row = in_dependency_state(cast, state)
    with pytest.raises(ValidationError) as refused:
        ended(cast, row, at=LATER)
    assert refused.value.code == "conflict"
    assert "Bradford spoc closed this request on 19 June 2020" in refused.value.messages[0]


def test_a_declined_wait_is_settled_and_stays_declined(cast: Cast) -> None:
    row = declined(cast, waits(cast, supported(cast)))
    settled = datetime(2020, 6, 25, 9, tzinfo=LONDON)
    row = fresh(ended(cast, row, met=False, ending="The schools themselves sent it.", at=settled))
    assert (row.state, row.ended_by, row.ended_on) == ("declined", cast.bradford_spoc, date(2020, 6, 25))
    assert row.days_waiting(date(2020, 12, 31)) == 18
    with pytest.raises(ValidationError) as refused:
        ended(cast, row, met=False, ending="Again.", at=settled)
    assert refused.value.code == "conflict"


def test_a_declined_wait_may_still_be_received(cast: Cast) -> None:
    row = declined(cast, waits(cast, supported(cast)))
    row = ended(cast, row, at=datetime(2020, 6, 25, 9, tzinfo=LONDON))
    assert (row.state, row.days_waiting(date(2020, 12, 31))) == ("met", 24)


def test_the_action_waits_since_the_first_of_what_is_open(cast: Cast) -> None:
    action = supported(cast)
    second = waits(cast, action, organisation=cast.leeds_district, since=date(2020, 6, 10))
    assert fresh(action).waiting_since == date(2020, 6, 10)
    first = waits(cast, action)
    assert fresh(action).waiting_since == JUNE
    ended(cast, first)
    assert fresh(action).waiting_since == date(2020, 6, 10)
    ended(cast, second, met=False, ending="Done without.")
    assert fresh(action).waiting_since is None


def test_assurance_ends_what_was_waited_for(cast: Cast) -> None:
    action = supported(cast)
    row = waits(cast, action)
    submit_action(actor=cast.bradford_spoc, action=action, note="Done without the list.", at=AT)
    assert fresh(action).waiting_since == JUNE
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    assert (fresh(action).waiting_since, fresh(row).state) == (None, "ended")
    with pytest.raises(ValidationError) as refused:
        answered(cast, row)
    assert refused.value.code == "conflict"
    assert "Auditor closed this request on 19 June 2020" in refused.value.messages[0]


# The partner stays --------------------------------------------------------------------------------------------


def test_a_partner_that_is_waited_on_keeps_supporting_the_action(cast: Cast) -> None:
    action = supported(cast)
    row = waits(cast, action)
    with pytest.raises(ValidationError) as refused:
        edit_action(actor=cast.manager, action=action, supporting=[cast.leeds_district], at=AT)
    assert set(refusal(refused)) == {"supporting"}
    assert "Wakefield Council since 1 June 2020" in refusal(refused)["supporting"][0]
    edit_action(actor=cast.manager, action=action, supporting=[cast.wakefield_council], at=AT)
    ended(cast, row)
    edit_action(actor=cast.manager, action=action, supporting=[], at=AT)
    assert not action.supporting.exists()


def test_a_partner_that_is_waited_on_does_not_come_to_lead(cast: Cast) -> None:
    action = supported(cast)
    row = waits(cast, action)
    arguments: dict[str, Any] = {
        "actor": cast.manager,
        "action": action,
        "lead": cast.wakefield_council,
        "at": AT,
    }
    with pytest.raises(ValidationError) as refused:
        allocate_action(owner=cast.wakefield_contact, **arguments)
    assert set(refusal(refused)) == {"lead"}
    with pytest.raises(ValidationError) as refused:
        edit_action(supporting=[], **arguments)
    assert set(refusal(refused)) == {"lead"}
    ended(cast, row)
    assert allocate_action(owner=cast.wakefield_contact, **arguments).lead == cast.wakefield_council


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [(4, "OPCC", "Supporting organisations"), (3, "Wakefield Council", "Lead organisation")],
)
def test_an_import_leaves_a_partner_that_is_waited_on(
    cast: Cast, column: int, value: str, label: str
) -> None:
    name_as_in_plans(cast)
    import_plan(cast)
    action = Action.objects.get(ref="1.1")
    waits(cast, action, since=None)
    outcome = import_plan(cast, workbook(with_cell(6, column, value)), at=LATER)
    skipped = {item.label: item.reason for item in outcome.rows[0].skipped}
    assert skipped[label].startswith("The action is waiting on Wakefield Council")
    assert fresh(action).lead == cast.bradford_district
    assert cast.wakefield_council in action.supporting.all()


# A decline waits for another way --------------------------------------------------------------------------------


def unsettled() -> list[Dependency]:
    return list(Dependency.objects.unsettled())


def test_a_decline_is_settled_by_a_report_of_those_who_lead(cast: Cast) -> None:
    action = supported(cast)
    row = declined(cast, waits(cast, action))
    report = {"action": action, "narrative": "We ask the schools.", "rag": "green", "percent": 50}
    assert unsettled() == [row]
    submit_progress(actor=cast.wakefield_contact, at=LATER, **report)
    assert unsettled() == [row], "the partner's own report settles nothing"
    submit_progress(actor=cast.bradford_spoc, at=LATER, **report)
    assert unsettled() == []


def test_a_decline_is_settled_by_naming_another_or_by_saying_how(cast: Cast) -> None:
    first, second = supported(cast), supported(cast, "WY20-02")
    declined(cast, waits(cast, first))
    other = declined(cast, waits(cast, second))
    assert len(unsettled()) == 2
    waits(cast, first, organisation=cast.leeds_district, at=LATER)
    assert unsettled() == [other]
    ended(cast, other, met=False, ending="We do without.", at=LATER)
    assert unsettled() == []


def test_a_closed_action_leaves_nothing_to_settle(cast: Cast) -> None:
    action = supported(cast)
    declined(cast, waits(cast, action))
    submit_action(actor=cast.bradford_spoc, action=action, note="Done without.", at=AT)
    assert len(unsettled()) == 1
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    assert unsettled() == []


# Seeing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_a_wait_is_visible_with_its_action(cast: Cast, person: str) -> None:
    open_one = supported(cast, supporting=[cast.wakefield_council])
    hidden = supported(cast, "WY20-02", supporting=[cast.wakefield_council], **SENSITIVE)
    rows = [waits(cast, open_one), waits(cast, hidden)]
    visible = set(Dependency.objects.visible_to(cast.person(person), TODAY))
    everything = {"bradford_spoc", "manager", "gold", "auditor", "wakefield_contact"}
    assert visible == set(rows if person in everything else rows[:1] if person == "leeds_spoc" else [])
