"""An action that districts deliver follows its parts, and a board's decision on the whole is one on each of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.actions.services import allocate_action, create_action, edit_action
from actions.assurance.services import assure_action, reopen_action, submit_action
from actions.closing.services import decide_closure
from actions.core.states import State
from actions.dates.services import decide_date_change, request_date_change
from actions.districts.services import Part
from actions.evidence.services import add_evidence
from actions.milestones.services import add_milestone
from actions.models import Action, ClosureProposal
from actions.plans.services import create_plan, save_pillar
from actions.waits.services import request_dependency
from audit.models import Entry
from audit.services import verify
from tests.actions.districts.parts import LATER, complete, district, report
from tests.cast import AT, EARLIER, TODAY, Cast
from tests.factories import (
    ActionFactory,
    ClosureProposalFactory,
    close_action,
    district_parts,
    submit_progress,
)
from tests.meetings.factories import CITED, board_minute

DUE = date(2020, 10, 30)


def test_an_action_created_under_another_makes_that_a_parent(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, allocated=True)
    part = ActionFactory(cast=cast, unallocated=True, ref="WY20-01-LEE", parent=parent, area=cast.leeds)
    parent.refresh_from_db()
    assert (parent.by_districts, parent.state, parent.owner, parent.due) == (
        True,
        State.AWAITING_ALLOCATION,
        None,
        None,
    )
    assert part.parent == parent
    newest = Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("-sequence").first()
    assert newest is not None
    assert (newest.verb, newest.target_id) == ("action.derived", str(parent.pk))


@pytest.mark.parametrize(
    ("fields", "field"), [({"area": None}, "__all__"), ({"area": "leeds"}, "__all__"), ({}, "parent")]
)
def test_a_part_names_a_district_that_has_none(cast: Cast, fields: dict[str, Any], field: str) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    if "area" in fields:
        arguments = {"parent": parent, "area": cast.leeds if fields["area"] else None}
    else:
        foreign = create_action(
            actor=cast.leicestershire_manager,
            plan=cast.leicestershire_plan,
            ref="LE-1",
            title="Theirs",
            pillar=cast.leicestershire_plan.pillars.get(),
            at=AT,
        )
        arguments = {"parent": foreign}
    with pytest.raises(ValidationError) as refused:
        ActionFactory(cast=cast, unallocated=True, ref="WY20-90", **arguments)
    assert field in refused.value.message_dict


def test_a_parent_in_another_plan(cast: Cast) -> None:
    year = {"starts_on": date(2019, 4, 1), "ends_on": date(2020, 3, 31)}
    other = create_plan(actor=cast.manager, partnership=cast.yorkshire, title="Last year", at=EARLIER, **year)
    pillar = save_pillar(actor=cast.manager, pillar=type(cast.identify)(plan=other, name="All"), at=AT)
    parent = create_action(
        actor=cast.manager, plan=other, ref="WY19-01", title="Old", pillar=pillar, at=EARLIER
    )
    with pytest.raises(ValidationError) as refused:
        ActionFactory(cast=cast, unallocated=True, ref="WY20-90", parent=parent)
    assert refused.value.message_dict["parent"] == ["The parent belongs to another plan."]


def test_the_whole_has_no_district_of_its_own(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_action(
            actor=cast.manager, action=ActionFactory(cast=cast, by_districts=True), area=cast.leeds, at=AT
        )
    assert set(refused.value.message_dict) == {"area"}


def test_a_part_does_not_move_to_a_district_that_has_one(cast: Cast) -> None:
    bradford = ActionFactory(cast=cast, by_districts=True).children.get(area=cast.bradford)
    for area in (cast.leeds, None):
        with pytest.raises(ValidationError):
            edit_action(actor=cast.manager, action=bradford, area=area, at=AT)
    craven = district(cast, "Craven")
    edit_action(actor=cast.manager, action=bradford, area=craven, at=AT)
    assert Action.objects.get(pk=bradford.pk).area == craven


def test_the_parent_follows_every_step_of_its_parts(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    bradford, leeds = parent.children.order_by("ref")

    def parent_state() -> tuple[str, str, int]:
        parent.refresh_from_db()
        return parent.state, parent.rag, parent.percent

    assert parent_state() == (State.NOT_STARTED, "", 0)
    report(bradford, "green", 40)
    assert parent_state() == (State.IN_PROGRESS, "green", 20)
    report(leeds, "red", 20)
    assert parent_state() == (State.IN_PROGRESS, "red", 30)
    assert parent.last_reported_on == TODAY
    complete(cast, leeds)
    assert parent_state() == (State.IN_PROGRESS, "green", 70)
    complete(cast, bradford)
    assert parent_state() == (State.COMPLETE, "", 100)
    assert parent.closed_on == TODAY
    reopen_action(actor=cast.auditor, action=leeds, note="Lapsed.", at=AT)
    assert parent_state()[0] == State.IN_PROGRESS
    assert parent.closed_on is None
    close_action(cast, leeds)
    assert parent_state() == (State.COMPLETE, "", 100)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_step_that_changes_nothing_for_the_whole_is_not_recorded_on_it(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    edit_action(actor=cast.manager, action=parent.children.first(), title="Other words", at=AT)
    assert Action.objects.get(pk=parent.pk).version == parent.version


def test_a_part_that_moves_its_date_moves_the_whole(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    leeds = parent.children.get(area=cast.leeds)
    change = request_date_change(actor=cast.leeds_spoc, action=leeds, new_due=LATER, reason="Illness.", at=AT)
    decide_date_change(actor=cast.manager, date_change=change, approve=True, reason="Agreed.", at=AT)
    parent.refresh_from_db()
    assert (parent.due, parent.original_due) == (LATER, DUE)


STEPS: dict[str, Callable[[Cast, Action], Any]] = {
    "allocate": lambda cast, action: allocate_action(
        actor=cast.manager, action=action, lead=cast.police, owner=cast.manager, at=AT
    ),
    "report": lambda cast, action: submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Said.", rag="green", at=AT
    ),
    "submit": lambda cast, action: submit_action(
        actor=cast.bradford_spoc, action=action, note="Done.", at=AT
    ),
    "assure": lambda cast, action: assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT),
    "add evidence": lambda cast, action: add_evidence(
        actor=cast.bradford_spoc, action=action, title="Rota", url="https://example.org", at=AT
    ),
    "move the date": lambda cast, action: request_date_change(
        actor=cast.manager, action=action, new_due=LATER, reason="Illness.", at=AT
    ),
    "wait": lambda cast, action: request_dependency(
        actor=cast.manager, action=action, organisation=cast.wakefield_council, needed="Two.", at=AT
    ),
    "add a milestone": lambda cast, action: add_milestone(
        actor=cast.manager, action=action, title="Trainers", due=date(2020, 7, 31), at=AT
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_steps_that_belong_to_parts_are_refused_on_a_joint_action(cast: Cast, step: str) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    with pytest.raises(ValidationError) as refused:
        STEPS[step](cast, parent)
    assert refused.value.code == "state"
    assert refused.value.messages[0].startswith("This action is delivered by its districts.")


# Closing the whole ---------------------------------------------------------------------------------------------


def test_an_approval_on_the_whole_closes_every_open_part(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-09")
    bradford, leeds = parent.children.order_by("ref")
    own = ClosureProposalFactory(cast=cast, action=leeds)
    close_action(cast, parent, superseded_by=other)
    for row in (parent, bradford, leeds):
        row.refresh_from_db()
        assert (row.state, row.superseded_by, row.board_reference, row.closed_on) == (
            State.SUPERSEDED,
            other,
            CITED,
            TODAY,
        )
    own.refresh_from_db()
    assert own.state == "withdrawn"
    ours = Entry.objects.filter(ledger=cast.yorkshire.ledger, verb="action.superseded").order_by("sequence")
    assert [entry.target_id for entry in ours] == [str(row.pk) for row in (bradford, leeds, parent)]
    assert {entry.note for entry in ours} == {"Done nationally."}
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_part_that_is_complete_stays_so_and_the_whole_with_it(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    bradford, leeds = parent.children.order_by("ref")
    complete(cast, bradford)
    close_action(cast, parent)
    for row in (parent, bradford, leeds):
        row.refresh_from_db()
    assert [row.state for row in (parent, bradford, leeds)] == [
        State.COMPLETE,
        State.COMPLETE,
        State.WITHDRAWN,
    ]
    assert (parent.board_reference, leeds.board_reference) == ("", CITED)
    assert Entry.objects.filter(verb="action.parts_closed").count() == 1
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_the_owner_of_a_part_does_not_decide_on_the_joint_action(cast: Cast) -> None:
    parts = [Part(cast.bradford, lead=cast.police, owner=cast.gold, due=DUE), district_parts(cast)[1]]
    parent = ActionFactory(cast=cast, by_districts=True, parts=parts)
    proposal = ClosureProposalFactory(cast=cast, action=parent)
    with pytest.raises(PermissionDenied):
        decide_closure(
            actor=cast.gold,
            proposal=proposal,
            approve=True,
            reason="Agreed.",
            minute=board_minute(cast),
            at=AT,
        )


def test_a_part_does_not_take_the_place_of_the_whole_nor_the_whole_of_a_part(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    bradford, leeds = parent.children.order_by("ref")
    cases = (
        (parent, leeds, f"{leeds.ref} is a district action of this one, so it closes with it."),
        (leeds, parent, f"{parent.ref} is the joint action that this one belongs to."),
    )
    for action, by, words in cases:
        with pytest.raises(ValidationError) as refused:
            ClosureProposalFactory(cast=cast, action=action, superseded_by=by)
        assert refused.value.message_dict == {"superseded_by": [words]}
    assert close_action(cast, bradford, superseded_by=leeds).superseded_by == leeds


def test_the_last_part_that_closes_ends_what_is_asked_of_the_whole(cast: Cast) -> None:
    parent = ActionFactory(cast=cast, by_districts=True)
    ClosureProposalFactory(cast=cast, action=parent)
    for part in parent.children.all():
        close_action(cast, part)
    parent.refresh_from_db()
    assert (parent.state, parent.board_reference) == (State.WITHDRAWN, CITED)
    whole = ClosureProposal.objects.get(action=parent)
    assert (whole.state, whole.decision_reason) == ("withdrawn", "The action was closed.")
    with pytest.raises(ValidationError):
        decide_closure(actor=cast.gold, proposal=whole, approve=False, reason="No.", at=AT)


def test_a_part_with_many_siblings_costs_no_more_than_one_with_few(cast: Cast) -> None:
    """What follows from a part's step does not ask the database about each of its siblings."""

    def queries(parent: Action) -> int:
        part = parent.children.get(area=cast.leeds)
        with CaptureQueriesContext(connection) as captured:
            report(part)
        return len(captured)

    few = queries(ActionFactory(cast=cast, by_districts=True))
    more = [Part(district(cast, name)) for name in ("Calderdale", "Kirklees", "Wakefield")]
    parent = ActionFactory(cast=cast, by_districts=True, parts=[*district_parts(cast), *more], ref="WY20-02")
    assert queries(parent) == few
